"""All of the demonstration content, room by room. The small scale is there whole or not
at all; the city is added to it in batches."""

from collections.abc import Callable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.errors import Reason, Refusal
from members.models import UnionOrg, User
from unionportal import services as roof
from unionportal.database.owner import as_owner
from unionportal.demo import (
    arrivals,
    background,
    comments,
    days,
    draws,
    honours,
    inbox,
    juries,
    ledgers,
    members,
    needs,
    newsroom,
    nominations,
    publicnotices,
    requests,
    site,
    standing,
    teams,
    training,
)
from unionportal.demo import city as large


def is_made() -> bool:
    """There is an account: content is made into an empty portal only."""
    return User.objects.exists()


@transaction.atomic
def make(say: Callable[[str], None]) -> None:
    """Make the demonstration content of the small scale; ``say`` gets a line for each
    room. The portal must be empty."""
    roof.write_roles()
    site.make()
    city = members.make()
    say(f"People: {len(city.workers)} workers in {len(city.unions)} unions.")
    written = newsroom.make(city)
    say(f"News: {written.articles} articles with {written.pictures} pictures.")
    say(f"Comments: {comments.make(city)}, some wait for the editors.")
    say(f"Pages that stay: {standing.make(city)}.")
    say(f"Channels: {ledgers.make(city)} of the union.")
    honoured = honours.make(city)
    say(f"Honours: {honoured} names.")
    say(f"Nominations: {nominations.make(city)} in an edition.")
    say(f"Juries: {juries.make(city)} nominations in three editions.")
    say(f"Public notices: {publicnotices.make(city)} of three editions.")
    say(f"Volunteers: {teams.make(city)} teams.")
    say(f"Asked of them: {needs.make(city)} needs.")
    taught = training.make(city)
    say(f"Training: {taught.classes} classes in {taught.terms} terms.")
    say(f"The desk: {taught.seated} seated, {taught.waiting} waiting.")
    say(f"Checked in: {arrivals.make(city)}; a list on paper is half typed back.")
    served = days.make(city)
    say(f"Served: {served.events} services, {served.records} records of hours.")
    say(f"Draws: {draws.make(city)} choices in three.")
    say(f"Requests: {requests.make(city)} things wait for the staff.")
    say(f"Told: {inbox.make(city)} notices.")
    background.make()


def make_city(say: Callable[[str], None]) -> None:
    """Fill up to the size of a city, on top of the small scale. May be broken off and
    called again: it goes on where it stopped. Raises Refusal where there are accounts
    and no unions to fill: that is somebody's own portal."""
    if not is_made():
        make(say)
    if not UnionOrg.objects.districts().exists():
        text = _("库中已有账号，却没有演示内容，不能扩充。请换一个空库。")
        raise Refusal(Reason("not_demonstration", text))
    large.make(say)
    say("Statistics for the planner …")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
