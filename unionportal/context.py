"""What base.html prints on every page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import pagecache
from news.models import Column
from unionportal.site import SITE


def _menu():
    """The main menu without marks for the current page: one query, then kept."""
    columns = [
        (column.name, column.get_absolute_url()) for column in Column.objects.in_menu()
    ]
    return (
        [
            (_("首页"), reverse("home")),
            *columns,
            (_("培训报名"), reverse("activities:training:term-current")),
            (_("劳模工匠"), reverse("honors:honoree-list")),
            (_("志愿服务"), reverse("volunteers:team-list")),
            (_("我的"), reverse("my")),
        ],
        None,
    )


def chrome(request):
    """Site name, menu and date. One query (generation and clock) once the menu is kept."""
    at = getattr(request, "moment", None) or pagecache.moment()
    request.moment = at
    menu = pagecache.kept("menu", _menu, at=at)
    home = reverse("home")
    nav = [
        {
            "title": title,
            "url": url,
            "current": request.path == url
            or (url != home and request.path.startswith(url)),
        }
        for title, url in menu
    ]
    return {"site": SITE, "nav": nav, "today": timezone.localtime(at.now).date()}
