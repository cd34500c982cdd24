"""Days and moments in words, for templates: see ``common.dates``."""

from django import template

from common import dates

register = template.Library()
register.filter("day_in_words", dates.day)
register.filter("moment_in_words", dates.moment)
register.filter("start_in_words", dates.start)
register.filter("clock_in_words", dates.clock)


@register.filter
def meeting_in_words(occasion) -> str:
    """Of anything with ``starts_at`` and ``ends_at``."""
    return dates.meeting(occasion.starts_at, occasion.ends_at)


@register.filter
def span_in_words(term) -> str:
    """Of anything with ``starts_on`` and ``ends_on``."""
    return dates.span(term.starts_on, term.ends_on)
