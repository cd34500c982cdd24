"""An honoree as the shared person card prints it (``includes/_person_card.html``)."""

from datetime import datetime, time, timedelta

from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _

from common import dates
from honors.enums import Industry, Level, ProgramKind

DRAWN_WIDTH, DRAWN_HEIGHT = 300, 400
# The ground behind a drawing, so that a wall of one award is not one stamp.
GROUNDS = {
    Industry.STEEL: "red",
    Industry.MINING: "sand",
    Industry.MACHINERY: "blue",
    Industry.BUILDING: "gold",
    Industry.TRANSPORT: "blue",
    Industry.HEALTH: "green",
    Industry.EDUCATION: "gold",
    Industry.PUBLIC: "red",
    Industry.CULTURE: "sand",
    Industry.FARMING: "green",
    Industry.OTHER: "sand",
}


def person_card(honoree) -> dict:
    """Needs ``for_cards()``: no query of its own."""
    program = honoree.edition.program
    parts = (honoree.position, honoree.employer)
    return {
        "url": honoree.get_absolute_url(),
        "name": honoree.name,
        "level": program.get_level_display(),
        "level_code": level_code(program.level),
        "title": f"{program.name} {honoree.edition.year}",
        "unit": " · ".join(part for part in parts if part),
        "deed": honoree.deed,
        "portrait": portrait(honoree, 480),
    }


def portrait(honoree, width: int) -> dict:
    """The picture of an honoree: the photo's rendition called ``width``, and for who
    has none a drawing of the honour, on the ground of their industry. Needs the
    edition and its program, no query."""
    if photo := honoree.portrait(width):
        return photo | {"focus": honoree.portrait_focus}
    kind = honoree.edition.program.kind
    if honoree.is_group:
        kind = ProgramKind.COLLECTIVE
    who = "" if kind == ProgramKind.COLLECTIVE else honoree.gender
    name = "-".join(part for part in ("honour", kind, who) if part)
    return {
        "url": static(f"img/{name}.svg"),
        "width": DRAWN_WIDTH,
        "height": DRAWN_HEIGHT,
        "ground": GROUNDS.get(honoree.industry, "sand"),
    }


def edition_entry(edition) -> dict:
    """An edition on the timeline of the hall (``includes/_timeline.html``)."""
    return {
        "day": edition.conferred_on,
        "year": edition.year,
        "title": edition.title,
        "url": edition.get_absolute_url(),
    }


def honour_entry(honoree) -> dict:
    """One of a person's honours on their timeline; needs its edition, no query."""
    edition = honoree.edition
    given = "　".join(part for part in (edition.awarding_body, edition.doc_no) if part)
    cert = _("证书编号　%(number)s") % {"number": honoree.cert_no}
    notes = [given if edition.awarding_body else "", cert if honoree.cert_no else ""]
    return edition_entry(edition) | {"notes": [note for note in notes if note]}


def level_code(level: str) -> str:
    """The chip of a level; counties and units share the plain one."""
    return Level.UNIT.value if level == Level.COUNTY else level


def stages(edition, now) -> list[dict]:
    """What happens when in an edition, for its timeline: ``title``, ``when`` in words,
    ``is_now`` and ``is_over`` at ``now``. Stages without a date are left out."""
    made = []

    def add(title, first, last):
        begins, ends = _moment(first), _moment(last, is_end=True)
        if begins is None or ends is None:
            return
        has_clock = hasattr(first, "hour")
        when = (dates.window if has_clock else dates.span)(first, last)
        is_now, is_over = begins <= now < ends, ends <= now
        made.append(
            {"title": title, "when": when, "is_now": is_now, "is_over": is_over}
        )

    add(_("单位推荐"), edition.nominations_open_at, edition.nominations_close_at)
    if edition.county_review_by:
        add(
            _("县区（产业）工会审核截止"),
            edition.county_review_by,
            edition.county_review_by,
        )
    add(_("评委评审"), edition.jury_from, edition.jury_until)
    add(_("职工投票"), edition.vote_opens_at, edition.vote_closes_at)
    if edition.conferred_on:
        add(_("表彰"), edition.conferred_on, edition.conferred_on)
    return made


def _moment(value, *, is_end=False):
    """The moment at which a day begins, or ends; of a moment itself."""
    if value is None or hasattr(value, "hour"):
        return value
    return timezone.make_aware(
        datetime.combine(value + timedelta(days=is_end), time.min)
    )
