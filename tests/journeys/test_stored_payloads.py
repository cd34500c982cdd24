"""What is typed into any text of the portal is text on every page that shows it: no
element, no handler, no address that acts. (That the browser runs nothing besides is the
Content-Security-Policy; tests/unionportal and tests/browser watch that.)"""

from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.urls import reverse

from activities.training import services as training
from activities.venues import services as venues
from common.errors import Refusal
from members.models import UnionOrg, Worker
from news.services import Credit
from signups.services import seats
from tests.activities.factories import make_class, make_kind, make_term, make_venue
from tests.factories import make_union, make_user, make_worker
from tests.honors.factories import make_edition, make_honoree, make_program
from tests.news.factories import make_article, make_column, make_photo, make_series
from tests.volunteers.factories import make_membership, make_team

pytestmark = pytest.mark.django_db

MARK = "evil"
TEXT = f"\"'><img src={MARK} onerror=alert(1)><script>{MARK}()</script>"
ACTING_LINKS = f"""<a href="jAva&#10;script:{MARK}()">甲</a>
<a href="data:text/html,{MARK}">乙</a>"""
BODY = f"""<p onclick="{MARK}()">正文<o:p></o:p></p>{TEXT}
<!--[if gte mso 9]><script>{MARK}()</script><![endif]-->
<svg><script>{MARK}()</script></svg><iframe src="//{MARK}.example"></iframe>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src={MARK}
onerror=1&gt;"></mglyph></table></mtext></math>
<noscript><p title="</noscript><img src={MARK} onerror={MARK}()>"></noscript>
{ACTING_LINKS}
<form action="//{MARK}.example"><input name="password"></form>
<base href="//{MARK}.example"><p style="background:url({MARK})">末</p>"""


def text(length: int) -> str:
    """The payload, cut to what the field takes: half a tag is a payload too."""
    return TEXT[:length]


class Acting(HTMLParser):
    """Collects what of a page would act, or bears the payload outside of text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.script = False

    def handle_starttag(self, tag, attrs):
        # linked data is not run; that it cannot be left is what the parser shows
        is_data = dict(attrs).get("type") == "application/ld+json"
        self.script = tag in ("script", "style") and not is_data
        for name, value in attrs:
            value = (value or "").strip().lower()
            acts = value.startswith(("javascript:", "data:text"))
            if name.startswith("on") or acts or name == "style" and MARK in value:
                self.found.append((tag, name, value))
            if name in ("src", "href", "action") and value.startswith(MARK):
                self.found.append((tag, name, value))
        if tag in ("iframe", "base", "object", "embed"):
            self.found.append((tag, attrs))

    def handle_endtag(self, tag):
        self.script = False

    def handle_data(self, data):
        if self.script and f"{MARK}(" in data:
            self.found.append(("script", data))


def acting(page: str) -> list:
    reader = Acting()
    reader.feed(page)
    reader.close()
    return reader.found


@pytest.fixture
def rows():
    """Every room with the payload in each text that the public or staff may see."""
    column = make_column(name=text(20), description=text(200))
    article = make_article(
        column=column,
        series=make_series(title=text(60), intro=TEXT),
        series_no=1,
        title=TEXT,
        subtitle=TEXT,
        source_name=text(60),
        source_url=f'https://example.org/"><script>{MARK}()</script>',
        summary=TEXT,
        editor_note=TEXT,
        body=BODY.replace(ACTING_LINKS, ""),  # refused: see the last test
        bylines=(Credit("reporter", text(30)),),
        photos=(make_photo(caption=TEXT, credit=text(30), alt=TEXT),),
    )
    venue = make_venue(name=text(30), address=text(60), directions=TEXT, intro=TEXT)
    venues.save_venue(venue=venue, by=None)
    term = make_term(title=text(50), notice=TEXT, contact_phone=text(20))
    made = make_class(
        term=term,
        venue=venue,
        kind=make_kind(name=text(10)),
        name=text(30),
        room=text(20),
        teacher_name=text(20),
        teacher_intro=TEXT,
        intro=TEXT,
        needs=text(80),
    )
    training.name_lesson(lesson=made.lessons.first(), topic=text(40), by=None)
    union = make_union()
    UnionOrg.objects.filter(pk=union.pk).update(name=text(100))
    union.refresh_from_db()
    user = make_user(name=text(30))
    worker = make_worker(user=user, name=text(30), union_org=union)
    Worker.objects.filter(pk=worker.pk).update(member_number=text(30))
    signup = seats.sign_up(offering_id=made.offering.pk, worker=worker, by=user)
    honoree = make_honoree(
        name=text(40),
        employer=text(60),
        position=text(30),
        deed=text(60),
        deeds=BODY,
        motto=text(60),
        edition=make_edition(
            title=text(60),
            intro=TEXT,
            program=make_program(name=text(30), intro=TEXT),
        ),
    )
    team = make_team(name=text(40), slogan=text(60), intro=TEXT, union_org=union)
    make_membership(team=team, worker=worker)
    return locals()


def public_pages(rows) -> list[str]:
    named = ("article", "column", "venue", "term", "made", "honoree", "team")
    pages = [rows[name].get_absolute_url() for name in named]
    pages += [rows["article"].series.get_absolute_url()]
    pages += [rows["honoree"].edition.get_absolute_url()]
    signup = rows["signup"].pk
    return [
        *pages,
        *("/", "/my/", "/news/", "/honors/", "/volunteers/", "/activities/"),
        f"/honors/?name={TEXT}",
        reverse("activities:venues:venue-list"),
        reverse("signups:signup-detail", args=[signup]),
        reverse("signups:signup-cancel", args=[signup]),
    ]


def test_stored_payload_reader_finds_what_acts():
    assert len(acting(BODY)) > 5
    assert acting(f"<p>{TEXT}</p>")
    assert acting("<p>好</p>") == []


def test_stored_payload_acts_on_no_public_page(client, rows):
    client.force_login(rows["user"])
    seen = {}

    for path in public_pages(rows):
        response = client.get(path)
        assert response.status_code == 200, path
        page = response.content.decode()
        seen[path] = MARK in page or "&lt;img" in page or "&quot;" in page
        assert acting(page) == [], path

    assert sum(seen.values()) > len(seen) / 2  # the payload was there to be read


def test_stored_payload_acts_nowhere_in_the_back_office(client, rows):
    administrator = make_user(is_staff=True)
    administrator.is_superuser = True
    administrator.save(update_fields=["is_superuser"])
    client.force_login(administrator)
    paths = []
    for model in admin.site._registry:
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        paths.append(reverse(f"admin:{label}_changelist"))
        if row := model._default_manager.first():
            paths += [
                reverse(f"admin:{label}_{page}", args=[row.pk])
                for page in ("change", "history")
            ]
    article = rows["article"]
    paths.append(reverse("news:article-preview", args=[article.pk]))
    paths.append(reverse("admin:news_article_withdraw", args=[article.pk]))

    for path in paths:
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        assert acting(response.content.decode()) == [], path


def test_stored_payload_addresses_that_act_are_refused(rows):
    version = rows["article"].live_version

    assert acting(version.body) == []
    with pytest.raises(Refusal):
        make_article(source_url=f"javascript:{MARK}()")
    with pytest.raises(Refusal):
        make_article(body=f"<p>{ACTING_LINKS}</p>")
