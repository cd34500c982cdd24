import pytest
from django.urls import reverse

from common import links

NAMES = [
    "news:article-detail",
    "news:column-detail",
    "news:series-detail",
    "honors:edition-detail",
    "honors:honoree-detail",
    "volunteers:team-detail",
    "activities:training:term-detail",
    "activities:training:class-detail",
    "activities:venues:venue-detail",
]


@pytest.mark.parametrize("pk", [1, 2**62])
def test_row_is_what_the_router_says(pk):
    assert [links.row(name, pk) for name in NAMES] == [
        reverse(name, args=[pk]) for name in NAMES
    ]


def test_static_files_know_an_address_once_looked_up(monkeypatch, tmp_path):
    asked = []

    def url(self, name, force=False):
        asked.append(name)
        return f"/static/{name}"

    monkeypatch.setattr(links.CompressedManifestStaticFilesStorage, "url", url)
    files = links.StaticFiles(location=tmp_path, base_url="/static/")

    assert [files.url("a.css"), files.url("a.css")] == ["/static/a.css"] * 2
    assert asked == ["a.css"]
