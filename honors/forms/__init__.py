"""Forms of the honours room.

``wall``         filters of the hall, an honoree
``juries``       a juror's scores, a recusal
``objections``   an objection to a public notice, and asking how far it is
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
from honors.forms.objections import LetterForm, ObjectionForm, ReceiptForm
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
    "LetterForm",
    "ObjectionForm",
    "ProposeForm",
    "RecusalForm",
    "ReceiptForm",
    "UnitNoticeForm",
]
