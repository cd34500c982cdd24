"""Holidays and make-up days: the table, counting, and reading a notice."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from common import holidays, services, workdays
from common.errors import Refusal
from common.models import Change, Holiday
from tests.factories import make_user
from unionportal.services import write_roles

# In the style of the official ones: all that a reader has to leave out is in it.
NOTICE = """示例办公厅关于2031年
部分节假日安排的通知
各区县，各单位：
　　经批准，现将2031年元旦、春节等放假调休日期的具体安排通知如下。
　　一、元旦：2030年12月31日（周二）至2031年1月2日（周四）放假调休，共3天。2030年12月29日（星期日）上班。
　　二、春节：1月22日(农历除夕、周三)至28日放假调休，共7天。1月19日（周日）、２月１日（周六）上班。鼓励各单位安排职工在2月3日（周一）休息。
　　三、清明节：4月5日放假，与周末连休；4月7日（周一）补休。
　　四、劳动节：4月30日至5月3日放假调休，共4天。
　　五、端午节：6月24日（周二）放假1天。
　　六、中秋节、国庆节：9月30日至10月6日放假调休，共7天。9月28日（周日）上班。
　　节假日期间，各单位要妥善安排好值班和安全、保卫等工作。
　　2030年11月1日
"""


def codes(call, *arguments, **more):
    with pytest.raises(Refusal) as refusal:
        call(*arguments, **more)
    return refusal.value.codes


# --- counting -------------------------------------------------------------------------


@pytest.mark.django_db
def test_workdays_of_each_year_are_as_many_as_the_notices_gave():
    years = range(2018, 2026)
    counted = [
        workdays.workdays_between(date(year, 1, 1), date(year, 12, 31))
        for year in years
    ]

    assert counted == [250, 250, 249, 250, 249, 249, 251, 248]
    # the rest of 2026 needs the notice for 2027
    spring = workdays.workdays_between(date(2026, 1, 1), date(2026, 12, 24))
    assert spring + 5 == 248


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2018-04-28", True),  # a Saturday
        ("2018-04-30", False),  # a Monday
        ("2018-12-29", True),  # the notice for 2019
        ("2018-12-31", False),
        ("2020-01-31", False),  # the epidemic
        ("2024-02-09", True),  # New Year's Eve: leave was only encouraged
        ("2025-10-11", True),
        ("2026-11-28", False),
        ("2026-11-30", True),
    ],
)
def test_is_workday_follows_the_notices(day, works):
    assert workdays.is_workday(date.fromisoformat(day)) is works


@pytest.mark.django_db
def test_add_workdays_ends_a_period_of_five_days_across_the_first_of_may():
    """From Thursday 26 April 2018, whose first day counts, to 3 May."""
    eve = date(2018, 4, 25)

    assert workdays.add_workdays(eve, 1) == date(2018, 4, 26)
    assert workdays.add_workdays(eve, 3) == date(2018, 4, 28)
    assert workdays.add_workdays(eve, 5) == date(2018, 5, 3)
    assert workdays.workdays_between(date(2018, 4, 26), date(2018, 5, 3)) == 5
    assert workdays.workdays_between(date(2018, 5, 1), date(2018, 5, 1)) == 0
    assert workdays.workdays_between(date(2018, 5, 2), date(2018, 5, 1)) == 0
    with pytest.raises(ValueError, match="forwards"):
        workdays.add_workdays(eve, 0)


@pytest.mark.django_db
def test_a_year_without_its_notice_is_refused_and_never_guessed():
    """2027 is not known, and so neither is the end of December 2026."""
    assert workdays.is_workday(date(2026, 12, 24))
    for day in (date(2026, 12, 25), date(2027, 3, 1), date(2017, 12, 1)):
        assert codes(workdays.is_workday, day) == {"holidays_unknown"}
    with pytest.raises(Refusal, match="2027年的放假安排尚未录入"):
        workdays.add_workdays(date(2026, 12, 20), 9)
    assert workdays.add_workdays(date(2026, 12, 20), 4) == date(2026, 12, 24)
    with pytest.raises(Refusal, match="2027"):
        workdays.workdays_between(date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-10-31", (2026,)), ("2026-11-01", (2026, 2027)), ("2027-03-01", (2027,))],
)
def test_wanted_years_have_the_next_among_them_from_november_on(today, years):
    assert workdays.wanted_years(date.fromisoformat(today)) == years


# --- the file -------------------------------------------------------------------------


@pytest.mark.django_db
def test_load_holidays_is_idempotent_and_leaves_what_a_person_changed():
    day = Holiday.objects.get(date=date(2018, 4, 28))
    day.works, day.name = False, "改过的"
    services.save_holiday(holiday=day, by=None)
    Holiday.objects.filter(date=date(2018, 5, 1)).delete()

    assert services.load_holidays() == 1
    assert services.load_holidays() == 0
    day.refresh_from_db()
    assert (day.works, day.name) == (False, "改过的")


# --- reading a notice -----------------------------------------------------------------


def test_read_gives_every_day_of_a_notice():
    read = holidays.read(NOTICE)
    off = [day.date for day in read.days if not day.works]
    works = {day.date for day in read.days if day.works}

    assert (read.year, read.missing) == (2031, [])
    assert works == {
        date(2030, 12, 29),
        date(2031, 1, 19),
        date(2031, 2, 1),
        date(2031, 9, 28),
    }
    assert off[:3] == [date(2030, 12, 31), date(2031, 1, 1), date(2031, 1, 2)]
    assert date(2031, 1, 22) in off and date(2031, 1, 28) in off
    assert date(2031, 2, 3) not in off  # only encouraged
    assert {date(2031, 4, 5), date(2031, 4, 7)} < set(off)
    assert date(2031, 4, 6) not in off  # a Sunday by itself
    assert {date(2031, 4, 30), date(2031, 5, 3)} < set(off)
    assert len(off) == 3 + 7 + 2 + 4 + 1 + 7


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "year_missing"),
        ("随便一段话", "year_missing"),
        ("2031年部分节假日安排\n没有段落", "no_paragraph"),
        ("2031年部分节假日安排\n一、元旦：照常。", "no_days"),
        ("2031年部分节假日安排\n一、元旦：2月30日放假。", "odd_day"),
        ("2031年部分节假日安排\n一、元旦：3日放假。", "odd_day"),
        ("2031年部分节假日安排\n一、元旦：5月9日至1日放假。", "odd_day"),
        ("2031年部分节假日安排\n一、元旦：5月1日至6月1日放假。", "odd_day"),
        ("2031年部分节假日安排\n一、元旦：2035年1月1日放假。", "odd_day"),
        ("2031年部分节假日安排\n一、元旦：0000年1月1日放假。", "odd_day"),
        ("2031年部分节假日安排\n一、元旦：1月1日放假。1月1日上班。", "contradiction"),
    ],
)
def test_read_refuses_what_it_cannot_read(text, code):
    assert codes(holidays.read, text) == {code}


@pytest.mark.django_db
def test_save_notice_wants_every_festival_of_a_year_that_is_not_known():
    whole = holidays.read(NOTICE)
    part = holidays.read("2031年节假日调整\n一、端午节：6月25日放假。")

    assert codes(services.save_notice, notice=part, title="号", by=None) == {
        "festivals_missing"
    }
    by = make_user()
    services.save_notice(notice=whole, title="号", by=by)
    services.save_notice(notice=part, title="补充", by=by)
    moved = holidays.read("2031年节假日调整\n一、端午节：6月25日上班。")
    services.save_notice(notice=moved, title="再补充", by=by)

    added = Holiday.objects.get(date=date(2031, 6, 25))
    assert (added.works, added.notice) == (True, "再补充")
    assert added.entered_by == by
    assert Change.objects.get(of_id=added.pk).by == by


# --- the back office ------------------------------------------------------------------

PASTE = reverse("admin:common_holiday_notice")


@pytest.fixture
def chief(client):
    write_roles()
    client.force_login(make_user(is_staff=True, roles=["系统管理员"]))
    return client


@pytest.mark.django_db
def test_a_notice_is_previewed_with_weekdays_and_saved_as_it_was_seen(chief):
    typed = {"text": NOTICE, "title": "示例发〔2030〕1号"}

    unseen = chief.post(PASTE, typed | {"_save": ""})
    shown = chief.post(PASTE, typed)
    seen = shown.context["form"]["seen"].value()
    other = chief.post(
        PASTE,
        typed | {"_save": "", "seen": seen, "text": NOTICE.replace("24日", "25日")},
    )
    assert unseen.status_code == shown.status_code == other.status_code == 200
    assert not Holiday.objects.of_notice(2031)
    page = shown.content.decode()
    assert "2030-12-29" in page and "周日" in page and "上班" in page
    saved = chief.post(PASTE, typed | {"_save": "", "seen": seen})

    assert saved.status_code == 302
    assert len(Holiday.objects.of_notice(2031)) == 28
    assert set(Holiday.objects.filter(notice_year=2031).values_list("notice")) == {
        ("示例发〔2030〕1号",)
    }


@pytest.mark.django_db
def test_a_notice_that_cannot_be_read_is_refused_at_its_box_and_stays(chief):
    page = chief.post(PASTE, {"text": "不是通知", "title": "号"})

    assert page.context["form"].errors["text"] == [
        "没有读到年份，请连同通知的标题一起粘贴。"
    ]
    assert "不是通知" in page.content.decode()


@pytest.mark.django_db
def test_only_who_runs_the_site_enters_notices(client):
    write_roles()
    client.force_login(make_user(is_staff=True, roles=["审计员"]))

    assert client.get(PASTE).status_code == 403
    assert client.get(reverse("admin:common_holiday_changelist")).status_code == 200


@pytest.mark.django_db
def test_home_of_the_back_office_asks_for_a_missing_year(chief):
    today = timezone.localdate()
    for year in (today.year, today.year + 1):
        Holiday.objects.filter(notice_year=year).delete()

    def missing():
        waiting = chief.get("/admin/").context["waiting"]
        return {one.title[:5] for one in waiting if "放假" in one.title and one.number}

    assert f"{today.year}年" in missing()
    for year in (today.year, today.year + 1):
        Holiday.objects.create(
            date=date(year, 1, 1),
            works=False,
            name="元旦",
            notice_year=year,
            notice="号",
        )
    assert missing() == set()


@pytest.mark.django_db
def test_a_day_is_corrected_by_hand(chief):
    day = Holiday.objects.get(date=date(2018, 4, 28))
    url = reverse("admin:common_holiday_change", args=[day.pk])
    shown = chief.get(url).context["adminform"].form

    typed = {name: shown[name].value() for name in shown.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, True)}
    answer = chief.post(url, typed)

    assert answer.status_code == 302
    day.refresh_from_db()
    assert day.works is False and day.date == date(2018, 4, 28)
