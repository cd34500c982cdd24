"""The coordinator's board: services and hours of a year, each chart with its table, all
of them as a workbook; the year's hours record by record as a file."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit, charts, sheets
from common.enums import AuditVerb
from volunteers.enums import HoursState
from volunteers.models import ServiceRecord
from volunteers.services import figures

LARGEST = 20_000  # rows of a file that is written while one waits
DRAWN = 30  # teams of the chart; the workbook has all


def may_read(user) -> bool:
    """Who looks after all teams, and who looks on."""
    return user.has_perms(
        ["volunteers.view_servicerecord", "volunteers.view_all_teams"]
    )


def _check(request):
    if not may_read(request.user):
        raise PermissionDenied


def page(request, admin):
    _check(request)
    known = figures.years()
    found = figures.of_year(_year(request, known))
    return admin._job_page(
        request,
        "volunteers/servicerecord/board",
        _("%(year)d年志愿服务看板") % {"year": found.year},
        above=[],
        found=found,
        years=known,
        totals=_totals(found),
        charts=_charts(found, DRAWN),
        imported=found.imported["minutes"] // 60,
        may_export=request.user.has_perm("volunteers.export_members"),
    )


def _year(request, known) -> int:
    typed = request.GET.get("year", "")
    asked = (
        int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 0
    )
    return asked if asked in known else known[0]


def _totals(found):
    """(label, number, unit); people and person-times are two figures."""
    return [
        (_("服务"), found.services, _("次")),
        (_("服务时长"), found.hours, _("小时")),
        (_("参加的志愿者"), found.people, _("人")),
        (_("对方确认的服务人数"), found.served["people"], _("人")),
        (_("对方确认的服务人次"), found.served["person_times"], _("人次")),
    ]


def _charts(found, most):
    return [
        charts.columns(
            key="months",
            title=_("各月服务时长（小时）"),
            of=_("月份"),
            series=[_("小时")],
            rows=[(line.name, [line.hours]) for line in found.months],
            more=[(_("服务（次）"), [line.services for line in found.months])],
            summary=_("%(year)d年共%(hours)d小时，%(n)d次服务。")
            % {"year": found.year, "hours": found.hours, "n": found.services},
        ),
        charts.bars(
            key="kinds",
            title=_("各类别服务时长（小时）"),
            of=_("类别"),
            series=[_("小时")],
            looks=[charts.HATCHED],
            rows=[(line.name, [line.hours]) for line in found.kinds],
            more=[(_("服务（次）"), [line.services for line in found.kinds])],
        ),
        charts.bars(
            key="teams",
            title=_("各队服务时长（小时）"),
            of=_("志愿服务队"),
            series=[_("小时")],
            looks=[charts.STRIPED],
            rows=[(line.name, [line.hours]) for line in found.teams[:most]],
            more=[
                (_("服务（次）"), [line.services for line in found.teams[:most]]),
                (_("志愿者（人）"), [line.people for line in found.teams[:most]]),
            ],
            note=_("只列时长最多的%(n)d支队伍，下载的表格有全部。") % {"n": most}
            if len(found.teams) > most
            else "",
        ),
    ]


def workbook(request, admin):
    """The same numbers, one sheet for each chart."""
    _check(request)
    found = figures.of_year(_year(request, figures.years()))
    pages = [
        (
            str(chart.title),
            [[sheets.Cell(str(word), "head") for word in chart.head], *chart.rows],
            [30, *([12] * (len(chart.head) - 1))],
        )
        for chart in _charts(found, len(found.teams) or 1)
    ]
    head = [_("志愿服务队"), _("最近一次服务")]
    rest = [
        [
            team.name,
            f"{timezone.localtime(team.last_at):%Y-%m-%d}" if team.last_at else "",
        ]
        for team in found.resting
    ]
    pages.append((_("90天没有服务的队伍"), [_head(head), *rest], [30, 16]))
    return _file(sheets.to_workbook(pages), f"volunteers-{found.year}.xlsx")


def hours(request, admin):
    """The year's hours in force, a row each, on record. Not for more rows than one waits
    for: then back to the board with a sentence."""
    _check(request)
    if not request.user.has_perm("volunteers.export_members"):
        raise PermissionDenied
    year = _year(request, figures.years())
    rows = ServiceRecord.objects.in_force().filter(served_on__year=year)
    if rows.count() > LARGEST:
        text = _("%(year)d年的记录超过%(n)d条，请联系管理员在服务器上导出。")
        admin.message_user(request, text % {"year": year, "n": LARGEST})
        at = reverse("admin:volunteers_servicerecord_board")
        return HttpResponseRedirect(f"{at}?year={year}")
    head = [_("日期"), _("队伍"), _("服务"), _("姓名"), _("单位"), _("分钟"), _("状态")]
    listed = rows.with_state().select_related("event__team", "worker__union_org")
    content = sheets.to_xlsx(
        [_head(head), *(_row(one) for one in listed.order_by("served_on", "pk"))],
        title=_("服务时长"),
        widths=[12, 24, 30, 16, 30, 8, 12],
    )
    said = _("%(year)d年服务时长") % {"year": year}
    audit.record(AuditVerb.EXPORT, by=request.user, of=ServiceRecord, reason=said)
    return _file(content, f"hours-{year}.xlsx")


def _row(one):
    return [
        f"{one.served_on:%Y-%m-%d}",
        one.event.team.name,
        one.event.title,
        one.worker.name,
        one.worker.union_org.name,
        one.minutes,
        str(HoursState(one.standing).label),
    ]


def _head(words):
    return [sheets.Cell(word, "head") for word in words]


def _file(content, name):
    return HttpResponse(
        content,
        content_type=sheets.XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
