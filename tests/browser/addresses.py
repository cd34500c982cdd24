"""An address for every template that somebody can meet, and who is logged in there."""

from collections import Counter

from django.db.models.functions import Length
from django.urls import reverse

from activities.training.models import CourseClass, Term
from activities.venues.models import Venue
from honors.models import AwardEdition, Honoree, PublicNotice
from members.models import UnionOrg, User
from news.enums import PageKind
from news.models import Article, Column, Comment, Series, StandingPage
from signups.models import Draw, Signup
from signups.services import standing
from tests.factories import PASSWORD
from volunteers.models import ServiceEvent, VolunteerTeam

WORKER = "13900000100"
NEWCOMER = "13900000200"


def worker_signups():
    worker = User.objects.by_phone("+86" + WORKER).worker
    return Signup.objects.filter(worker=worker)


def public_pages() -> dict[str, str]:
    """One address for every template that a visitor can meet."""
    live = Article.objects.live()
    longest = live.order_by(Length("live_version__body").desc()).first()
    return {
        "home": "/",
        "log in": reverse("account_login"),
        "log in of staff": reverse("account_login") + "?next=/admin/",
        "sign up": reverse("account_signup"),
        "privacy": reverse("account_privacy"),
        "log in by code": reverse("account_request_login_code"),
        "reset": reverse("account_reset_password"),
        "no code on its way": reverse("account_code"),
        "unused account": reverse("account_unused"),
        "all news": reverse("news:article-list"),
        "column": Column.objects.in_menu().first().get_absolute_url(),
        "article": longest.get_absolute_url(),
        "long title": live.order_by(Length("title").desc()).first().get_absolute_url(),
        "part of a series": live.filter(series__isnull=False)
        .first()
        .get_absolute_url(),
        "withdrawn article": Article.objects.filter(withdrawn_at__isnull=False)
        .first()
        .get_absolute_url(),
        "comments": reverse("news:comments", args=[_commented().pk]),
        "about": reverse("about"),
        "guide": StandingPage.objects.open(PageKind.GUIDE).first().get_absolute_url(),
        "series": Series.objects.opened().first().get_absolute_url(),
        "hub": reverse("activities:hub"),
        "venues": reverse("activities:venues:venue-list"),
        "venue": Venue.objects.first().get_absolute_url(),
        "term": Term.objects.in_sign_up().first().get_absolute_url(),
        "no class found": reverse("activities:training:term-current") + "?kind=999",
        "old term": Term.objects.order_by("number").first().get_absolute_url(),
        "class": CourseClass.objects.open_now().first().get_absolute_url(),
        "honours": reverse("honors:honoree-list"),
        "honouree": Honoree.objects.on_wall().first().get_absolute_url(),
        "edition": AwardEdition.objects.conferred().first().get_absolute_url(),
        "call": AwardEdition.objects.taking_nominations().first().get_absolute_url(),
        "notices": reverse("honors:notice-list"),
        "notice": PublicNotice.objects.running().first().get_absolute_url(),
        "objection": reverse("honors:objection-state"),
        "draw": Draw.objects.public().first().get_absolute_url(),
        "service": ServiceEvent.objects.coming().first().get_absolute_url(),
        "indicators": reverse("volunteers:indicators"),
        "verify": reverse("verify"),
        "guides": reverse("guide-list"),
        "teams": reverse("volunteers:team-list"),
        "team": VolunteerTeam.objects.active().first().get_absolute_url(),
        "search": reverse("search"),
        "found": reverse("search") + "?q=职工+培训",
        "nothing found": reverse("search") + "?q=聊修养",
        "site map": reverse("site-map"),
        "statement": reverse("statement"),
        "no such page": "/no-such-page/",
        "styles": reverse("styleguide"),
    }


def _commented() -> Article:
    """The article under which most was said."""
    shown = Comment.objects.shown().of_public()
    [found] = Counter(shown.values_list("article", flat=True)).most_common(1)
    return Article.objects.get(pk=found[0])


def own_pages() -> dict[str, str]:
    """Pages of somebody who is logged in and has signed up."""
    held = worker_signups().seated().order_by("-pk").first()
    free = next(
        made
        for made in CourseClass.objects.open_now()
        if not standing.look_at(made.offering, held.worker).reasons
    )
    return {
        "my page": reverse("my"),
        "term": reverse("activities:training:term-current"),
        "own class": held.offering.get_absolute_url(),
        "result": reverse("signups:signup-detail", args=[held.pk]),
        "cancel": reverse("signups:signup-cancel", args=[held.pk]),
        "check": reverse("signups:signup-create", args=[free.offering_id]),
        "conduct": reverse("signups:conduct"),
        "services": reverse("volunteers:my-services"),
        "certificates": reverse("volunteers:certificates"),
        "passport": reverse("my-passport"),
        "calendar": reverse("my-calendar"),
        "comments": reverse("news:my-comments"),
        "messages": reverse("my-messages"),
        "texts": reverse("my-texts"),
        "verified": reverse("my-verify"),
        "own data": reverse("my-data"),
        "download": reverse("my-data-download"),
        "display name": reverse("my-name"),
        "correction": reverse("my-correction"),
        "consent": reverse("my-consent-withdraw"),
        "close": reverse("my-close"),
        "log out": reverse("account_logout"),
        "another number": reverse("account_change_phone"),
        "account security": reverse("account_security"),
        "change password": reverse("account_change_password"),
        "nothing kept": reverse("account_kept"),
    }


def newcomers_pages() -> dict[str, str]:
    """Pages of somebody who is not yet verified."""
    verify = reverse("my-verify")
    union = UnionOrg.objects.last()
    return {
        "unverified": reverse("my"),
        "no messages": reverse("my-messages"),
        "search": verify,
        "found": verify + "?q=示例",
        "none found": verify + "?q=没有的",
        "verify": f"{verify}?union={union.pk}",
        "nothing to correct": reverse("my-correction"),
    }


def log_in(page, phone=WORKER):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", phone)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**" + reverse("my"))
