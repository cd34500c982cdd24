"""The steward's two pages: what the people of their unions want of them, and who of them
is in which class. A union's people and their signups meet here, above both rooms."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.letters import is_key
from members.enums import CorrectionState, RosterState
from members.models import CorrectionRequest, UnionOrg, UnionTransfer, User
from signups.enums import SignupState
from signups.models import Signup

MOST = 20  # rows of each list; the rest stands behind its link
MOST_UNIONS = 300  # in the box that narrows to one; a county has a few dozen
PAGE = 50  # people of one class


def page(site, request):
    """Who could not be recognised, which requests wait, how the rosters stand: of the
    unions this person looks after and those below them. No address names a row."""
    user = _steward(request)
    orgs = UnionOrg.objects.managed_by(user)
    unions = list(
        orgs.with_roster_due().with_last_roster().order_by("code")[: MOST + 1]
    )
    for union in unions:
        union.roster_said = RosterState(union.roster_state).label
        if union.last_roster:
            union.last_roster["at"] = parse_datetime(union.last_roster["at"])
    corrections = CorrectionRequest.objects.filter(
        state=CorrectionState.OPEN, worker__union_org__in=orgs
    ).select_related("worker__union_org")
    transfers = UnionTransfer.objects.to_answer(user, orgs).select_related(
        "worker", "from_org", "to_org"
    )
    tried = User.objects.tried_in_vain(orgs).order_by("-tried_at")
    context = {
        "title": _("本工会的职工"),
        "tried": _cut(tried),
        "corrections": _cut(corrections.order_by("asked_at", "pk")),
        "transfers": _cut(transfers.order_by("asked_at", "pk")),
        "unions": (unions[:MOST], len(unions) > MOST),
    }
    return _show(site, request, "admin/steward.html", context)


def classes(site, request):
    """How many of these unions' people are in which class, and of one class who, with
    their place in the queue; narrowed to one union if the address names one. A union
    that is not theirs is 404."""
    user = _steward(request)
    orgs = UnionOrg.objects.managed_by(user)
    unions = list(orgs.order_by("code").only("code", "name")[: MOST_UNIONS + 1])
    chosen = _key(request, "union")
    if chosen is not None:
        known = chosen in {union.pk for union in unions}
        if not known and not orgs.filter(pk=chosen).exists():
            raise Http404
        orgs = [chosen]
    elif len(unions) <= MOST_UNIONS:
        # their keys, not the query that finds them: without fresh statistics Postgres
        # runs that one for every signup, which takes minutes
        orgs = [union.pk for union in unions]
    mine = Signup.objects.of_people(orgs)
    held = list(mine.by_offering())
    context = {
        "title": _("职工报班情况"),
        "unions": unions[:MOST_UNIONS],
        "chosen": chosen,
        "held": held,
    }
    offering = _key(request, "offering")
    if offering is not None:
        asked = next((row for row in held if row["offering"] == offering), None)
        if asked is None:
            raise Http404
        people = mine.of_one_offering(offering, after=_key(request, "after"))
        rows = list(people[: PAGE + 1])
        for signup in rows:
            signup.state_said = SignupState(signup.state).label
        context |= {
            "asked": asked,
            "people": rows[:PAGE],
            "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        }
    return _show(site, request, "admin/steward_classes.html", context)


def _steward(request):
    if not request.user.has_perm("members.confirm_roster"):
        raise PermissionDenied
    return request.user


def _cut(rows):
    """(the first rows, whether there are more)."""
    found = list(rows[: MOST + 1])
    return found[:MOST], len(found) > MOST


def _key(request, name):
    """A key of the address; None without one. What is no key is 404."""
    typed = request.GET.get(name, "")
    if not typed:
        return None
    if not is_key(typed):
        raise Http404
    return int(typed)


def _show(site, request, template, context):
    return TemplateResponse(
        request, template, {**site.each_context(request), **context}
    )
