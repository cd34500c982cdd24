"""Addresses that a page prints by the dozen."""

from functools import cache

from django.urls import reverse
from whitenoise.storage import CompressedManifestStaticFilesStorage

_MARK = 1_234_567_890_123_456_789  # no row has this number


def row(name: str, pk: int) -> str:
    """The address ``name`` of the row ``pk``, as ``reverse`` makes it: asked of the
    router once for each name, for it takes as long as printing the rest of a row."""
    if pk is None:
        return reverse(name, args=[pk])
    before, after = _around(name)
    return f"{before}{pk}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _mark, after = reverse(name, args=[_MARK]).partition(str(_MARK))
    return before, after


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's, which looks each address up once in a process: a page names thirty,
    and what is collected does not change while a server runs."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._known = {}

    def url(self, name, force=False):
        if force:
            return super().url(name, force)
        if name not in self._known:
            self._known[name] = super().url(name)
        return self._known[name]
