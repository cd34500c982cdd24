"""``manage.py demo``: what the contract promises to people who try the portal."""

import re
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from activities.training.enums import Motif
from activities.training.models import CourseClass, CourseKind, Term
from honors.models import AwardEdition, AwardProgram, Honoree, PublicNotice
from members.enums import TextState
from members.models import NoticeText, UnionOrg, User, Worker
from news.enums import ArticleState, Stage
from news.models import Article, ArticlePhoto, ArticleVersion, Byline, Comment, Series
from signups.models import Attendance, Draw, DrawChoice, DrawEntry, SeatPool, Signup
from signups.services import standing
from tests.pages import markup
from tests.unionportal.accounts import account
from unionportal.demo import newsroom
from unionportal.enums import LinkGroup
from unionportal.models import FooterLink
from volunteers.enums import HoursState
from volunteers.models import (
    HoursDispute,
    ReportedFigure,
    ServiceEvent,
    ServiceRecord,
    VolunteerTeam,
)
from volunteers.services import chain

pytestmark = pytest.mark.django_db  # also of those that only look

EVERYTHING = (User, Worker, UnionOrg, Article, Honoree, VolunteerTeam, Signup, Term)


def demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def counts() -> dict:
    return {model.__name__: model.objects.count() for model in EVERYTHING}


# These two come first: they want a portal that is still empty.


def test_demo_is_refused_in_production(settings):
    settings.IS_DEMONSTRATION = False

    with pytest.raises(CommandError, match="refused"):
        demo()

    assert not any(counts().values())


def test_demo_that_fails_halfway_leaves_the_portal_empty(monkeypatch):
    def fail(city):
        raise RuntimeError("halfway")

    monkeypatch.setattr(newsroom, "make", fail)

    with pytest.raises(RuntimeError, match="halfway"):
        demo()

    assert not any(counts().values())


def test_demo_says_a_line_for_each_room(made):
    lines = made.splitlines()

    heads = [line.partition(":")[0] for line in lines[:-1]]
    assert heads == [
        "People",
        "News",
        "Comments",
        "Pages that stay",
        "Channels",
        "Honours",
        "Nominations",
        "Juries",
        "Public notices",
        "Volunteers",
        "Asked of them",
        "Training",
        "The desk",
        "Checked in",
        "Served",
        "Draws",
        "Requests",
        "Told",
    ]
    assert "is made" in lines[-1]


def test_demo_run_again_changes_nothing(made):
    before = counts()

    with transaction.atomic():  # a failure must not spoil the tests that follow
        said = demo()

    assert said == "There is content already; nothing was changed.\n"
    assert counts() == before


def test_demo_codes_of_unions_begin_with_their_parents(made):
    for union in UnionOrg.objects.exclude(parent=None).select_related("parent"):
        assert union.code.startswith(union.parent.code)
        assert union.code != union.parent.code


def test_demo_names_itself_once_and_not_before_every_name(made, client):
    names = [
        *Worker.objects.values_list("name", flat=True),
        *User.objects.values_list("name", flat=True),
        *Honoree.objects.values_list("name", flat=True),
        *Byline.objects.values_list("name", flat=True),
        *CourseClass.objects.values_list("teacher_name", flat=True),
    ]

    page = client.get(reverse("home")).content.decode()

    assert [name for name in names if name.startswith("示例")] == []
    assert page.count("演示站点") == 1
    assert page.index("演示站点") < page.index("banner__name")


def test_demo_production_says_nothing_of_a_demonstration(client, settings):
    settings.IS_DEMONSTRATION = False

    assert "演示站点" not in client.get(reverse("home")).content.decode()


def test_demo_hard_names_are_among_the_workers(made):
    assert Worker.objects.filter(name="阿卜杜热合曼·买买提吐尔逊").exists()
    assert Worker.objects.filter(name="𠮷田").exists()


def test_demo_figures_of_the_report_that_can_be_counted(made):
    honoured = {
        program.name: program.honoured
        for program in AwardProgram.objects.with_names_on_the_wall()
    }

    of_report = {"攀枝花市劳动模范": 6, "攀枝花工匠": 11, "最美劳动者": 22}
    others = {"攀枝花市行业文明先锋": 5, "四川省劳动模范": 6}
    others |= {"全国先进工作者": 1, "四川省五一劳动奖状": 1}
    assert honoured == of_report | others
    assert VolunteerTeam.objects.active().count() == 30
    assert list(Term.objects.order_by("number").values_list("number", flat=True)) == [
        *range(1, 7)
    ]
    assert CourseKind.objects.count() >= 10


# figure: what must stand around it; approximations are kept and never sharpened
SOFT = {
    "9000": "近9000名",
    "170": "170余场",
    "22万": "22万余人次",
    "530": "530余场次",
    "20000": "近20000人",
    "600": "600余场",
    "19000": "19000余人",
}


def test_demo_reported_figures_keep_their_approximation(made):
    words = "\n".join(
        f"{version.title}\n{version.summary}\n{version.body}"
        for version in ArticleVersion.objects.all()
    )
    words = re.sub(r"<[^>]*>", "", words)  # a picture may have any number
    for figure, whole in SOFT.items():
        found = re.findall(rf"(?<!\d){figure}(?!\d)", words)

        assert found
        assert len(found) == words.count(whole), figure


def test_demo_articles_stand_in_every_state(made):
    states = [article.state for article in Article.objects.with_state().order_by("pk")]

    assert states.count(ArticleState.LIVE) >= 40
    assert states.count(ArticleState.SCHEDULED) == 1
    assert states.count(ArticleState.DRAFT) == 7
    assert states.count(ArticleState.WITHDRAWN) == 1
    assert states.count(ArticleState.EXPIRED) == 1
    stages = Counter(Article.objects.values_list("stage", flat=True))
    assert {stage for stage in Stage if not stages[stage]} == set()
    assert Article.objects.released_unread().count() == 1


def test_demo_comments_stand_in_every_state(made):
    states = set(Comment.objects.values_list("state", flat=True))
    assert states == {"pending", "approved", "flagged", "rejected"}
    shown = Comment.objects.shown().of_public()
    assert shown.values("article").distinct().count() >= 2
    [mine] = Comment.objects.filter(user=account(100))
    assert (mine.state, bool(mine.reason)) == ("rejected", True)


def test_demo_front_page_has_a_headline_pictures_and_a_series(made):
    headline = Article.objects.headline()
    series = Series.objects.opened().get()

    assert headline.series == series
    assert 1 < series.parts_out < series.planned_parts
    assert Article.objects.live().with_pictures().count() >= 10
    assert len(Article.objects.column_blocks()) == 8


def test_demo_every_column_of_the_home_page_opens_with_a_picture(made):
    blocks = Article.objects.column_blocks()
    newest = {column.name: articles[0].pk for column, articles in blocks}
    del newest["通知公告"]  # notices are a list of words

    illustrated = {article.pk for article in Article.objects.live().with_pictures()}

    assert set(newest.values()) <= illustrated
    assert all(len(articles) >= 5 for _column, articles in blocks)


def test_demo_every_kind_of_class_has_a_drawing_of_its_own(made):
    motifs = list(CourseKind.objects.values_list("motif", flat=True))

    assert len(motifs) == len(set(motifs)) >= 10
    assert Motif.OTHER not in motifs


def test_demo_every_one_of_the_honoured_has_a_portrait_of_one_hand(made):
    people = Honoree.objects.on_wall().filter(is_group=False, imported_from=None)
    assert people.exists()
    assert not people.filter(portrait_key="").exists()


def test_demo_has_public_notices_running_over_and_conferred(made):
    running = PublicNotice.objects.running().with_open_objections()
    certified = Honoree.objects.exclude(certificate=None)

    assert [notice.opposed for notice in running] == [True]
    assert PublicNotice.objects.to_approve().count() == 1
    assert certified.filter(is_group=True).exists()
    assert certified.filter(worker__user__isnull=False).exists()


def test_demo_footer_has_links_of_every_group(made):
    groups = [link.group for link in FooterLink.objects.all()]

    assert set(groups) == set(LinkGroup)
    assert all(groups.count(group) >= 2 for group in LinkGroup)


def test_demo_notice_of_the_term_leaves_to_the_page_what_the_page_says(made):
    term = Term.objects.get(number=6)

    assert len(term.notice_lines) == 3
    assert not re.search("限报|冲突|重叠|24小时", term.notice)


def test_demo_pictures_have_words(made):
    for photo in ArticlePhoto.objects.all():
        assert photo.alt
        assert photo.caption
        assert photo.credit == "示意图"  # drawn, not taken


def test_demo_second_picture_stands_in_the_text(made):
    placed = ArticlePhoto.objects.filter(is_placed=True)

    assert placed.values("key").distinct().count() == 3
    assert ArticleVersion.objects.filter(body__contains="[图").count() == 0


def test_demo_no_sign_is_left_of_how_texts_are_written(made):
    for version in ArticleVersion.objects.all():
        assert not re.search(r"[{}\[\]#=]", re.sub(r"<[^>]*>", "", version.body))


def test_demo_titles_have_all_lengths(made):
    lengths = [len(title) for title in Article.objects.values_list("title", flat=True)]

    assert max(lengths) == 106
    assert min(lengths) < 15


def test_demo_outbox_shows_what_may_become_of_a_text(made):
    states = set(NoticeText.objects.values_list("state", flat=True))

    # sending lasts a moment
    assert states == set(TextState.values) - {TextState.SENDING}


def looks():
    """Each class of the open term with its standing for a visitor."""
    classes = list(
        CourseClass.objects.filter(term__number=6).select_related("offering")
    )
    found = standing.look([one.offering for one in classes], None)
    return [found[one.offering_id] for one in classes]


def test_demo_open_term_shows_the_states_of_a_card(made):
    seen = looks()

    assert 10 <= len([one for one in seen if one.offering.draw_id is None]) <= 16
    is_open = [one for one in seen if not one.codes]
    assert any(one.left > one.capacity / 2 for one in is_open)
    assert any(0 < one.left <= one.capacity / 5 for one in is_open)
    assert any(not one.left and one.waiting for one in is_open)
    assert sum("not_open" in one.codes for one in seen) == 1
    off = [one.offering for one in seen if "withdrawn" in one.codes]
    assert sorted(one.is_unopened for one in off) == [False, True]
    assert CourseClass.objects.to_decide().count() == 1
    in_term = Attendance.objects.filter(occasion__lesson__course_class__term__number=6)
    assert {"present", "late", "excused"} <= set(
        in_term.values_list("state", flat=True)
    )
    assert SeatPool.objects.filter(kind="audience").count() == 2


def test_demo_open_term_runs_from_its_first_lesson_to_its_last(made):
    term = Term.objects.get(number=6)
    days = [
        # as planned: one class was brought forward
        timezone.localdate(lesson.moved_from or lesson.occasion.starts_at)
        for made_class in term.classes.all()
        for lesson in made_class.lessons.select_related("occasion")
    ]

    assert (min(days), max(days)) == (term.starts_on, term.ends_on)


def test_demo_newest_honours_are_of_the_last_spring(made):
    conferred = AwardEdition.objects.conferred().exclude(conferred_on=None)
    newest = conferred.latest("conferred_on").conferred_on

    assert timedelta() <= timezone.localdate() - newest < timedelta(days=366)


def test_demo_earlier_terms_are_over(made):
    earlier = CourseClass.objects.exclude(term__number=6).select_related("offering")
    found = standing.look([one.offering for one in earlier], None)

    assert earlier.count() >= 15
    # but for the one whose last lesson was put off to today
    going_on = [one for one in found.values() if "over" not in one.codes]
    assert len(going_on) <= 1
    assert all("closed" in one.codes for one in going_on)


def test_demo_desk_s_books_are_right(made):
    for pool in SeatPool.objects.all():
        assert pool.taken == Signup.objects.filter(pool=pool).count()


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "news:article-list",
        "activities:training:term-current",
        "honors:honoree-list",
        "volunteers:team-list",
    ],
)
def test_demo_main_pages_open(made, client, name):
    assert client.get(reverse(name), follow=True).status_code == 200


def test_demo_every_article_opens(made, client):
    for article in Article.objects.live():
        assert client.get(article.get_absolute_url()).status_code == 200


def test_demo_no_two_teams_introduce_themselves_alike(made):
    teams = VolunteerTeam.objects.all()
    told = [team.intro.replace(team.name, "") for team in teams]
    firsts = {words.split("\n\n")[0] for words in told}

    assert len(firsts) == len(told) == 30
    assert all(len(words.split("\n\n")) == 2 for words in told)
    assert not any("出队" in words for words in told)


def test_demo_tells_of_deeds_in_many_ways(made):
    led = VolunteerTeam.objects.exclude(leader=None)
    leaders = led.values_list("leader__name", flat=True)

    assert [name for name in leaders if re.search("队长|老师|干事", name)] == []


def test_demo_deeds_are_told_in_many_ways(made):
    told = set()
    for one in Honoree.objects.all():
        words = one.deeds
        for own in (one.name, one.employer, one.position):
            words = words.replace(own, "")
        told.add(words)

    assert len(told) >= 20


def test_demo_nobody_is_verified_before_there_was_an_account(made):
    verified = Worker.objects.exclude(user=None).select_related("user")

    assert verified.count() >= 100
    for worker in verified:
        assert worker.user.created_at < worker.verified_at
        assert worker.created_at < worker.verified_at


def test_demo_what_called_a_class_off_spares_the_others(made):
    """The reason is a room under repair: no class that runs is taught in it."""
    classes = CourseClass.objects.filter(term__number=6).select_related("offering")
    classes = classes.exclude(offering__is_unopened=True)
    off = [one for one in classes if one.offering.withdrawn_at]
    rooms = {(one.venue_id, one.room) for one in off}

    assert len(off) == 1
    assert off[0].room.name in off[0].offering.withdrawn_reason
    assert [
        one.name
        for one in classes
        if one not in off and (one.venue_id, one.room) in rooms
    ] == []


def test_demo_nobody_teaches_on_the_day_the_venues_are_closed(made):
    for one in CourseClass.objects.prefetch_related("lessons__occasion"):
        for lesson in one.lessons.all():
            day = timezone.localdate(lesson.occasion.starts_at)
            if day != timezone.localdate():  # put off to today, whichever day that is
                assert day.isoweekday() != 1, one.name


def test_demo_scheduled_announcement_speaks_of_its_own_day(made):
    announced = next(
        article
        for article in Article.objects.with_state()
        if article.state == ArticleState.SCHEDULED
    )
    version = ArticleVersion.objects.filter(article=announced).latest("pk")

    for words in (version.title, version.body):
        assert "今日9:00" in words
        assert not re.search("明日|今天|昨", words)


def test_demo_near_20000_are_the_whole_city_s(made):
    for version in ArticleVersion.objects.filter(body__contains="近20000人"):
        sentences = re.findall(r"[^。]*近20000人[^。]*", version.body)

        assert all("全市" in one and "本站登记" in one for one in sentences), sentences


def test_demo_titles_say_neither_their_state_nor_a_month_that_passes(made):
    titles = Article.objects.values_list("title", flat=True)

    assert [title for title in titles if re.search("草稿|本月", title)] == []


def test_demo_has_a_door_open_and_a_list_on_paper_half_typed_back(made):
    from signups.models import Attendance, PaperSheet

    [sheet] = PaperSheet.objects.for_list()
    assert sheet.closed_at is None and sheet.photo_key
    assert 0 < sheet.entered < sheet.count
    came = Attendance.objects.filter(arrived_at__isnull=False)
    assert came.filter(signup__offering__post=None).count() == 3


def test_demo_has_hours_in_every_state_and_services_of_eight_teams(made):
    rows = ServiceRecord.objects.with_state()
    past = ServiceEvent.objects.past().filter(closed_at__isnull=False)
    coming = ServiceEvent.objects.coming()

    assert set(rows.values_list("standing", flat=True)) == set(HoursState.values)
    assert past.values("team").distinct().order_by().count() >= 8
    assert coming.values("team").distinct().order_by().count() >= 7
    assert HoursDispute.objects.open().count() == 1
    assert chain.verify().broken is None
    mine = ServiceRecord.objects.filter(worker=account(100).worker)
    assert mine.certifiable().total()["records"] == 4
    assert mine.publicised().count() == 1


def test_demo_figures_of_the_report_are_never_those_counted_here(made, client):
    counted = ServiceEvent.objects.past().count()
    [reported] = ReportedFigure.objects.filter(of="services")

    said = markup(client.get(reverse("volunteers:team-list")))

    assert reported.number == "600余" and reported.number in said
    assert str(reported.value + counted) not in said


def test_demo_shows_each_state_of_a_draw(made):
    stages = {draw.stage for draw in Draw.objects.all()}
    [released] = [one for one in Draw.objects.all() if one.stage == "released"]

    assert stages == {"open", "frozen", "released"}
    assert DrawChoice.objects.filter(entry__draw=released, outcome="won").exists()
    assert DrawEntry.objects.filter(weight__gt=1).exists()
    can_enter = User.objects.by_phone("+8613900000100").worker
    [draw] = [one for one in Draw.objects.all() if one.stage == "open"]
    seen = [standing.look_at(one, can_enter) for one in draw.offerings.all()]
    assert any(one.reasons == [] for one in seen)
