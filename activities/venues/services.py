"""Verbs of the venues room.

Lock order: rooms are locked last, by their ids, so that of two that want one room at
one time exactly one gets it, with a sentence for the other; the table's exclusion
constraint says the same if ever this lock is forgotten.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from activities.venues.models import Room, RoomUse, Venue
from common import dates, history, pagecache
from common.errors import Reason, Refusal
from common.services import refusing
from members.models import User
from signups.models import Occasion


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_venue(*, venue: Venue, by: User | None) -> Venue:
    """Store a venue as filled in; pages show it at once."""
    venue.save()
    return venue


@transaction.atomic
def room_named(*, venue: Venue, name: str) -> Room | None:
    """The room of this name, which is made if the venue has none; None without a name:
    what takes place in no room of its own clashes with nobody. Blanks make no other
    room: 302 教室 is 302教室."""
    name = "".join(name.split())
    if not name:
        return None
    return Room.objects.get_or_create(venue=venue, name=name)[0]


@transaction.atomic
def hold_room(*, room: Room | None, occasions: Iterable[Occasion], title: str) -> None:
    """Let these occasions, at their times of now, have ``room`` and no other; what they
    had before is free again. ``title`` is what the next who wants the room reads.

    Raises Refusal with a sentence for each stretch in which the room is taken.
    """
    occasions = list(occasions)
    RoomUse.objects.filter(occasion__in=occasions).delete()
    if room is None:
        return
    rooms = _locked(room)
    times = [(occasion.starts_at, occasion.ends_at) for occasion in occasions]
    _check_free(room, rooms, times)
    rows = [
        RoomUse(
            room=each,
            during=DateTimeTZRange(occasion.starts_at, occasion.ends_at),
            occasion=occasion,
            title=title[:100],
        )
        for occasion in occasions
        for each in rooms
    ]
    text = _("该房间在这段时间已有安排。")
    taken = Reason("room_taken", text, field="room")
    with refusing({"activities_venues_roomuse_once": taken}):
        RoomUse.objects.bulk_create(rows)


@transaction.atomic
def release_rooms(*, occasions: Iterable[Occasion]) -> None:
    """These occasions need no room any more."""
    RoomUse.objects.filter(occasion__in=occasions).delete()


def _locked(room: Room) -> list[Room]:
    """The room and its parts, held until the caller's transaction ends."""
    ids = [room.pk, *room.parts.values_list("pk", flat=True)]
    # no_key: rows that merely point at a room need not wait
    return list(
        Room.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    )


def _check_free(room, rooms, times):
    taken = RoomUse.objects.filter(room__in=rooms).during_any(times)
    # a whole room has a row for each part: one sentence is enough
    found = {(use.during.lower, use.title): use for use in taken}
    grounds = [
        Reason(
            "room_taken",
            _("%(at)s %(room)s已有“%(name)s”。")
            % {"at": dates.moment(use.during.lower), "room": room, "name": use.title},
            field="room",
        )
        for use in found.values()
    ]
    if grounds:
        raise Refusal(*grounds)
