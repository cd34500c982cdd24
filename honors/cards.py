"""An honoree as the shared person card prints it (``includes/_person_card.html``)."""

from django.templatetags.static import static
from django.utils.translation import gettext as _

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
        return photo
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
