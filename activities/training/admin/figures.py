"""The figures of a term: how its classes fill, who waits, what became of offers, who did
not come, what a draw gave; each a chart with its table, all of them as a workbook."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.training.models import Term
from common import charts, sheets
from signups.models import Offering
from signups.services import figures, standing

MOST = 200  # classes of a term that are drawn


def may_read(user) -> bool:
    """Who answers for the classes, and who looks on at all of them."""
    return user.has_perm("activities_training.view_term") and (
        user.has_perm("signups.manage_class")
        or user.has_perm("signups.view_all_signups")
    )


def choose(request, admin):
    """To the term that is asked for; else to the one whose sign-up or classes run, else
    to the newest."""
    terms = admin.get_queryset(request)
    asked = request.GET.get("term", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 10:
        return HttpResponseRedirect(_at("figures", get_object_or_404(terms, pk=asked)))
    term = (
        terms.filter(pk__in=Term.objects.current().values("pk")[:1]).first()
        or terms.order_by("-number").first()
    )
    if term is None:
        return HttpResponseRedirect(
            reverse("admin:activities_training_term_changelist")
        )
    return HttpResponseRedirect(_at("figures", term))


def page(request, admin, pk):
    term = get_object_or_404(admin.get_queryset(request), pk=pk)
    rows = _rows(term)
    others = admin.get_queryset(request).order_by("-number")[:12]
    return TemplateResponse(
        request,
        "admin/activities_training/term/figures.html",
        {
            **admin.admin_site.each_context(request),
            "title": _("%(term)s看板") % {"term": term.title},
            "opts": admin.opts,
            "above": [
                (
                    _("培训期"),
                    reverse("admin:activities_training_term_changelist"),
                )
            ],
            "term": term,
            "others": others,
            "totals": _totals(rows),
            "charts": _charts(rows),
            "now": standing.database_now(),
        },
    )


def workbook(request, admin, pk):
    """The same numbers, one sheet for each chart."""
    term = get_object_or_404(admin.get_queryset(request), pk=pk)
    made = _charts(_rows(term))
    if not made:
        raise Http404
    content = sheets.to_workbook(
        (
            str(chart.title),
            [[sheets.Cell(str(word), "head") for word in chart.head], *chart.rows],
            [30, *([12] * (len(chart.head) - 1))],
        )
        for chart in made
    )
    return HttpResponse(
        content,
        content_type=sheets.XLSX,
        headers={"Content-Disposition": f'attachment; filename="term-{pk}.xlsx"'},
    )


def _at(name, term: Term):
    return reverse(f"admin:activities_training_term_{name}", args=[term.pk])


def _rows(term):
    offerings = Offering.objects.filter(course_class__term=term)
    return figures.of_offerings(offerings.order_by("starts_at", "pk")[:MOST])


def _totals(rows):
    """(label, number, unit) of the whole term; what was called off holds nobody."""
    going = [row for row in rows if row.offering.withdrawn_at is None]
    seats = sum(row.seats for row in going)
    seated = sum(row.seated for row in going)
    came, absent = (sum(getattr(row, n) for row in rows) for n in ("came", "absent"))
    return [
        (_("班"), len(going), _("个")),
        (_("名额"), seats, _("个")),
        (_("已报"), seated, _("人")),
        (_("报满率"), _share(seated, seats), ""),
        (_("候补"), sum(row.waiting for row in going), _("人")),
        (_("待确认"), sum(row.offered for row in going), _("人")),
        (_("到课率"), _share(came, came + absent), ""),
    ]


def _share(part, whole):
    """In whole hundredths, never 100% where something is missing; – of nothing."""
    return f"{100 * part // whole}%" if whole else "–"


def _charts(rows):
    """Of waiting, offers and absences the classes only that have any."""
    going = [row for row in rows if row.offering.withdrawn_at is None]
    drawn = [row for row in rows if row.offering.draw_id is not None]
    made = [
        _fill(going),
        _queue([row for row in going if row.waiting or row.promoted or row.left]),
        _offers(
            [
                row
                for row in rows
                if row.promoted or row.offered or row.declined or row.lapsed
            ]
        ),
        _absences(
            [
                row
                for row in rows
                if row.came
                or row.excused
                or row.absent
                or row.cancelled
                or row.cancelled_late
            ]
        ),
    ]
    if drawn:
        made.append(_draw(drawn))
    return made


def _named(rows, values):
    return [(row.offering.title, values(row)) for row in rows]


def _fill(rows):
    seats, seated = sum(row.seats for row in rows), sum(row.seated for row in rows)
    return charts.bars(
        key="fill",
        title=_("名额"),
        of=_("班"),
        series=[_("已报"), _("待确认"), _("空余")],
        looks=[charts.SOLID, charts.HATCHED, charts.BLANK],
        rows=_named(rows, lambda row: [row.seated, row.offered, row.free]),
        more=[
            (_("名额"), [row.seats for row in rows]),
            (_("报满率"), [_share(row.seated, row.seats) for row in rows]),
        ],
        summary=_("%(seats)d个名额中已报%(seated)d个。")
        % {"seats": seats, "seated": seated},
    )


def _queue(rows):
    return charts.bars(
        key="queue",
        title=_("候补"),
        of=_("班"),
        series=[_("正在候补")],
        looks=[charts.STRIPED],
        rows=_named(rows, lambda row: [row.waiting]),
        more=[
            (_("已递补"), [row.promoted for row in rows]),
            (_("自行退出"), [row.left for row in rows]),
        ],
        summary=_("共%(n)d人正在候补。") % {"n": sum(row.waiting for row in rows)},
    )


def _offers(rows):
    return charts.bars(
        key="offers",
        title=_("递补与确认"),
        of=_("班"),
        series=[_("已补上"), _("待确认"), _("放弃"), _("逾期未确认")],
        looks=[charts.SOLID, charts.HATCHED, charts.DOTTED, charts.BLANK],
        rows=_named(
            rows, lambda row: [row.promoted, row.offered, row.declined, row.lapsed]
        ),
        summary=_("补上%(n)d人，放弃%(declined)d人，逾期%(lapsed)d人。")
        % {
            "n": sum(row.promoted for row in rows),
            "declined": sum(row.declined for row in rows),
            "lapsed": sum(row.lapsed for row in rows),
        },
    )


def _absences(rows):
    return charts.bars(
        key="absences",
        title=_("到课与缺席"),
        of=_("班"),
        series=[_("到课"), _("请假"), _("缺席")],
        looks=[charts.SOLID, charts.HATCHED, charts.STRIPED],
        rows=_named(rows, lambda row: [row.came, row.excused, row.absent]),
        more=[
            (_("缺席过（人）"), [row.absentees for row in rows]),
            (_("取消（人）"), [row.cancelled for row in rows]),
            (_("逾期取消（人）"), [row.cancelled_late for row in rows]),
        ],
        note=_("到课、请假、缺席按人次，补课算到课。"),
        summary=_("到课%(came)d人次，缺席%(absent)d人次。")
        % {
            "came": sum(row.came for row in rows),
            "absent": sum(row.absent for row in rows),
        },
    )


def _draw(rows):
    return charts.bars(
        key="draw",
        title=_("摇号"),
        of=_("班"),
        series=[_("第一志愿"), _("其他志愿")],
        looks=[charts.SOLID, charts.DOTTED],
        rows=_named(rows, lambda row: [row.first, row.further]),
        more=[
            (_("名额"), [row.seats for row in rows]),
            (_("中签"), [_told(row, row.won) for row in rows]),
            (_("排候补"), [_told(row, row.queued) for row in rows]),
        ],
        note=_("中签和候补在结果公布之后才计入。"),
        summary=_("%(n)d个第一志愿，共%(all)d个志愿。")
        % {
            "n": sum(row.first for row in rows),
            "all": sum(row.asked for row in rows),
        },
    )


def _told(row, number):
    return number if row.offering.draw.released_at is not None else "–"
