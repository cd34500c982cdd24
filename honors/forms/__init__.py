"""Forms of the honours room.

``wall``  filters of the hall, an honoree
"""

from honors.forms.wall import (
    HallFilterForm,
    HonoreeForm,
)

__all__ = [
    "HallFilterForm",
    "HonoreeForm",
]
