"""An honoree as the shared person card prints it (``includes/_person_card.html``)."""

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


def level_code(level: str) -> str:
    """The chip of a level; counties and units share the plain one."""
    return Level.UNIT.value if level == Level.COUNTY else level
