"""What base.html prints on every page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import pagecache
from news.models import Column
from unionportal.site import SITE


def moment_of(request) -> pagecache.Moment:
    """Generation and clock, read once a request."""
    if not hasattr(request, "moment"):
        request.moment = pagecache.moment()
    return request.moment


def chrome(request):
    """The frame's own words, menus and date.

    One query (generation and clock) once the menu is kept; nothing here is about one
    person but how the strip addresses them.
    """
    at = moment_of(request)
    menu = pagecache.kept("menu", _menu, at=at)
    return {
        "portal": SITE,
        "nav": _marked(menu["nav"], request.path),
        "bottom_nav": _marked(menu["bottom"], request.path),
        "today": timezone.localtime(at.now).date(),
        "account_name": _address(getattr(request, "user", None)),
    }


def _menu():
    """Both menus without a mark for the current page: one query, then kept."""
    columns = [
        {"title": column.name, "url": column.get_absolute_url()}
        for column in Column.objects.in_menu()
    ]
    home = {"title": _("首页"), "url": reverse("home")}
    news = {"title": _("新闻"), "url": reverse("news:article-list"), "icon": "news"}
    training = {
        "title": _("培训报名"),
        "url": reverse("activities:training:term-current"),
        "under": [reverse("activities:hub")],
        "icon": "train",
    }
    mine = {
        "title": _("我的"),
        "url": reverse("my"),
        "under": ["/signups/", "/accounts/"],
        "icon": "user",
    }
    nav = [
        home,
        *columns,
        training,
        {"title": _("劳模工匠"), "url": reverse("honors:honoree-list")},
        {"title": _("志愿服务"), "url": reverse("volunteers:team-list")},
        mine,
    ]
    bottom = [
        home | {"icon": "home"},
        news,
        training | {"title": _("培训"), "icon": "train-line"},
        mine,
    ]
    return {"nav": nav, "bottom": bottom}, None


def _marked(items, path):
    """The items with ``current`` on the one whose part of the house this page is in."""
    return [{**item, "current": _is_at(item, path)} for item in items]


def _is_at(item, path):
    home = reverse("home")
    if item["url"] == home:
        return path == home
    if path.startswith(item["url"]):
        return True
    # several columns share /news/: an article's own page marks none of them
    return "icon" in item and any(path.startswith(p) for p in item.get("under", ()))


def _address(user):
    """李师傅 for a short name, the name itself for a long one, nothing for a visitor."""
    if user is None or not user.is_authenticated:
        return ""
    if 2 <= len(user.name) <= 3:
        return _("%(surname)s师傅") % {"surname": user.name[0]}
    return str(user)
