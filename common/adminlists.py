"""Lists of the back office that stay quick however long they are."""

import calendar
from datetime import date, datetime
from types import SimpleNamespace

from django.contrib import messages
from django.db.models import Max, Min, Q
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext_lazy as _

from common import finding, letters
from common.paging import MOST_COUNTED, BoundedPaginator, NextPaginator


class QuickLists:
    """Mix into a ModelAdmin: counting ends at ``MOST_COUNTED``, a search finds the ids
    first, and ``has_long_history`` lists years, months and days from the first to the
    last of the whole table instead of asking every row for its own."""

    paginator = BoundedPaginator
    LONGEST_SEARCH = 100  # characters
    has_long_history = False

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        match = request.resolver_match
        if match and match.url_name == "autocomplete":
            return NextPaginator(queryset, per_page, *args, **kwargs)
        made = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        made.asked = request.GET.get("p", 1)
        return made

    def get_search_results(self, request, queryset, search_term):
        """Full-width characters and the digits of any script find what plain ones do.
        Each word must stand in one of the columns searched: words beyond a sentence are
        left out.

        Of each related table the rows are found first, in their own index, and the ids
        of ours by them: one condition over several tables would read all of ours.
        """
        columns = self.get_search_fields(request)
        if not columns:
            return queryset, False
        tables = _by_table(columns)
        for word in _words(letters.western(search_term[: self.LONGEST_SEARCH])):
            if tables.keys() == {""}:
                wanted = finding.standing_in(self.model, columns, word)
            else:
                first, *others = [self._found(*table, word) for table in tables.items()]
                found = first.union(*others)
                # known to be few, they are looked up; guessed, all rows are gone through
                keys = [key for (key,) in found[: MOST_COUNTED + 1]]
                wanted = Q(pk__in=keys if len(keys) <= MOST_COUNTED else found)
            queryset = queryset.filter(wanted)
        return queryset, False

    def _found(self, path, names, word):
        """The keys of our rows that the word is found in through this relation."""
        ours = self.model._base_manager.order_by()
        if not path:
            here = finding.standing_in(self.model, names, word)
            return ours.filter(here).values_list("pk")
        theirs = self.model
        for step in path.split(LOOKUP_SEP):
            theirs = theirs._meta.get_field(step).related_model
        rows = theirs._base_manager.order_by().filter(
            finding.standing_in(theirs, names, word)
        )
        return ours.filter(**{f"{path}__in": rows.values("pk")}).values_list("pk")

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        changelist.hierarchy = changelist
        if self.date_hierarchy and self.has_long_history:
            changelist.hierarchy = _Spans(changelist)
        return changelist

    def response_action(self, request, queryset):
        """What was not counted is not acted on either: all rows of a list are chosen
        only as long as the list says how many there are."""
        takes_all = request.POST.get("select_across") == "1"
        if takes_all and BoundedPaginator(queryset, 1).is_more:
            said = _("一次最多选%(n)d项，请先用查找或筛选缩小范围。")
            words = {"n": MOST_COUNTED}
            self.message_user(request, said % words, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)


def _words(text):
    for word in smart_split(text):
        if word[0] in "\"'" and word[0] == word[-1] and len(word) > 1:
            word = unescape_string_literal(word)
        if word:
            yield word


def _by_table(columns) -> dict[str, list[str]]:
    """Relation (empty: the row's own table) → the columns of it that are searched."""
    found = {}
    for column in columns:
        path, _separator, name = column.rpartition(LOOKUP_SEP)
        found.setdefault(path, []).append(name)
    return found


class _Spans(SimpleNamespace):
    """What Django's date hierarchy asks of a changelist and of its rows, answered from
    the first and the last moment of the table."""

    def __init__(self, changelist):
        super().__init__(
            model=changelist.model,
            params=changelist.params,
            date_hierarchy=changelist.date_hierarchy,
            get_query_string=changelist.get_query_string,
            queryset=self,
        )

    def aggregate(self, **_wanted):
        return self._ends

    @cached_property
    def _ends(self):
        """The ends of the table; where no index tells them, of its first and last row,
        whose numbers are given in the order of time."""
        name, rows = self.date_hierarchy, self.model._base_manager.order_by()
        indexes = self.model._meta.indexes
        if name in [
            first for index in indexes for first, _way in index.fields_orders[:1]
        ]:
            return rows.aggregate(first=Min(name), last=Max(name))
        ends = rows.aggregate(first=Min("pk"), last=Max("pk")).values()
        moments = list(rows.filter(pk__in=ends).values_list(name, flat=True))
        return {"first": min(moments, default=None), "last": max(moments, default=None)}

    def datetimes(self, name, kind):
        ends = self._ends
        if ends["first"] is None:
            return []
        first, last = (timezone.localtime(ends[end]) for end in ("first", "last"))
        first, last = (day.replace(day=1).date() for day in (first, last))
        if kind == "year":
            return [date(year, 1, 1) for year in range(first.year, last.year + 1)]
        year = self._chosen("year", first.year)
        months = [date(year, month, 1) for month in range(1, 13)]
        if kind == "month":
            return [month for month in months if first <= month <= last]
        month = self._chosen("month", first.month)
        days = calendar.monthrange(year, month)[1]
        return [datetime(year, month, day) for day in range(1, days + 1)]

    def _chosen(self, part, usual):
        return int(self.params.get(f"{self.date_hierarchy}__{part}", usual))
