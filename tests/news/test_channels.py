"""The register of channels, its inspections, and columns that are not kept up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from news.models import Channel, Column, Inspection
from news.services import channels, give_duty
from tests.factories import make_user
from tests.news.factories import make_article, make_column
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def inspector():
    write_roles()
    return make_user(roles=["终审"], is_staff=True)


def make_channel(**fields):
    fields = {
        "name": "示例报",
        "kind": "newspaper",
        "host": "示例市总工会",
        "sponsor": "示例宣教部",
        "responsible": "示例·责任人",
        "inspect_every_days": 30,
    } | fields
    return channels.save_channel(channel=Channel(**fields), by=None)


def inspect(channel, by, *, ago=0, **fields):
    on = timezone.localdate() - ago * DAY
    row = Inspection(channel=channel, on=on, **fields)
    return channels.save_inspection(inspection=row, by=by)


def test_overdue_channels_are_those_nobody_looked_at_in_their_time(inspector):
    today = timezone.localdate()
    on_the_day, late, new = (make_channel(name=name) for name in ("a", "b", "c"))
    closed = make_channel(name="d", is_active=False)
    inspect(on_the_day, inspector, ago=30)
    for channel in (late, closed):
        inspect(channel, inspector, ago=31)
    inspect(late, inspector, ago=60)

    assert list(Channel.objects.overdue(today)) == [late]
    assert new in Channel.objects.overdue(today + 31 * DAY)


def test_inspection_says_what_is_missing_at_its_field(inspector):
    with pytest.raises(Refusal) as refused:
        inspect(make_channel(), inspector, ago=-1, severity="major")
    assert refused.value.codes == {"on_future", "findings_missing", "due_missing"}


def test_inspection_is_open_until_it_is_put_right(inspector):
    today = timezone.localdate()
    row = inspect(
        make_channel(), inspector, severity="minor", findings="链接失效", due_on=today
    )
    assert list(Inspection.objects.open()) == [row]

    row.fixed_on, row.fixed_note = today, "已改正"
    channels.save_inspection(inspection=row, by=make_user())

    assert not Inspection.objects.open().exists()
    assert row.by == inspector


def test_inspection_is_written_down_in_the_back_office(inspector, client):
    channel = make_channel()
    client.force_login(inspector)
    data = {
        "channel": channel.pk,
        "on": str(timezone.localdate()),
        "severity": "major",
        "findings": "",
        "due_on": "",
        "fixed_on": "",
        "fixed_note": "",
    }
    address = reverse("admin:news_inspection_add")

    answer = client.post(address, data)
    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) == {"findings", "due_on"}

    data |= {"findings": "图片过期", "due_on": str(timezone.localdate() + 7 * DAY)}
    assert client.post(address, data).status_code == 302
    assert Inspection.objects.get().by == inspector


def test_columns_that_are_not_kept_up_are_listed():
    now = timezone.now()
    kept, late, free = make_column(), make_column(), make_column()
    empty, closed = make_column(), make_column(is_active=False)
    Column.objects.exclude(pk=free.pk).update(
        update_every_days=7, created_at=now - 30 * DAY
    )
    make_article(column=kept, at=now - 6 * DAY)
    for column in (late, free, closed):
        make_article(column=column, at=now - 8 * DAY)

    assert set(Column.objects.not_updated()) == {late, empty}


def test_home_of_the_back_office_says_what_is_overdue(inspector, client):
    channel = make_channel()
    inspect(
        channel,
        inspector,
        ago=31,
        severity="minor",
        findings="旧",
        due_on=timezone.localdate(),
    )
    column = make_column()
    give_duty(column=column, user=inspector, job="final", by=None)
    foreign = make_column()
    Column.objects.filter(pk__in=[column.pk, foreign.pk]).update(
        update_every_days=1, created_at=timezone.now() - 3 * DAY
    )
    client.force_login(inspector)

    page = client.get(reverse("admin:index")).content.decode()

    for words in ("宣传阵地逾期未检查", "阵地检查待整改", "栏目逾期未更新"):
        assert words in page
    for model, flag in [
        ("channel", "overdue"),
        ("inspection", "open"),
        ("column", "late"),
    ]:
        address = reverse(f"admin:news_{model}_changelist")
        assert client.get(address, {flag: "1"}).context["cl"].result_count == 1
