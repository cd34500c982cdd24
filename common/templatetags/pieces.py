"""Parts of a page that are kept as finished HTML (``common.pagecache``)."""

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag
def piece(keep, template_name: str, **inputs):
    """The template out of these inputs alone, so nothing of the request or of
    who reads; kept where ``keep`` (``pagecache.keeper``) is given, else made anew."""

    def build():
        return render_to_string(template_name, inputs)

    return keep(template_name, build) if keep else build()
