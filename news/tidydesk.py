"""The newsroom's page takes a pasted text apart: ``news.tidying`` at the editor's side.

With a script the page asks two addresses, what becomes of a paste and what a proposal
would change; without one the buttons of the panel send the whole form, which comes back
with what was accepted and is not saved. The answers are the same.
"""

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _

from common import pasting
from news import tidying
from news.tidying import Typed

_WORDS = ("title", "subtitle", "source_name", "editor_note", "body")
_MOST_ROWS = 200
_LEFT = "_left"  # the kinds that were declined on this page, in a hidden field


def typed_of(data) -> Typed:
    """What stands in the form, ``data`` as the page posts it."""

    def rows(prefix, *names):
        for number in range(_rows(data, prefix)):
            if not data.get(f"{prefix}-{number}-DELETE"):
                yield tuple(
                    (data.get(f"{prefix}-{number}-{name}") or "").strip()
                    for name in names
                )

    may_place = "publish_at_0" in data
    return Typed(
        **{name: data.get(name) or "" for name in _WORDS},
        is_reprint=bool(data.get("is_reprint")),
        day=(data.get("publish_at_0") or "") if may_place else None,
        clock=(data.get("publish_at_1") or "") if may_place else None,
        credits=tuple(row for row in rows("byline", "role", "name") if row[1]),
        photos=tuple(row for row in rows("articlephoto", "caption", "credit")),
    )


def _rows(data, prefix) -> int:
    with suppress(ValueError):
        return min(int(data.get(f"{prefix}-TOTAL_FORMS") or 0), _MOST_ROWS)
    return 0


def changes(data, now: Typed, then: Typed) -> dict[str, str]:
    """The boxes of the form that get another value, by name; new rows of bylines and
    photos fill an empty one first, or stand behind the last."""
    changed = {
        name: getattr(then, name)
        for name in _WORDS
        if getattr(then, name) != getattr(now, name)
    }
    if then.is_reprint != now.is_reprint:
        changed["is_reprint"] = "on"
    if then.day is not None and (then.day, then.clock) != (now.day, now.clock):
        changed |= {"publish_at_0": then.day, "publish_at_1": then.clock}
    changed |= _new_rows(
        data, "byline", ("role", "name"), then.credits[len(now.credits) :], "name"
    )
    at = [
        number
        for number in range(_rows(data, "articlephoto"))
        if not data.get(f"articlephoto-{number}-DELETE")
    ]
    for number, before, after in zip(at, now.photos, then.photos, strict=False):
        if before != after:
            changed[f"articlephoto-{number}-caption"] = after[0]
    return changed | _new_rows(
        data,
        "articlephoto",
        ("caption", "credit"),
        then.photos[len(now.photos) :],
        None,
    )


def _new_rows(data, prefix, names, rows, key) -> dict[str, str]:
    total = _rows(data, prefix)
    free = [
        number
        for number in range(total)
        if key and not (data.get(f"{prefix}-{number}-{key}") or "").strip()
        if not data.get(f"{prefix}-{number}-DELETE")
    ]
    changed = {}
    for row in rows:
        if free:
            number = free.pop(0)
        else:
            number, total = total, total + 1
        for name, value in zip(names, row, strict=True):
            changed[f"{prefix}-{number}-{name}"] = value
    if total > _rows(data, prefix):
        changed[f"{prefix}-TOTAL_FORMS"] = str(total)
    return changed


def _left_of(data) -> list[str]:
    return [
        kind for kind in (data.get(_LEFT) or "").split(",") if kind in tidying.KINDS
    ]


def decided(data):
    """(what the form gets, the kinds that are left) after one click in the panel."""
    now, left = typed_of(data), _left_of(data)
    accepted = data.get("_tidy") or ""
    declined = data.get("_leave") or ""
    if declined in tidying.KINDS and declined not in left:
        left.append(declined)
    kinds = [accepted]
    if accepted == "all":
        kinds = [proposal.kind for proposal in tidying.propose(now, left)]
    then = tidying.accept(now, kinds)
    return changes(data, now, then), then, left


class TidyingDesk:
    """A base of the article's ModelAdmin: two addresses, and the panel's buttons."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("paste/", wrap(self.paste_view), name="news_article_paste"),
            path("tidy/", wrap(self.tidy_view), name="news_article_tidy"),
            *super().get_urls(),
        ]

    def _check_writer(self, request):
        if not (
            self.has_change_permission(request) or self.has_add_permission(request)
        ):
            raise PermissionDenied

    def paste_view(self, request):
        """What a paste becomes: ``html`` or, of plain text, ``text``. Nothing is kept."""
        self._check_writer(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        html = request.POST.get("html", "")
        if not html:
            made = pasting.Pasted(pasting.lines(request.POST.get("text", "")))
        elif reasons := pasting.too_long(html):
            return JsonResponse({"refused": reasons[0].text}, status=413)
        else:
            made = pasting.read(html)
        return JsonResponse(
            {
                "html": made.html,
                "removed": list(made.removed),
                "pictures": [
                    {"name": picture.name, "caption": picture.caption}
                    for picture in made.pictures
                ],
            }
        )

    def tidy_view(self, request):
        """The panel for what stands in the form, after one click in it; nothing is
        kept."""
        self._check_writer(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        changed, then, left = decided(request.POST)
        panel = render_to_string(
            "admin/news/article/_tidying.html",
            {"proposals": tidying.propose(then, left), "left": ",".join(left)},
        )
        return JsonResponse({"fields": changed, "panel": panel})

    def changeform_view(self, request, *args, **kwargs):
        """A button of the panel, without a script: the form comes back as it was typed
        but for what was accepted."""
        is_tidying = {"_tidy", "_leave"} & request.POST.keys()
        if request.method == "POST" and is_tidying:
            changed, _then, left = decided(request.POST)
            data = request.POST.copy()
            for name, value in changed.items():
                data[name] = value
            data[_LEFT] = ",".join(left)
            request.POST = data
            request.is_tidying = True
            if "_tidy" in data:
                said = _("已按建议整理，尚未保存。")
                self.message_user(request, said, messages.INFO)
        return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not getattr(request, "is_tidying", False):
            return form

        class Tidied(form):
            def is_valid(self):
                """Not to be saved by this click, whatever it says."""
                super().is_valid()
                return False

        return Tidied

    def render_change_form(self, request, context, *args, **kwargs):
        data = request.POST if request.method == "POST" else _as_posted(context)
        left = _left_of(data)
        context |= {
            "proposals": tidying.propose(typed_of(data), left),
            "left": ",".join(left),
        }
        return super().render_change_form(request, context, *args, **kwargs)


def _as_posted(context) -> dict:
    """The form of a page that is opened, as its browser would post it."""
    form = context["adminform"].form
    data = {name: form[name].value() for name in (*_WORDS, "is_reprint")}
    if "publish_at" in form.fields:
        data |= {"publish_at_0": "", "publish_at_1": ""}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        data[f"{formset.prefix}-TOTAL_FORMS"] = len(formset.forms)
        for row in formset.forms:
            for name in ("role", "name", "caption", "credit"):
                if name in row.fields:
                    data[row.add_prefix(name)] = row[name].value()
    return data
