"""The references: what any answer costs behind the same middleware."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect

page = b""  # the bytes that ``bare`` sends: set to those of the page it is compared to


def bare(request):
    """No query, no template: the middleware and the bytes."""
    return HttpResponse(page)


@login_required
def noop(request):
    """A POST of somebody who is logged in, after which nothing has happened."""
    return HttpResponseRedirect(f"/bench/done/{request.user.pk}/")
