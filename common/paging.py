"""How long a page of a list is, and how far a list is counted."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

FEW = 5  # rows of a page in large print
MOST_COUNTED = 1000  # beyond it a list says “more than”: nobody needs to know more


class ShortInLargePrint:
    """Mix into a ListView: in large print its pages hold five rows."""

    def get_paginate_by(self, queryset):
        usual = super().get_paginate_by(queryset)
        return min(FEW, usual) if "elder" in self.request.display.split() else usual


class BoundedPaginator(Paginator):
    """Counts ``MOST_COUNTED`` rows and no more, however long the list is, and reads a
    page far down by the ids on the way to it. Every page that is there can be asked for:
    the number of it is ``asked``, as the address has it; “last” has all of them counted.

    ``is_more``: there are more rows than ``count``, and pages than ``num_pages``.
    """

    asked: str | int = 1

    @cached_property
    def count(self):
        return min(self._found, self._reach)

    @property
    def is_more(self):
        return self.count < self._found

    @property
    def _page_asked(self) -> int:
        try:
            return max(1, int(self.asked))
        except (TypeError, ValueError):
            return 1

    @property
    def _is_far(self) -> bool:
        return self._page_asked * self.per_page > MOST_COUNTED

    @property
    def _reach(self):
        """Up to which row it matters how many there are."""
        if self.asked == "last":
            return float("inf")
        return max(MOST_COUNTED, self._page_asked * self.per_page)

    @cached_property
    def _found(self) -> int:
        if self._is_far and self._ids:
            return (self._page_asked - 1) * self.per_page + len(self._ids)
        if self._is_far or self.asked == "last":  # where does it end, then
            return self.object_list.count()
        return self.counted(self.object_list, self._reach + 1)

    def counted(self, rows, most: int) -> int:
        """How many rows there are, ``most`` at most. One query."""
        return rows.order_by().values("pk")[:most].count()

    @cached_property
    def _ids(self):
        """Of the rows of the page asked for, and of one more."""
        above = (self._page_asked - 1) * self.per_page
        below = above + self.per_page + 1
        if below > 2**62:  # no row has such a number
            return []
        return list(self.object_list.values_list("pk", flat=True)[above:below])

    def page(self, number):
        number = self.validate_number(number)
        if not (self._is_far and number == self._page_asked):
            return super().page(number)
        here = self.object_list.filter(pk__in=self._ids[: self.per_page])
        return self._get_page(here, number, self)


class NextPaginator(Paginator):
    """For what only asks whether there is a page more: nothing is counted."""

    def page(self, number):
        number = max(1, int(number))
        above = (number - 1) * self.per_page
        rows = list(self.object_list[above : above + self.per_page + 1])
        page = _PageOfSome(rows[: self.per_page], number, self)
        page.is_more = len(rows) > self.per_page
        return page


class _PageOfSome(Page):
    is_more = False

    def has_next(self):
        return self.is_more

    def has_other_pages(self):
        return self.is_more or self.number > 1
