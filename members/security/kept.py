"""A form that met an ended session: kept for whoever filled it in, offered again after
they logged in, and for nobody else.

All of it lies in the session, whose payload is encrypted: first who was logged in
(``lapsed``), then what they sent (``kept``). No files, no passwords, no codes, and
nothing that was sent to the pages of the account itself.

A session that the server does not know at all names nobody: what was typed is not kept,
for it might be shown to another person at the same browser. It is said why (``say_why``).
"""

import json
import re
import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from common.sessions import LAPSED

KEPT = "kept_form"

# What is typed there is secret, or does nothing but log in and out.
_NEVER_UNDER = "/accounts/"
_NEVER_AT = {"admin:login", "admin:logout", "admin:password_change"}
_SECRET = re.compile(r"pass|pwd|token|secret|otp|captcha|altcha", re.IGNORECASE)
# … and on public pages: in the back office "code" is that of a union
_CODE = re.compile(r"code", re.IGNORECASE)


@dataclass(frozen=True)
class KeptForm:
    """What somebody sent: names and values in order, as the browser gave them."""

    user: int
    path: str
    fields: list[tuple[str, str]]
    had_files: bool
    had_secrets: bool
    at: float


def lapse(session, user_pk) -> None:
    """Start ``session`` again; it remembers only whose it was, for the form that may
    still come from another tab."""
    session.flush()
    session[LAPSED] = {"user": int(user_pk), "at": time.time()}


def intercept(request):
    """Keep a POST that met an ended session and send its author to log in; None for any
    other. Called when the form's token has been found right."""
    session = request.session
    if request.user.is_authenticated:
        if (sent := session.get(KEPT)) and sent["path"] == _address(request):
            del session[KEPT]  # it is on its way again
        return None
    lapsed = session.get(LAPSED)
    if lapsed is None or _is_old(lapsed["at"]) or _is_left_out(request):
        return None
    if _is_of_a_script(request):
        return None
    names = _CODE if not request.path.startswith(reverse("admin:index")) else None
    fields, had_secrets = [], False
    for name, values in request.POST.lists():
        if _SECRET.search(name) or names and names.search(name):
            had_secrets = had_secrets or name != "csrfmiddlewaretoken"
            continue
        fields += [(name, value) for value in values]
    form = {
        "user": lapsed["user"],
        "path": _address(request),
        "fields": fields,
        "had_files": bool(request.FILES),
        "had_secrets": had_secrets,
        "at": time.time(),
    }
    size = len(json.dumps(form, ensure_ascii=False).encode())
    if size > settings.KEPT_FORM_BYTES:
        text = _(
            "登录已过期，请重新登录。您填写的内容太长，没能保留，请先返回上一页复制下来。"
        )
        session.pop(KEPT, None)
    else:
        text = _("登录已过期，请重新登录。您填写的内容已保留")
        session[KEPT] = form
    messages.warning(request, text)
    return redirect_to_login(reverse("account_kept"))


def is_unknown(request) -> bool:
    """Whether the browser brought a session that is over, or that nobody knows any more.
    To be asked before anything is written to the session."""
    session = request.session
    return settings.SESSION_COOKIE_NAME in request.COOKIES and (
        LAPSED in session or session.session_key is None
    )


def say_why(request, response, *, was_over: bool) -> None:
    """On the log-in page to which a visitor's POST was sent instead of being done: why
    they see it, and that nothing was done. ``was_over``: as ``is_unknown`` said."""
    if _is_of_a_script(request):
        return
    where = response.get("Location", "").partition("?")[0]
    doors = {resolve_url(settings.LOGIN_URL), reverse("admin:login")}
    if response.status_code != 302 or where not in doors:
        return
    if was_over:
        text = _("登录已过期，请重新登录。刚才提交的没有办理，登录后请再提交一次")
    else:
        text = _("请先登录，登录后请重新提交")
    messages.warning(request, text)


def _address(request) -> str:
    # one slash: "//host" would be another site
    return "/" + request.get_full_path().lstrip("/")


def _is_left_out(request) -> bool:
    at = request.resolver_match
    return request.path.startswith(_NEVER_UNDER) or (at and at.view_name in _NEVER_AT)


def _is_of_a_script(request) -> bool:
    """Sent by a page and not by a person, who sees the page's own words about it: it
    may not take the place of a form that the person sent in another tab."""
    return request.headers.get("Accept") == "application/json"


def _is_old(at: float) -> bool:
    return time.time() - at > settings.KEPT_FORM_SECONDS


def is_back(session, user) -> bool:
    """Whether it is ``user`` whose session ended in this browser, not long ago: what
    they typed may still stand in another tab."""
    lapsed = session.get(LAPSED)
    return (
        lapsed is not None and lapsed["user"] == user.pk and not _is_old(lapsed["at"])
    )


def settle(session, user) -> None:
    """Somebody logged in: what was another person's is dropped."""
    session.pop(LAPSED, None)
    kept = session.get(KEPT)
    if kept is not None and (kept["user"] != user.pk or _is_old(kept["at"])):
        del session[KEPT]


def offered_to(request) -> KeptForm | None:
    """What this person sent when their session was over, if it is still kept."""
    kept = request.session.get(KEPT)
    if kept is None or kept["user"] != request.user.pk or _is_old(kept["at"]):
        return None
    return KeptForm(**kept | {"fields": [tuple(field) for field in kept["fields"]]})


def drop(session) -> None:
    session.pop(KEPT, None)
