"""The filters that print text as HTML, and the only place in the house that marks text
safe: stored rich text went through ``common.richtext.clean``, any other is escaped
here."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from common import typeset

register = template.Library()


@register.filter
def richtext(stored: str) -> SafeString:
    """Text of a rich-text column, cleaned when it was stored, as HTML."""
    return mark_safe(typeset.together(stored))  # noqa: S308  the one place: see above


@register.filter
def together(text: str) -> SafeString:
    """A title or a text, escaped where it is not HTML yet, in which numbers are not
    parted from their units nor a dash from what it opens."""
    return mark_safe(typeset.together(conditional_escape(text)))  # noqa: S308  escaped
