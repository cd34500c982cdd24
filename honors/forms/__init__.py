"""Forms of the honours room.

``wall``         filters of the hall, an honoree
``juries``       a juror's scores, a recusal
``nominations``  a nominee's facts, deeds and papers; a proposal
"""

from honors.forms.juries import BallotForm, RecusalForm
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
    "BallotForm",
    "BasicsForm",
    "DeedsForm",
    "DocumentForm",
    "HallFilterForm",
    "HonoreeForm",
    "ProposeForm",
    "RecusalForm",
    "UnitNoticeForm",
]
