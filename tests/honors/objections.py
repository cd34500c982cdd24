"""Objections, for tests."""

import uuid

from honors.enums import ObjectionKind, ObjectionSource
from honors.services import objections
from tests.honors.nominations import LONG_AGO


def object_to(notice, by, **fields):
    """A letter from the first day of a notice that was over long ago, entered ``by``."""
    fields.setdefault("source", ObjectionSource.LETTER)
    if fields["source"] == ObjectionSource.LETTER:
        fields.setdefault("postmarked_on", LONG_AGO)
    said = {"name": "示例反映人", "phone": "13700001234", "text": "示例事实。"}
    return objections.object_to(
        notice=notice,
        sent_as=uuid.uuid4(),
        by=by,
        **{"kind": ObjectionKind.PERSON} | said | fields,
    )
