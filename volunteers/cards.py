"""A team as the shared team card prints it (``includes/_team_card.html``)."""

from django.utils.translation import gettext as _

from volunteers.enums import JoinMode


def team_card(team) -> dict:
    """Needs ``for_cards()``: no query of its own. Hours and events are not counted
    yet, so the card leaves them out."""
    words = {JoinMode.REQUEST: _("申请加入"), JoinMode.FREE: _("加入")}
    may_ask = team.join_mode in words
    return {
        "url": team.get_absolute_url(),
        "name": team.name,
        "picture_url": team.picture_url,
        "category": team.get_kind_display(),
        "leader": team.leader_public_name,
        "members": team.member_count,
        "hours": None,
        "last_event_on": None,
        "is_recruiting": team.is_recruiting,
        "join_url": f"{team.get_absolute_url()}#join" if may_ask else "",
        "join_text": words.get(team.join_mode, ""),
    }
