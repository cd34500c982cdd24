"""The page of the search and what is suggested while somebody types. Neither is kept in
front of Django: there are as many questions as readers. What is asked is written nowhere.
"""

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from common import facets, pace, pagecache
from common.searching import LONGEST
from members.addresses import address_of
from news import pieces
from unionportal import search

PAGE = 20
FIRST_YEAR, LAST_YEAR = 1949, 2199
asking = pace.Pace(*settings.SEARCH_PACE)
typing = pace.Pace(*settings.SUGGESTION_PACE)


class ChoiceForm(forms.Form):
    """The filters of an address; what is no filter is left out."""

    scope = forms.ChoiceField(choices=search.SCOPES.items(), required=False)
    column = forms.IntegerField(min_value=1, max_value=2**31, required=False)
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    sort = forms.ChoiceField(choices=[("time", _lazy("时间"))], required=False)

    @property
    def chosen(self) -> dict:
        self.is_valid()
        found = {k: v for k, v in self.cleaned_data.items() if v}
        if "column" in found:  # only articles stand in columns
            found["scope"] = search.NEWS
        return found


@require_safe
def page(request):
    at = pagecache.moment_of(request)
    question = search.ask(request.GET.get("q", ""), at)
    context = {
        "question": question,
        "crumbs": [(_("搜索"), "")],
        "popular": search.popular(at),
        "longest": LONGEST,
    }
    if question:
        wait = asking.wait(address_of(request))
        if wait:
            text = _("您搜索得太频繁，请%(n)d秒后再试。") % {"n": wait}
            return pace.too_many(request, text, wait)
        context |= _answer(request, question, at)
    return render(request, "search.html", context)


def _answer(request, question, at) -> dict:
    chosen = ChoiceForm(request.GET).chosen
    found = search.find(
        question,
        at,
        scope=chosen.get("scope", ""),
        column=chosen.get("column"),
        year=chosen.get("year"),
        by_time=chosen.get("sort") == "time",
    )
    page_obj = Paginator(found.order, PAGE).get_page(request.GET.get("page"))
    hits = search.hits(list(page_obj), question)
    asked = {"q": question.typed} | chosen
    columns = {column["pk"]: column["title"] for column in pieces.columns(at)}
    return {
        "found": found,
        "hits": [
            {
                "hit": hit,
                "label": columns.get(hit.facet) or search.SCOPES[hit.kind],
                "is_dated": hit.kind in (search.NEWS, "honors"),
            }
            for hit in hits
        ],
        "page_obj": page_obj,
        "query": facets.address(asked).lstrip("?"),
        "scopes": _scopes(found, asked),
        "sorts": [
            facets.Choice(
                label,
                facets.address(asked, sort=value),
                None,
                value == asked.get("sort"),
            )
            for value, label in ((None, _("相关度")), ("time", _("时间")))
        ],
        "facets": _facets(found, asked, columns, at),
        "picks": facets.picks(asked, _labels(asked, columns)),
        "total": in_words(found.total, found.is_more),
        "corrected": [] if found.total else _links(search.corrected(question, at)),
    }


def _labels(asked, columns) -> dict[str, str]:
    return {
        "column": columns.get(asked.get("column"), _("栏目")),
        "year": _("%(year)s年") % {"year": asked.get("year")},
    }


def in_words(count: int, is_more: bool) -> str:
    """500+ where counting ended."""
    return f"{min(count, search.MOST)}+" if is_more else str(count)


def _scopes(found, asked) -> list[facets.Choice]:
    now = asked.get("scope")
    every = facets.address(asked, scope=None, column=None)
    total = in_words(found.total, found.is_more)
    return [
        facets.Choice(_("全部"), every, total, now is None),
        *(
            facets.Choice(
                label,
                facets.address(
                    asked,
                    scope=kind,
                    column=asked.get("column") if kind == search.NEWS else None,
                ),
                in_words(count, count > search.MOST),
                now == kind,
            )
            for kind, label in search.SCOPES.items()
            if (count := found.counts.get(kind, 0)) or now == kind
        ),
    ]


def _facets(found, asked, columns, at) -> list[facets.Facet]:
    if not found.counts.get(search.NEWS) and "column" not in asked:
        return []
    this_year = at.now.year
    years = [(year, _("%(year)s年") % {"year": year}, None)
             for year in range(this_year, this_year - 8, -1)]  # fmt: skip
    rows = [(pk, title, None) for pk, title in columns.items()]
    return [
        facets.facet(_("栏目"), "column", rows, asked, whole=_("全部栏目")),
        facets.facet(_("年份"), "year", years, asked, whole=_("全部年份")),
    ]


def _links(words) -> list[tuple[str, str]]:
    here = reverse("search")
    return [(word, f"{here}{facets.address({'q': word})}") for word in words]


@require_safe
def suggest(request):
    """``{"suggestions": […]}`` for what is being typed; empty when there is too much."""
    if typing.wait(address_of(request)):
        found = []
    else:
        at = pagecache.moment_of(request)
        found = search.suggestions(request.GET.get("q", "")[: LONGEST + 1], at)
    response = JsonResponse({"suggestions": found})
    patch_cache_control(response, no_store=True)
    return response
