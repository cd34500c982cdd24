"""What base.html prints on every page."""

from django.conf import settings
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from common import pagecache
from common.pagecache import moment_of
from members.models import Notice
from members.querysets import NoticeQuerySet
from news.models import Column
from unionportal import site

# pages of one person and one form
ACCOUNT = ("/accounts/", "/my/", "/signups/")


def chrome(request):
    """The frame's own words, its finished pieces and the date.

    One query (generation and clock) once the pieces are cached, one more for who is
    logged in, and none for a page that prints no frame (the back office). What is about
    one person (how the strip addresses them, the mark of unread notices) is in no piece.
    """
    unread = SimpleLazyObject(lambda: _unread(getattr(request, "user", None)))
    portal = SimpleLazyObject(lambda: site.current(moment_of(request)))
    return {
        "portal": portal,
        "frame": SimpleLazyObject(
            lambda: _frame(request, portal, moment_of(request), unread)
        ),
        "unread": unread,
        "today": SimpleLazyObject(
            lambda: timezone.localtime(moment_of(request).now).date()
        ),
        "origin": SimpleLazyObject(lambda: f"{request.scheme}://{request.get_host()}"),
        "is_account": request.path.startswith(ACCOUNT),
        "is_demonstration": settings.IS_DEMONSTRATION,
        "account_name": _address(getattr(request, "user", None)),
    }


def _unread(user) -> str:
    """How many notices are unread, as the mark says it; empty for none."""
    if user is None or not user.is_authenticated:
        return ""
    count = Notice.objects.unread_count(user)
    most = NoticeQuerySet.MOST_COUNTED
    return f"{most - 1}+" if count >= most else str(count or "")


def _frame(request, portal, at, unread):
    """Style links, banner, menus and footer as finished HTML: two thirds of an ordinary
    page's work. What says how many notices are unread is one piece for each number.

    They differ by the marked menu items and the display words only. A page with
    parameters gets its own, since their links keep the parameters.
    """
    menu = pagecache.cached("menu", _menu, at=at)
    marks = [_marks(menu[bar], request.path) for bar in ("nav", "bottom")]

    def build():
        context = {
            "portal": portal,
            "request": request,
            "nav": _marked(menu["nav"], marks[0]),
            "bottom_nav": _marked(menu["bottom"], marks[1]),
        }
        return {
            "styles": _render("includes/_frame_styles.html", context),
            "scripts": _render("includes/_frame_scripts.html", context),
            "strip": _render("includes/_frame_strip.html", context),
            "banner": _render("includes/_frame_banner.html", context),
            "foot": _render("includes/_frame_foot.html", context),
            "bar": _render("includes/_frame_bar.html", context),
            "demonstration": render_to_string(
                "includes/_demonstration.html",
                {"is_demonstration": settings.IS_DEMONSTRATION},
            ),
            "share_picture": static("img/share.png"),
            "my_url": reverse("my"),
            "logout_url": reverse("account_logout"),
        }, None

    if request.GET:
        frame = build()[0]
    else:
        key = ("frame", getattr(request, "display", ""), *marks)
        frame = pagecache.cached(key, build, at=at)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        frame = frame | _marked_frame(user, str(unread), menu["bottom"], marks[1], at)
    return frame


def _marked_frame(user, unread, menu, marks, at):
    """What of the frame says how many notices are unread: a piece for each number, the
    same for everybody who has so many."""

    def bar():
        inputs = {"bottom_nav": _marked(menu, marks), "unread": unread}
        return render_to_string("includes/_frame_bar.html", inputs), None

    def mine():
        inputs = {"is_staff": user.is_staff, "unread": unread}
        return render_to_string("includes/_frame_mine.html", inputs), None

    key = ("frame mine", user.is_staff, unread)
    found = {"mine": pagecache.cached(key, mine, at=at)}
    if unread:
        found["bar"] = pagecache.cached(("frame bar", *marks, unread), bar, at=at)
    return found


def _render(name, inputs):
    """A piece as HTML. Without the context processors, of which this is one, but with
    the request, which ``{% querystring %}`` looks for."""
    context = Context(inputs)
    context.request = inputs["request"]
    return get_template(name).template.render(context)


def _menu():
    """Both menus without a mark for the current page: one query, then cached."""
    columns = [
        {"title": column.name, "url": column.get_absolute_url()}
        for column in Column.objects.in_menu()
    ]
    inbox = {
        "title": _("消息"),
        "url": reverse("my-messages"),
        "icon": "message",
        "is_inbox": True,
    }
    home = {"title": _("首页"), "url": reverse("home"), "is_exact": True}
    news = {"title": _("新闻"), "url": reverse("news:article-list"), "icon": "news"}
    services = {"title": _("职工服务"), "url": reverse("activities:hub")}
    mine = {
        "title": _("我的"),
        "url": reverse("my"),
        "under": ["/signups/", "/accounts/"],
        "icon": "user",
    }
    nav = [
        home,
        {"title": _("机构概况"), "url": reverse("about")},
        news,
        *columns,
        {"title": _("公示"), "url": reverse("honors:notice-list")},
        {"title": _("办事指南"), "url": reverse("guide-list")},
        services,
        {"title": _("劳模工匠"), "url": reverse("honors:honoree-list")},
        {"title": _("志愿服务"), "url": reverse("volunteers:team-list")},
        mine,
    ]
    # a column that staff named like a page of its own stands there once
    names = [item["title"] for item in nav]
    nav = [item for place, item in enumerate(nav) if item["title"] not in names[:place]]
    bottom = [
        home | {"icon": "home"},
        services | {"title": _("服务"), "icon": "train-line"},
        inbox,
        mine,
    ]
    return {"nav": nav, "bottom": bottom}, None


def _marked(items, marks):
    """The items with ``current`` on the one whose part of the house this page is in."""
    return [
        {**item, "current": current} for item, current in zip(items, marks, strict=True)
    ]


def _marks(items, path):
    """One bool an item. Of those above this page the nearest is marked: in a column of
    the menu not 新闻 as well."""
    depths = [_depth(item, path) for item in items]
    nearest = max(depths)
    return tuple(nearest > 0 and depth == nearest for depth in depths)


def _depth(item, path):
    """How many characters of ``path`` the item's part of the house accounts for."""
    if item.get("is_exact"):
        return len(path) if path == item["url"] else 0
    deepest = len(item["url"]) if path.startswith(item["url"]) else 0
    for part in item.get("under", ()):
        if path.startswith(part):
            deepest = max(deepest, len(part))
    return deepest


def _address(user):
    """李师傅 for a short name, the name itself for a long one, nothing for a visitor."""
    if user is None or not user.is_authenticated:
        return ""
    if 2 <= len(user.name) <= 3:
        return _("%(surname)s师傅") % {"surname": user.name[0]}
    return str(user)
