"""The seats and the state button of an offering: see ``signups.cards``."""

from django import template

from signups import cards

register = template.Library()
register.simple_tag(cards.seat_bar)
register.simple_tag(cards.state_button)
