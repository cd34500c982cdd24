"""Numbers as Chinese newspapers write them, for templates."""

from django import template

from common import numerals

register = template.Library()


@register.filter
def chinese(number: int) -> str:
    return numerals.chinese(number)
