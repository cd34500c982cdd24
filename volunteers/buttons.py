"""How somebody stands to a team, in the one word that its page's button says."""

from dataclasses import dataclass

from volunteers.enums import JoinMode, JoinSide
from volunteers.models import JoinRequest, VolunteerTeam


@dataclass(frozen=True)
class Joining:
    """``state``: visitor, unverified, leads, member, asked, invited, off_roster, closed,
    only_invited, free or request. ``asked`` is the open request or invitation,
    ``membership`` the stay, each where there is one."""

    state: str
    asked: JoinRequest | None = None
    membership: object = None


def joining_of(team: VolunteerTeam, user) -> Joining:
    """What this person may do about the team now; at most three queries. The verb asks
    again (``services.joining``)."""
    opens = {
        JoinMode.CLOSED: "closed",
        JoinMode.INVITATION: "only_invited",
        JoinMode.FREE: "free",
        JoinMode.REQUEST: "request",
    }[team.join_mode]
    is_open = opens in ("free", "request")
    if not user.is_authenticated:
        return Joining("visitor" if is_open else opens)
    worker = getattr(user, "worker", None)
    if worker is None:
        return Joining("unverified" if is_open else opens)
    held = team.memberships.current().filter(worker=worker).first()
    if team.leader_id == worker.pk:
        return Joining("leads", membership=held)
    if held is not None:
        return Joining("member", membership=held)
    asked = team.join_requests.open().filter(worker=worker).first()
    if asked is not None:
        state = "asked" if asked.side == JoinSide.WORKER else "invited"
        return Joining(state, asked=asked)
    if is_open and worker.left_at is not None:
        return Joining("off_roster")
    return Joining(opens)
