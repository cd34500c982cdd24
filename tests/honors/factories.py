"""Rows of the honours room, made through its verbs. Names are obviously invented."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from honors import services
from honors.enums import ProgramKind
from honors.models import AwardEdition, AwardProgram, Honoree

_number = count(1)


def make_program(**fields) -> AwardProgram:
    fields.setdefault("name", f"示例称号{next(_number)}")
    fields.setdefault("kind", ProgramKind.CRAFTSMAN)
    return services.save_award(award=AwardProgram(**fields), by=None)


def make_edition(**fields) -> AwardEdition:
    """Conferred, and dated yesterday unless said; ``is_conferred`` False: not yet."""
    is_conferred = fields.pop("is_conferred", True)
    yesterday = timezone.localdate() - timedelta(days=1)
    fields.setdefault("conferred_on", yesterday)
    fields.setdefault("year", (fields["conferred_on"] or yesterday).year)
    fields.setdefault("title", f"示例届次{next(_number)}")
    if "program" not in fields:
        fields["program"] = make_program()
    edition = services.save_award(award=AwardEdition(**fields), by=None)
    if is_conferred:
        edition = services.confer_edition(edition=edition, by=None)
    return edition


def make_honoree(**fields) -> Honoree:
    fields.setdefault("name", f"示例人物{next(_number)}")
    fields.setdefault("employer", "示例钢铁公司")
    if "edition" not in fields:
        fields["edition"] = make_edition()
    return services.confer(by=None, **fields)
