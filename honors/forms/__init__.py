"""Forms of the honours room.

``wall``         filters of the hall, an honoree
``nominations``  a nominee's facts, deeds and papers; a proposal
"""

from honors.forms.nominations import (
    BasicsForm,
    DeedsForm,
    DocumentForm,
    ProposeForm,
    UnitNoticeForm,
)
from honors.forms.wall import (
    HallFilterForm,
    HonoreeForm,
)

__all__ = [
    "BasicsForm",
    "DeedsForm",
    "DocumentForm",
    "HallFilterForm",
    "HonoreeForm",
    "ProposeForm",
    "UnitNoticeForm",
]
