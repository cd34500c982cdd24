"""Verbs of the roof: what concerns every room at once."""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from unionportal.roles import ROLES


@transaction.atomic
def write_roles() -> int:
    """Make the groups of ``roles.py`` with exactly its permissions; how many.

    Safe to run again after every migration; a role that left the list keeps its group
    but loses its permissions. Raises ImproperlyConfigured for an unknown permission.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    missing = sorted(set().union(*ROLES.values()) - known.keys())
    if missing:
        raise ImproperlyConfigured("No such permission: " + ", ".join(missing))
    for group in Group.objects.exclude(name__in=ROLES):
        group.permissions.clear()
    for name, wanted in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(known[codename] for codename in wanted)
    return len(ROLES)
