import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from honors import services
from honors.cards import GROUNDS
from honors.enums import Gender, Industry, Level, ProgramKind
from tests.honors.factories import make_edition, make_honoree, make_program
from tests.news.factories import make_upload

pytestmark = pytest.mark.django_db
HALL = "honors:honoree-list"


def of_this_room(queries):
    return [query for query in queries if '"honors_' in query["sql"]]


def get(client, url, **query):
    """The answer, and how many queries went to the tables of this room."""
    client.get(url, query)  # the frame's menu is cached after the first page
    with CaptureQueriesContext(connection) as caught:
        response = client.get(url, query)
    return response, len(of_this_room(caught.captured_queries)), len(caught)


@pytest.mark.parametrize("rows", [1, 5])
def test_honoree_list_costs_four_queries_however_long(client, rows):
    for _ in range(rows):
        make_honoree(industry=Industry.STEEL)

    response, ours, _all = get(client, reverse(HALL))

    # counts of all filters, page, awards, editions
    assert ours == 4
    assert len(response.context["cards"]) == rows
    assert response.content.decode().count('class="person"') == rows


@pytest.mark.parametrize("rows", [1, 5])
def test_edition_page_costs_four_queries_however_long(client, rows):
    edition = make_edition()
    for _ in range(rows):
        make_honoree(edition=edition)

    response, ours, _all = get(client, edition.get_absolute_url())

    assert ours == 4  # edition, page count, page, other editions
    assert len(response.context["cards"]) == rows


def test_edition_page_names_its_award_once_and_the_other_years(client):
    program = make_program(name="示例工匠")
    edition = make_edition(program=program, title="2018年“示例工匠”")
    today = timezone.localdate()
    for title, ago in (("前年的", 700), ("去年的", 400), ("未授予的", -1)):
        make_edition(
            program=program,
            title=title,
            conferred_on=today - timedelta(days=ago),
            is_conferred=ago > 0,
        )
    make_edition(title="别的称号")
    make_honoree(edition=edition)

    page = client.get(edition.get_absolute_url())

    html = page.content.decode()
    wall = html[html.index("people--wall") :]
    assert "示例工匠 " not in wall
    assert "chip" not in wall[: wall.index("</a>")]
    assert [entry["title"] for entry in page.context["others"]] == ["去年的", "前年的"]
    assert "其他年度" in html


def test_honoree_list_and_edition_page_cost_the_same_at_both_sizes(client):
    make_honoree()
    _response, _ours, few = get(client, reverse(HALL))
    for _ in range(10):
        make_honoree(edition=make_edition())

    _response, _ours, many = get(client, reverse(HALL))

    assert many == few


def test_honoree_list_empty_says_so(client):
    response = client.get(reverse(HALL))

    assert response.status_code == 200
    assert "荣誉殿堂还没有公布人物" in response.content.decode()


def test_honoree_list_without_a_match_says_so_and_offers_the_way_back(client):
    make_honoree(name="王示例")

    page = client.get(reverse(HALL), {"name": "没有此人"}).content.decode()

    assert "没有符合条件的人物" in page
    assert "清除筛选条件" in page


def test_honoree_list_filters_in_force_stand_as_chips_that_take_themselves_back(client):
    honoree = make_honoree(industry=Industry.STEEL)
    program = honoree.edition.program

    response = client.get(
        reverse(HALL), {"program": program.pk, "industry": "steel", "page": "1"}
    )

    assert [(pick.label, pick.url) for pick in response.context["picks"]] == [
        (program.name, "?industry=steel"),
        ("钢铁钒钛", f"?program={program.pk}"),
    ]


def test_honoree_list_facet_counts_what_the_other_filters_leave(client):
    steel = make_edition(program=make_program(position=1), year=2016)
    health = make_edition(program=make_program(position=2), year=2018)
    make_honoree(edition=steel, industry=Industry.STEEL)
    make_honoree(edition=health, industry=Industry.HEALTH)
    make_honoree(edition=health, industry=Industry.HEALTH)

    response = client.get(reverse(HALL), {"year": 2018})
    program, _level, year, industry, _district = response.context["facets"]

    assert [(c.count, c.is_chosen) for c in year.choices] == [
        (None, False),
        (2, True),
        (1, False),
    ]
    assert [c.count for c in program.choices] == [None, 2]
    assert [c.label for c in industry.choices] == ["全部", "医疗卫生"]


@pytest.mark.parametrize(
    "query",
    [
        {"program": "abc"},
        {"program": "99999999999999999999"},
        {"year": "-1"},
        {"industry": "nothing"},
    ],
)
def test_honoree_list_with_a_mangled_filter_still_shows_the_wall(client, query):
    make_honoree(name="王示例")

    response = client.get(reverse(HALL), query)

    assert response.status_code == 200
    assert "王示例" in response.content.decode()


def test_edition_page_pages_follow_each_other_with_their_filter_and_end_in_404(client):
    edition = make_edition(year=2018)
    for _ in range(25):
        make_honoree(edition=edition)

    first = client.get(reverse(HALL), {"year": 2018})

    assert len(first.context["cards"]) == 24
    assert "?year=2018&amp;page=2" in first.content.decode()
    assert client.get(reverse(HALL), {"page": 2}).status_code == 200
    assert client.get(reverse(HALL), {"page": 3}).status_code == 404


def test_honoree_page_says_what_was_true_at_the_award(client):
    edition = make_edition(
        program=make_program(name="示例工匠", level=Level.NATIONAL),
        title="2018年示例工匠",
        doc_no="示例〔2018〕1号",
        awarding_body="示例总工会",
    )
    honoree = make_honoree(
        edition=edition, name="王示例", position="焊工", deeds="第一段\n\n<b>第二段</b>"
    )

    page = client.get(honoree.get_absolute_url()).content.decode()

    for words in ("王示例", "焊工", "国家级", "2018年示例工匠", "示例〔2018〕1号"):
        assert words in page
    assert "<p>第一段</p>" in page
    assert "<b>第二段</b>" not in page


def test_honoree_page_of_a_revoked_honour_is_gone_without_a_name(client):
    honoree = make_honoree(name="王示例", deeds="机密事迹")
    services.revoke(honoree=honoree, reason="查实弄虚作假", by=None)

    response = client.get(honoree.get_absolute_url())
    page = response.content.decode()

    assert response.status_code == 410
    for word in ("王示例", "机密事迹", "查实弄虚作假"):
        assert word not in page
    assert "王示例" not in client.get(reverse(HALL)).content.decode()


def test_honoree_page_is_absent_before_the_conferral(client):
    """Though its day has come."""
    honoree = make_honoree(edition=make_edition(is_conferred=False))

    assert client.get(honoree.get_absolute_url()).status_code == 404
    assert client.get(honoree.edition.get_absolute_url()).status_code == 404


def test_honoree_page_with_a_very_long_title_does_not_break(client):
    edition = make_edition(title="示" * 80)
    honoree = make_honoree(edition=edition, name="阿卜杜热合曼·买买提吐尔逊")

    for url in (reverse(HALL), honoree.get_absolute_url(), edition.get_absolute_url()):
        assert client.get(url).status_code == 200


def portrait_of(honoree):
    picture = make_upload(300, 400)
    portrait = services.keep_portrait(picture)
    services.set_portrait(honoree=honoree, portrait=portrait, by=None)
    return honoree.portrait(480)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_portrait_is_seen_as_long_as_its_honour_stands(client, media):
    honoree = make_honoree()
    portrait = portrait_of(honoree)

    answer = client.get(portrait["url"])
    page = client.get(honoree.get_absolute_url()).content.decode()
    wall = client.get(reverse(HALL)).content.decode()

    assert (portrait["width"], portrait["height"]) == (300, 400)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert portrait["url"].replace("480", "960") in page
    assert portrait["url"] in wall

    services.revoke(honoree=honoree, reason="查实", by=None)

    assert client.get(portrait["url"]).status_code == 404


def test_portrait_of_another_size_or_name_is_404(client, media):
    url = portrait_of(make_honoree())["url"]

    assert client.get(url.replace("480", "481")).status_code == 404
    assert (
        client.get(reverse("honors:portrait", args=["0" * 32, 480])).status_code == 404
    )


def test_portrait_taken_away_leaves_the_drawing(client, media):
    honoree = make_honoree()
    url = portrait_of(honoree)["url"]

    services.set_portrait(honoree=honoree, portrait=None, by=None)

    assert client.get(url).status_code == 404
    page = client.get(honoree.get_absolute_url()).content.decode()
    assert "img/honour-craftsman.svg" in page


@pytest.mark.parametrize(
    ("facts", "drawing"),
    [
        ({}, "honour-medal.svg"),
        ({"gender": Gender.WOMAN}, "honour-medal-woman.svg"),
        ({"gender": Gender.MAN}, "honour-medal-man.svg"),
        ({"is_group": True, "gender": Gender.MAN}, "honour-collective.svg"),
    ],
)
def test_portrait_that_is_missing_is_the_drawing_of_the_honour(client, facts, drawing):
    edition = make_edition(program=make_program(kind=ProgramKind.LABOUR_MEDAL))
    honoree = make_honoree(edition=edition, industry=Industry.HEALTH, **facts)

    for url in (reverse("honors:honoree-list"), honoree.get_absolute_url()):
        page = client.get(url).content.decode()
        assert re.findall(r"img/(honour-.*?svg)", page) == [drawing]
        assert "ground--green" in page


def test_portrait_drawing_has_a_ground_for_every_industry_and_the_sheet_its_colour():
    sheet = (settings.BASE_DIR / "static/css/cards.css").read_text(encoding="utf-8")

    assert set(GROUNDS) == set(Industry)
    assert all(f".ground--{ground} " in sheet for ground in GROUNDS.values())
    assert len(set(GROUNDS.values())) >= 5


def test_portrait_photo_stands_on_no_ground(client, media):
    honoree = make_honoree(industry=Industry.HEALTH)
    portrait_of(honoree)

    page = client.get(honoree.get_absolute_url()).content.decode()

    assert "ground--" not in page


def test_keep_portrait_refuses_a_file_that_is_no_picture_in_words(media):
    with pytest.raises(Refusal, match="只支持"):
        services.keep_portrait(SimpleUploadedFile("x.jpg", b"no"))
