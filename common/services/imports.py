"""The life of a list that is brought in, the same in every room: its file is kept sealed
for a day, checked in the background, and applied in the background when somebody says so.

The row has ``content``, ``job`` (a ``BackgroundTask``), ``said`` and ``is_underway``, its
queryset ``pending()``: those that can still be brought in.

Lock: the row, before anything else is written.
"""

import base64
from collections.abc import Callable

from django.utils.translation import gettext as _

from common import crypto
from common.errors import Busy, Reason, Refusal


def sealed(content: bytes) -> str:
    """A file as its row keeps it."""
    return crypto.seal(base64.b64encode(content).decode())


def content_of(row) -> bytes:
    """The file. Refusal: ``import_gone``, applied or past its day."""
    if not row.content:
        raise _gone()
    return base64.b64decode(crypto.unseal(row.content))


def locked(row):
    """The row, alone to the end of the transaction. Refusal: ``import_gone``."""
    rows = type(row).objects.pending().select_for_update()
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise _gone()
    return found


def start(row, task, *arguments):
    """Ask for ``task(key, *arguments)``; nothing where one is under way. The row.
    Refusal: ``import_gone``."""
    row = locked(row)
    if not row.is_underway:
        row.job_id, row.said = task.enqueue(row.pk, *arguments).id, ""
        row.save(update_fields=["job", "said", "updated_at"])
    return row


def run(rows, key: int, act: Callable) -> None:
    """What such a task does: ``act(row)``, whose words, or those of its Refusal, the row
    then says; nothing for a row that is applied or gone, as after a run that was killed
    behind its commit. Busy is raised: it is tried again."""
    row = rows.pending().filter(pk=key).first()
    if row is None:
        return
    try:
        said = act(row) or ""
    except Busy:
        raise
    except Refusal as refusal:
        said = str(refusal)
    rows.filter(pk=key).update(said=said)


def _gone() -> Refusal:
    text = _("这份名单已经导入或已过期，请重新上传。")
    return Refusal(Reason("import_gone", text))
