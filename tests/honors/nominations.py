"""Editions that take nominations, and nominations on their way, for tests."""

from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

from common.models import Holiday
from common.workdays import end_of_period
from honors.enums import MOVES, Gender, Industry, NominationRole, NominationState
from honors.models import (
    AwardEdition,
    Nomination,
    NominationStep,
    NoticeEntry,
    PublicNotice,
)
from members.enums import StewardRole, UnionLevel
from members.models import Stewardship, UnionOrg
from members.services import accounts
from tests.factories import make_union, make_user
from tests.honors.factories import make_edition
from unionportal.services import write_roles

_number = count(1)
_S = NominationState
LONG_AGO = date(2024, 6, 3)  # a Monday of a week without days off
# the way of every nomination that comes through
WAY = [
    *(_S.DRAFT, _S.UNIT_NOTICE, _S.UNIT_SUBMITTED, _S.COUNTY_REVIEW, _S.ELIGIBLE),
    *(_S.JURY, _S.SHORTLISTED, _S.CITY_NOTICE, _S.APPROVED, _S.CONFERRED),
]


def make_call(**fields) -> AwardEdition:
    """An edition that is announced and takes nominations since an hour, for weeks."""
    now = timezone.now()
    fields.setdefault("nominations_open_at", now - timedelta(hours=1))
    fields.setdefault("nominations_close_at", now + timedelta(days=45))
    fields.setdefault("announced_at", now - timedelta(hours=2))
    return make_edition(is_conferred=False, conferred_on=None, **fields)


def make_county(**fields) -> UnionOrg:
    return make_union(level=UnionLevel.COUNTY, **fields)


def make_unit(county=None, **fields) -> UnionOrg:
    """A union below ``county``, or below nobody."""
    if county is not None:
        fields.setdefault("code", f"{county.code}-{next(_number):03}")
        fields.setdefault("parent", county)
    return make_union(**fields)


def make_steward(unit):
    return _holder(unit, "工会干部", StewardRole.STEWARD)


def make_reviewer(county):
    return _holder(county, "县区审核", StewardRole.REVIEWER)


def make_secretary():
    write_roles()
    return make_user(roles=["荣誉秘书"], is_staff=True)


def _holder(union, role, held_as):
    write_roles()
    user = make_user(roles=[role], is_staff=True)
    Stewardship.objects.create(user=user, union_org=union, role=held_as)
    return user


def make_nomination(state=NominationState.DRAFT, **fields) -> Nomination:
    """A nomination that went the way of all to ``state``; of a person with everything
    filled in. RETURNED, REJECTED and WITHDRAWN branch off where they first can."""
    fields.setdefault("name", f"示例人选{next(_number)}")
    fields.setdefault("gender", Gender.WOMAN)
    fields.setdefault("employer", "示例钢铁公司")
    fields.setdefault("position", "炉前工")
    fields.setdefault("industry", Industry.STEEL)
    fields.setdefault("brief", "示例简要事迹。")
    fields.setdefault("deeds", "示例详细事迹。")
    if "edition" not in fields:
        fields["edition"] = make_call()
    if "unit" not in fields:
        fields["unit"] = make_unit(make_county())
    nomination = Nomination.objects.create(**fields)
    nomination.refresh_from_db()
    for to in way_to(state):
        walk(nomination, to)
    return nomination


def know_days_off() -> None:
    """The coming weeks are in the table, whenever a test runs."""
    today = timezone.localdate()
    for year in {today.year, (today + timedelta(days=60)).year}:
        if not Holiday.objects.of_notice(year):
            Holiday.objects.create(
                date=date(year, 1, 1),
                works=False,
                name="元旦",
                notice_year=year,
                notice="示例",
            )


def put_up(nominations, *, starts_on=LONG_AGO, is_published=True) -> PublicNotice:
    """A public notice of these, five working days from ``starts_on`` on; without saying
    so, one that was over long ago. Without a verb."""
    notice = PublicNotice.objects.create(
        edition=nominations[0].edition,
        title="示例公示",
        lead="现将拟推荐人选公示如下。",
        starts_on=starts_on,
        workdays=5,
        ends_on=end_of_period(starts_on, 5, first_counts=True),
        phone="0812-0000000",
        address="示例路1号",
        office="示例总工会",
    )
    for number, nomination in enumerate(nominations, start=1):
        NoticeEntry.objects.create(
            notice=notice,
            nomination=nomination,
            number=number,
            name=nomination.name,
            employer=nomination.employer,
            position=nomination.position,
            summary=nomination.brief[:60],
            brief=nomination.brief,
            content_digest=nomination.content_digest,
        )
    if is_published:
        day_before = datetime.combine(starts_on, time.min) - timedelta(hours=8)
        notice.published_at = timezone.make_aware(day_before)
        notice.save()
    return notice


def _clerk():
    """Somebody who takes a step; no log-in, whose password would cost time."""
    number = f"137{next(_number):08d}"
    return accounts.open_account(phone=number, password=None, name="示例经办人")


def way_to(state) -> list:
    """The states after DRAFT, to ``state``."""
    if state in WAY:
        return WAY[1 : WAY.index(state) + 1]
    before = {_S.RETURNED: _S.UNIT_SUBMITTED, _S.REJECTED: _S.UNIT_SUBMITTED}
    before |= {_S.WITHDRAWN: _S.DRAFT, _S.REVOKED: _S.CONFERRED}
    return [*way_to(before[state]), state]


def walk(nomination, to, *, by=None, role=None) -> Nomination:
    """One step as the tables ask for it, without a verb; past the unit's notice and the
    city's, if that is what it takes."""
    if to == _S.UNIT_NOTICE:
        long_ago = timezone.localdate() - timedelta(days=20)
        nomination.unit_notice_from = long_ago
        nomination.unit_notice_until = long_ago + timedelta(days=6)
        nomination.unit_notice_digest = nomination.content_digest
    if to == _S.UNIT_SUBMITTED and nomination.submitted_at is None:
        nomination.submitted_at = timezone.now()
    if (nomination.state, to) == (_S.CITY_NOTICE, _S.APPROVED):
        put_up([nomination])
    roles = MOVES.get((nomination.state, to), (NominationRole.SECRETARY,))
    NominationStep.objects.create(
        nomination=nomination,
        from_state=nomination.state,
        to_state=to,
        role=role or roles[0],
        by=by or _clerk(),
        reason="示例原因",
        version=nomination.version,
        content_digest=nomination.content_digest,
    )
    nomination.state = to
    nomination.save()
    nomination.refresh_from_db()
    return nomination
