"""The volunteers' part of the back office's home (``common.queues``)."""

from datetime import timedelta
from urllib.parse import urlencode

from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.letters import characters
from common.queues import Agenda, Finder, Hit, Job, Queue, only_reads, within
from volunteers.enums import IN_HAND, JoinSide, JoinState, NeedState
from volunteers.models import (
    HoursDispute,
    JoinRequest,
    Need,
    ServiceEvent,
    ServiceRecord,
    VolunteerTeam,
)
from volunteers.querysets.events import RUN

_TEAMS = "admin:volunteers_volunteerteam_changelist"
_MEMBERS = "admin:volunteers_membership_changelist"


_REQUESTS = "admin:volunteers_joinrequest_changelist"
_NEEDS = "admin:volunteers_need_changelist"
_SERVICES = "admin:volunteers_serviceevent_mine"
_DESK = "admin:volunteers_servicerecord_desk"
ANSWER_WITHIN = timedelta(days=3)


def waiting(user) -> list[Queue]:
    """Of a leader what waits for their word, of the coordinator what waits for nobody
    yet, of who files needs what became of them."""
    if only_reads(user):
        return []
    made = []
    if user.has_perm(RUN):
        made += _of_hours(user)
    if user.has_perm("volunteers.take_need"):
        made += _of_leader(user)
    if user.has_perm("volunteers.assign_need"):
        made += _of_coordinator()
    elif user.has_perm("volunteers.add_need"):
        made += _of_filer(user)
    if user.has_perm("volunteers.add_volunteerteam"):
        teams = VolunteerTeam.objects.managed_by(user).active()
        made.append(
            Queue(
                _("没有队长的志愿服务队"),
                teams.filter(leader=None),
                f"{reverse(_TEAMS)}?leader__isnull=True",
                since="updated_at",
            )
        )
    return made


def today(user, day) -> list[Agenda]:
    """Services of one's own teams on that day."""
    if not user.has_perm(RUN):
        return []
    rows = ServiceEvent.objects.run_by(user).filter(
        within("starts_at", day), called_off_at=None
    )
    return [Agenda(_("志愿服务"), rows, "starts_at", "title", _service)]


def _service(pk):
    return reverse("admin:volunteers_serviceevent_run", args=[pk])


def _of_hours(user):
    desk = reverse(_DESK)
    return [
        Queue(
            _("已结束、待登记时长的服务"),
            ServiceEvent.objects.run_by(user).to_record().order_by(),
            reverse(_SERVICES),
            since="ends_at",
        ),
        Queue(
            _("待我确认的服务时长"),
            ServiceRecord.objects.to_confirm(user),
            f"{desk}#confirm",
            since="recorded_at",
        ),
        Queue(
            _("时长异议待答复"),
            HoursDispute.objects.answerable_by(user),
            f"{desk}#disputes",
            since="asked_at",
        ),
        Queue(
            _("待佐证、退回重登的时长"),
            ServiceRecord.objects.to_prove(user),
            f"{desk}#prove",
            since="recorded_at",
        ),
    ]


def _of_leader(user):
    needs = Need.objects.in_teams_of(user)
    here = reverse(_NEEDS)
    return [
        Queue(
            _("待答复的入队申请"),
            JoinRequest.objects.to_answer(user),
            reverse("admin:volunteers_volunteerteam_mine"),
            since="asked_at",
        ),
        Queue(
            _("指派给我队的需求"),
            needs.offered(),
            f"{here}?state__exact=offered",
            since="updated_at",
        ),
        Queue(
            _("已承接、待安排的需求"),
            needs.filter(state=NeedState.TAKEN),
            f"{here}?state__exact=taken",
            since="taken_at",
            due="starts_at",
        ),
        Queue(
            _("可承接的需求"),
            Need.objects.waiting().filter(ends_at__gt=Now()),
            f"{here}?state__exact=open",
            since="filed_at",
        ),
    ]


def _of_coordinator():
    here = reverse(_NEEDS)
    return [
        Queue(
            _("待承接的服务需求"),
            Need.objects.waiting(),
            f"{here}?state__exact=open",
            since="filed_at",
            due="starts_at",
        ),
        Queue(
            _("队长未答复的指派"),
            Need.objects.offered(),
            f"{here}?state__exact=offered",
            since="updated_at",
            due="starts_at",
        ),
        Queue(
            _("超过3日未答复的入队申请"),
            JoinRequest.objects.open()
            .asked_by_workers()
            .filter(asked_at__lt=Now() - ANSWER_WITHIN),
            f"{reverse(_REQUESTS)}?{_too_late()}",
            since="asked_at",
        ),
    ]


def _too_late() -> str:
    """The same rows as the list narrows itself to."""
    return urlencode(
        {
            "state__exact": JoinState.OPEN,
            "side__exact": JoinSide.WORKER,
            "asked_at__lt": (timezone.now() - ANSWER_WITHIN).isoformat(),
        }
    )


def _of_filer(user):
    mine, here = Need.objects.filed_for(user), reverse(_NEEDS)
    return [
        Queue(
            _("我提出、还没有队伍承接的需求"),
            mine.filter(state__in=[NeedState.OPEN, NeedState.OFFERED]),
            f"{here}?state__in=open,offered",
            since="filed_at",
            due="starts_at",
        ),
        Queue(
            _("时间已过、待确认完成的需求"),
            mine.filter(state__in=IN_HAND, ends_at__lt=Now()),
            f"{here}?over=1",
            since="ends_at",
        ),
    ]


def jobs(user) -> list[Job]:
    made = []
    if user.has_perm("volunteers.view_volunteerteam"):
        sees_all = user.has_perm("volunteers.view_all_teams")
        title = _("志愿服务队") if sees_all else _("我的志愿服务队")
        mine = reverse("admin:volunteers_volunteerteam_mine")
        made.append(
            Job(title, reverse(_TEAMS), _("简介、口号、加入方式"))
            if sees_all
            else Job(title, mine, _("入队申请、邀请、队员名单"))
        )
    if user.has_perm(RUN):
        made += [
            Job(
                _("志愿服务活动"),
                reverse(_SERVICES),
                _("发布、签到码、点名、登记时长"),
            ),
            Job(_("时长确认"), reverse(_DESK), _("确认、佐证、异议、更正")),
        ]
    if user.has_perms(["volunteers.view_servicerecord", "volunteers.view_all_teams"]):
        made.append(
            Job(
                _("志愿服务看板"),
                reverse("admin:volunteers_servicerecord_board"),
                _("各月、各类、各队的服务和时长，没有活动的队伍"),
            )
        )
    if user.has_perm("volunteers.import_hours"):
        made.append(
            Job(
                _("导入历史时长"),
                reverse("admin:volunteers_hoursimport_changelist"),
                _("以前的志愿服务台账，另列"),
            )
        )
    if user.has_perm("volunteers.view_hourscertificate"):
        made.append(
            Job(
                _("志愿服务证明"),
                reverse("admin:volunteers_hourscertificate_changelist"),
                _("为没有账号的人出具，撤销"),
            )
        )
    if user.has_perm("volunteers.add_need"):
        made.append(
            Job(
                _("提出服务需求"),
                reverse("admin:volunteers_need_add"),
                _("请志愿服务队来帮忙"),
            )
        )
    if user.has_perm("volunteers.view_need"):
        made.append(Job(_("服务需求"), reverse(_NEEDS), _("承接、指派、办结")))
    if user.has_perm("volunteers.assign_need"):
        made.append(
            Job(
                _("志愿服务指标"),
                reverse("admin:volunteers_need_indicators"),
                _("精准、多元、智慧、实效，可选年份"),
            )
        )
    if user.has_perm("volunteers.add_membership"):
        made.append(
            Job(
                _("队员入队"),
                reverse("admin:volunteers_membership_add"),
                _("登记一位职工加入志愿服务队"),
            )
        )
    if user.has_perm("volunteers.view_membership"):
        made.append(
            Job(_("队员名单"), f"{reverse(_MEMBERS)}?presence=current", _("在队的队员"))
        )
    return made


def found(user, text) -> list[Finder]:
    """Teams and needs of this person by a part of their name."""
    made, typed = [], characters(text).strip()
    if user.has_perm("volunteers.view_volunteerteam"):
        made.append(
            Finder(
                _("志愿服务队"),
                VolunteerTeam.objects.managed_by(user).filter(name__icontains=typed),
                lambda team: Hit(
                    team.name,
                    reverse("admin:volunteers_volunteerteam_change", args=[team.pk]),
                    team.get_kind_display(),
                ),
            )
        )
    if user.has_perm("volunteers.view_need"):
        made.append(
            Finder(
                _("服务需求"),
                Need.objects.managed_by(user).filter(title__icontains=typed),
                lambda need: Hit(
                    need.title,
                    reverse("admin:volunteers_need_work", args=[need.pk]),
                    need.get_state_display(),
                ),
            )
        )
    if user.has_perm("volunteers.view_serviceevent"):
        made.append(
            Finder(
                _("志愿服务活动"),
                ServiceEvent.objects.managed_by(user).filter(title__icontains=typed),
                lambda event: Hit(event.title, _service(event.pk), event.place),
            )
        )
    return made
