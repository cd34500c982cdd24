"""An honoree as the shared person card prints it (``includes/_person_card.html``)."""

from django.utils.translation import gettext as _

from honors.enums import Level


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
        "is_group": honoree.is_group,
        "portrait": honoree.portrait(480),
    }


def edition_entry(edition) -> dict:
    """An edition on the timeline of the hall (``includes/_timeline.html``)."""
    return {
        "day": edition.conferred_on,
        "title": edition.title,
        "url": edition.get_absolute_url(),
    }


def honour_entry(honoree) -> dict:
    """One of a person's honours on their timeline; needs its edition, no query."""
    edition = honoree.edition
    given = "　".join(part for part in (edition.conferred_by, edition.doc_no) if part)
    cert = _("证书编号　%(number)s") % {"number": honoree.cert_no}
    notes = [given if edition.conferred_by else "", cert if honoree.cert_no else ""]
    return edition_entry(edition) | {"notes": [note for note in notes if note]}


def level_code(level: str) -> str:
    """The chip of a level; counties and units share the plain one."""
    return Level.UNIT.value if level == Level.COUNTY else level
