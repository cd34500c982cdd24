"""Pages of the honours room.

``wall``  the hall, a person, an edition
"""

from honors.views.wall import (
    EditionDetailView,
    HonoreeDetailView,
    HonoreeListView,
    PortraitView,
)

__all__ = [
    "EditionDetailView",
    "HonoreeDetailView",
    "HonoreeListView",
    "PortraitView",
]
