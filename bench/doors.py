"""The references: what any answer costs behind the same middleware."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect

from common import pagecache


def bare(request):
    """No query, no template: the middleware and as many bytes as asked for."""
    return HttpResponse(b"x" * int(request.GET["bytes"]))


@login_required
def person(request):
    """A GET of somebody who is logged in, which shows as many bytes as asked for."""
    return HttpResponse(b"x" * int(request.GET["bytes"]))


@login_required
def noop(request):
    """A POST of somebody who is logged in, after which nothing has happened."""
    return HttpResponseRedirect(f"/bench/done/{request.user.pk}/")


class Forgets:
    """Every page as its first reader gets it: whatever was cached is gone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        pagecache.forget()
        return self.get_response(request)
