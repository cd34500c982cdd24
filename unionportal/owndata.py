"""Everything the portal keeps about one person, put together from every room that keeps
something, as a page, as JSON and as XLSX.

A room gives label → plain value (str, int, bool, date, datetime, None); how a value is
written is decided here, once.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from common import sheets
from honors.models import Honoree
from members.models import Certificate, User
from members.services import owndata
from news.models import Comment, CommentReport, CommentVote
from signups.models import Attendance, CalendarFeed, ConductPoint, Signup
from volunteers.models import (
    ImportedHours,
    JoinRequest,
    ServiceRecord,
    VolunteerProfile,
    VolunteerTeam,
)


@dataclass(frozen=True)
class Section:
    """One kind of fact: ``rows`` of label → what is written."""

    title: str
    rows: list[dict[str, str]]

    @property
    def labels(self) -> list[str]:
        return list(self.rows[0]) if self.rows else []


def sections(user: User, *, whole: bool) -> list[Section]:
    """All that is kept about ``user``, room by room; ``whole`` for a file. A constant
    number of queries, however much it is."""
    worker = owndata.worker_of(user)
    found = owndata.facts_of(user, whole=whole)
    feed = CalendarFeed.objects.filter(user=user).first()
    kept = _("只存不可还原的指纹")
    made = [{_("开通时间"): feed.made_at, _("地址"): kept}] if feed else []
    found += [
        (_("日历订阅"), made),
        (_("评论"), Comment.objects.facts_of(user)),
        (_("点赞的评论"), CommentVote.objects.facts_of(user)),
        (_("举报的评论"), CommentReport.objects.facts_of(user)),
    ]
    if worker is not None:
        found += [
            (_("报名与候补"), Signup.objects.facts_of(worker)),
            (_("签到"), _attendances(worker)),
            (_("守约计分"), ConductPoint.objects.facts_of(worker)),
            (_("志愿服务"), VolunteerTeam.objects.facts_of(worker)),
            (_("入队申请与邀请"), JoinRequest.objects.facts_of(worker)),
            (_("志愿者资料"), VolunteerProfile.objects.facts_of(worker)),
            (_("志愿服务时长"), ServiceRecord.objects.facts_of(worker)),
            (_("历史服务时长（导入）"), ImportedHours.objects.facts_of(worker)),
            (_("荣誉"), Honoree.objects.facts_of(worker)),
            (_("成长档案分享"), _shares(worker)),
            (_("证书"), Certificate.objects.facts_of(worker)),
        ]
    return [Section(title, [_written(row) for row in rows]) for title, rows in found]


def _shares(worker):
    return [
        {
            _("给谁看"): share.for_whom,
            _("显示全名"): share.shows_name,
            _("生成时间"): share.made_at,
            _("有效至"): share.expires_at,
            _("停用时间"): share.revoked_at,
            _("地址"): _("只存不可还原的指纹"),
        }
        for share in worker.passport_shares.order_by("pk")
    ]


def _attendances(worker):
    rows = Attendance.objects.filter(signup__worker=worker).order_by("pk")
    return [
        {
            _("所报"): row.occasion.offering.title,
            _("场次"): row.occasion.starts_at,
            _("到场"): row.get_state_display(),
            _("签到时间"): row.arrived_at,
            _("签退时间"): row.left_at,
        }
        for row in rows.select_related("occasion__offering")
    ]


def _written(row):
    return {str(label): _plain(value) for label, value in row.items()}


def _plain(value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value)


def as_json(parts: list[Section]) -> bytes:
    """UTF-8, indented: a person may read it too."""
    tree = {part.title: part.rows for part in parts}
    return json.dumps(tree, ensure_ascii=False, indent=2).encode()


def as_xlsx(parts: list[Section]) -> bytes:
    """One sheet a section. Every cell is typed as a string: a name like ``=cmd`` stays a
    name."""
    book = Workbook(write_only=True)
    for part in parts:
        sheet = book.create_sheet(part.title)
        sheet.append(
            [sheets.string(sheet, label) for label in part.labels or [_("没有记录")]]
        )
        for row in part.rows:
            sheet.append([sheets.string(sheet, value) for value in row.values()])
    file = BytesIO()
    book.save(file)
    return file.getvalue()
