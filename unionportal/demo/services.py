"""All of the demonstration content, room by room: all of it or nothing."""

from collections.abc import Callable

from django.db import transaction

from members.models import User
from unionportal import services as roof
from unionportal.demo import honours, members, newsroom, teams, training


def is_made() -> bool:
    """There is an account: content is made into an empty portal only."""
    return User.objects.exists()


@transaction.atomic
def make(say: Callable[[str], None]) -> None:
    """Make the demonstration content of the small scale; ``say`` gets a line for each
    room. The portal must be empty."""
    roof.write_roles()
    city = members.make()
    say(f"People: {len(city.workers)} workers in {len(city.unions)} unions.")
    written = newsroom.make(city)
    say(f"News: {written.articles} articles with {written.pictures} pictures.")
    honoured = honours.make(city)
    say(f"Honours: {honoured} names.")
    say(f"Volunteers: {teams.make(city)} teams.")
    taught = training.make(city)
    say(f"Training: {taught.classes} classes in {taught.terms} terms.")
    say(f"The desk: {taught.seated} seated, {taught.waiting} waiting.")
