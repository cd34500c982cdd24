"""The honours' part of the back office's home (``common.queues``)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.letters import characters
from common.queues import Finder, Hit, Job, Queue, only_reads
from honors.enums import NominationState
from honors.models import (
    AwardEdition,
    Ballot,
    Honoree,
    JuryRound,
    Nomination,
    Objection,
    Proposal,
    PublicNotice,
    ShortlistWaiver,
)

_EDITIONS = "admin:honors_awardedition_changelist"
_NOMINATIONS = "admin:honors_nomination_changelist"
_NOTICES = "admin:honors_publicnotice_changelist"
_OBJECTIONS = "admin:honors_objection_changelist"
_HONOREES = "admin:honors_honoree_changelist"
_JURIES = "admin:honors_awardedition_juries"


def waiting(user) -> list[Queue]:
    """What waits for this person in their capacity, from nominations to editions whose
    people are to be made public."""
    if only_reads(user):
        return []
    made = [*_of_nominations(user), *_of_juries(user), *_of_notices(user)]
    if not user.has_perm("honors.confer_awardedition"):
        return made
    return [
        *made,
        Queue(
            _("待授予并公开的届次"),
            AwardEdition.objects.to_confer(),
            f"{reverse(_EDITIONS)}?todo=1",
            since="created_at",
            due="conferred_on",
        ),
    ]


def _of_nominations(user) -> list[Queue]:
    rows, here, made = Nomination.objects, reverse(_NOMINATIONS), []
    if user.has_perm("honors.nominate"):
        mine = reverse("honors:nomination-list")
        made += [
            Queue(
                _("推荐材料待填写、待提交"),
                rows.for_unit_to_do(user),
                mine,
                since="updated_at",
                due="edition__nominations_close_at",
            ),
            Queue(
                _("职工提名待办理"),
                Proposal.objects.of_units(user).open(),
                mine,
                since="proposed_at",
                due="edition__nominations_close_at",
            ),
        ]
    if user.has_perm("honors.review_nomination"):
        made.append(
            Queue(
                _("推荐人选待审核"),
                rows.for_county_to_do(user),
                f"{here}?state__exact=unit_submitted",
                since="submitted_at",
                due="edition__county_review_by",
            )
        )
    if user.has_perm("honors.run_edition"):
        made.append(
            Queue(
                _("推荐人选待资格审查"),
                rows.for_city_to_do(user),
                f"{here}?state__exact=county_review",
                since="submitted_at",
                due="edition__jury_from",
            )
        )
    return made


def _of_juries(user) -> list[Queue]:
    made = []
    if user.has_perm("honors.score_nomination"):
        made.append(
            Queue(
                _("评审材料待评分"),
                Ballot.objects.to_score(user),
                reverse("honors:jury-list"),
                since="dealt_at",
                due="nomination__edition__jury_until",
            )
        )
    if user.has_perm("honors.run_edition"):
        rounds, here = JuryRound.objects, reverse(_JURIES)
        made += [
            Queue(
                _("待开始评审的届次"),
                AwardEdition.objects.to_judge(),
                here,
                since="jury_from",
                due="jury_until",
            ),
            Queue(
                _("评分已齐，待签认"),
                rounds.to_sign(),
                here,
                since="started_at",
                due="edition__jury_until",
            ),
            Queue(_("待确定拟推荐名单"), rounds.to_list(), here, since="signed_off_at"),
            Queue(
                _("名单待通知各推荐单位"),
                rounds.to_release(),
                here,
                since="signed_off_at",
            ),
        ]
    if user.has_perm("honors.approve_waiver"):
        made.append(
            Queue(
                _("名单豁免待审批"),
                ShortlistWaiver.objects.filter(answered_at__isnull=True).exclude(
                    asked_by=user
                ),
                reverse(_JURIES),
                since="asked_at",
            )
        )
    return made


def _of_notices(user) -> list[Queue]:
    made = []
    if user.has_perm("honors.run_edition"):
        made += [
            Queue(
                _("待公示的拟推荐人选"),
                Nomination.objects.filter(state=NominationState.SHORTLISTED),
                reverse("admin:honors_publicnotice_choose"),
                since="updated_at",
            ),
            Queue(
                _("公示期满，待审定"),
                PublicNotice.objects.to_approve(),
                f"{reverse(_NOTICES)}?todo=1",
                since="ends_on",
            ),
        ]
    if user.has_perm("honors.handle_objection"):
        made.append(
            Queue(
                _("公示异议待办结"),
                Objection.objects.readable_by(user).open(),
                f"{reverse(_OBJECTIONS)}?todo=1",
                since="received_at",
            )
        )
    return made


def jobs(user) -> list[Job]:
    made = []
    if user.has_perm("honors.nominate"):
        made.append(
            Job(
                _("推荐先进人物"),
                reverse("honors:nomination-list"),
                _("正在推荐的届次、本单位的推荐、职工提名"),
            )
        )
    if user.has_perm("honors.review_nomination") or user.has_perm("honors.run_edition"):
        made.append(
            Job(_("推荐人选"), reverse(_NOMINATIONS), _("各单位提交的推荐，审核和进度"))
        )
    if user.has_perm("honors.score_nomination"):
        made.append(
            Job(_("我的评审"), reverse("honors:jury-list"), _("分给我的材料和评分"))
        )
    if user.has_perm("honors.run_edition") or user.has_perm("honors.approve_waiver"):
        made.append(
            Job(
                _("评审与投票"),
                reverse(_JURIES),
                _("评委、进度、签认、投票核查、拟推荐名单"),
            )
        )
    if user.has_perm("honors.run_edition"):
        made.append(Job(_("公示"), reverse(_NOTICES), _("发起、进度、审定")))
    if user.has_perm("honors.handle_objection"):
        made.append(Job(_("公示异议"), reverse(_OBJECTIONS), _("登记来信、调查、办结")))
    if user.has_perm("honors.add_honoree"):
        made.append(
            Job(_("登记获奖者"), reverse("admin:honors_honoree_add"), _("个人或集体"))
        )
    if user.has_perm("honors.import_honours"):
        made.append(
            Job(
                _("导入旧荣誉"),
                reverse("admin:honors_honourimport_add"),
                _("Excel或CSV名单，先检查再导入"),
            )
        )
    if user.has_perm("honors.view_awardedition"):
        made.append(Job(_("荣誉届次"), reverse(_EDITIONS), _("各届的名单和说明")))
    if user.has_perm("honors.view_honoree"):
        made.append(Job(_("荣誉名录"), reverse(_HONOREES), _("按姓名、单位查找")))
    return made


def found(user, text) -> list[Finder]:
    """Honoured people and groups, and editions, by a part of their name."""
    name = characters(text).strip()
    finders = []
    if user.has_perm("honors.view_honoree"):
        finders.append(
            Finder(
                _("获奖者"),
                Honoree.objects.filter(name__icontains=name)
                .for_cards()
                .select_related("edition"),
                lambda honoree: Hit(
                    honoree.name,
                    reverse("admin:honors_honoree_change", args=[honoree.pk]),
                    honoree.edition.title,
                ),
            )
        )
    if user.has_perm("honors.view_awardedition"):
        finders.append(
            Finder(
                _("荣誉届次"),
                AwardEdition.objects.filter(title__icontains=name),
                lambda edition: Hit(
                    edition.title,
                    reverse("admin:honors_awardedition_change", args=[edition.pk]),
                ),
            )
        )
    return finders
