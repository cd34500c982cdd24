"""The nominations that come in.

A nomination's state changes in one way: a ``NominationStep`` is written, then the state
is set to what it says. The steps that exist are ``enums.MOVES``; the tables refuse any
other, one in a foreign capacity, and a state without its step.
"""

from functools import reduce
from operator import or_

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length, Now, Replace
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from honors.enums import (
    CORRECTABLE,
    EDITABLE,
    ENDED,
    MOVES,
    NEED_REASON,
    DocumentFormat,
    DocumentKind,
    Gender,
    Industry,
    NominationRole,
    NominationState,
    ProposalState,
)
from honors.models.calls import RequiredDocument
from honors.models.wall import AwardEdition
from honors.querysets import (
    NominationDocumentQuerySet,
    NominationQuerySet,
    ProposalQuerySet,
)
from members.models import UnionOrg, Worker

BRIEF, DEEDS = 500, 2000  # characters, blanks and line ends not counted
# Where a text may still be too long: nothing typed is lost.
_UNFINISHED = [state.value for state in (*EDITABLE, *ENDED)]


def _count(column: str) -> Length:
    """How many characters a text has, as Chinese is counted (``letters.count``)."""
    text = Replace(Replace(column, Value(" "), Value("")), Value("\n"), Value(""))
    return Length(text)


class NominationRules(pgtrigger.Trigger):
    """A nomination begins as a draft; its state follows its last step; its words change
    only where ``CORRECTABLE`` says so, and are then another version with another digest;
    it is submitted in time, after the unit's notice of exactly these words."""

    name = "rules"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    declare = [("call", "honors_awardedition%ROWTYPE"), ("today", "date")]
    func = """
        NEW.content_digest := encode(sha256(convert_to(json_build_array(
            NEW.name, NEW.is_group, NEW.gender, NEW.ethnicity, NEW.employer,
            NEW.position, NEW.industry, NEW.is_frontline, NEW.is_migrant, NEW.is_head,
            NEW.brief, NEW.deeds)::text, 'UTF8')), 'hex');
        IF TG_OP = 'INSERT' THEN
            IF NEW.state <> 'draft' THEN
                RAISE EXCEPTION 'A nomination begins as a draft.' USING
                    ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_begins';
            END IF;
            NEW.version := 1;
            RETURN NEW;
        END IF;
        NEW.version := OLD.version;
        IF NEW.edition_id <> OLD.edition_id OR NEW.unit_id <> OLD.unit_id THEN
            RAISE EXCEPTION 'A nomination stays with its edition and unit.' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_stays';
        END IF;
        IF NEW.content_digest <> OLD.content_digest THEN
            NEW.version := OLD.version + 1;
            IF OLD.state NOT IN (CORRECTABLE) OR NEW.state <> OLD.state THEN
                RAISE EXCEPTION 'The words of a nomination in this state are fixed.' USING
                    ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_fixed';
            END IF;
        END IF;
        IF NEW.state = OLD.state THEN RETURN NEW; END IF;
        IF NOT EXISTS (SELECT FROM (
                SELECT s.from_state, s.to_state FROM honors_nominationstep s
                WHERE s.nomination_id = NEW.id ORDER BY s.id DESC LIMIT 1) last
                WHERE last.from_state = OLD.state AND last.to_state = NEW.state) THEN
            RAISE EXCEPTION 'A state needs its step.' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_stepped';
        END IF;
        IF NEW.state = 'unit_submitted' THEN
            SELECT * INTO call FROM honors_awardedition e WHERE e.id = NEW.edition_id;
            today := (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
            IF NEW.unit_notice_digest <> NEW.content_digest
                    OR coalesce(NEW.unit_notice_until >= today, true) THEN
                RAISE EXCEPTION 'The unit''s notice is not over.' USING
                    ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_noticed';
            END IF;
            IF NOT coalesce(statement_timestamp() >= call.nominations_open_at
                    AND statement_timestamp() < call.nominations_close_at, false)
                AND NOT (OLD.state = 'returned'
                    AND coalesce(today <= call.county_review_by, false)) THEN
                RAISE EXCEPTION 'Nominations are closed.' USING
                    ERRCODE = 'check_violation', CONSTRAINT = 'honors_nomination_in_time';
            END IF;
        END IF;
        RETURN NEW;
    """.replace("CORRECTABLE", ", ".join(f"'{state.value}'" for state in CORRECTABLE))


class Nomination(Timestamped):
    """One person, or one group, whom a union nominates in an edition.

    Name, employer and the rest are copied: what was nominated does not change when
    somebody changes jobs. ``version`` and ``content_digest`` (SHA-256 of the words, in
    hexadecimal) are the table's: both change when, and only when, the words do. After
    saving, read them again (``refresh_from_db``).
    """

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="nominations",
    )
    unit = models.ForeignKey(
        UnionOrg,
        verbose_name=_("推荐单位"),
        on_delete=models.PROTECT,
        related_name="nominations",
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("对应职工"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="nominations",
    )
    name = models.CharField(_("姓名或集体名称"), max_length=60, blank=True)
    is_group = models.BooleanField(_("集体"), default=False)
    gender = models.CharField(_("性别"), max_length=5, choices=Gender, blank=True)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    employer = models.CharField(_("工作单位"), max_length=100, blank=True)
    position = models.CharField(_("岗位或职务"), max_length=60, blank=True)
    industry = models.CharField(_("行业"), max_length=12, choices=Industry, blank=True)
    is_frontline = models.BooleanField(_("一线职工"), default=False)
    is_migrant = models.BooleanField(_("农民工"), default=False)
    is_head = models.BooleanField(_("企业负责人"), default=False)
    brief = models.TextField(_("简要事迹"), blank=True)
    deeds = models.TextField(_("详细事迹"), blank=True)
    brief_length = models.GeneratedField(
        expression=_count("brief"),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("简要事迹字数"),
    )
    deeds_length = models.GeneratedField(
        expression=_count("deeds"),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("详细事迹字数"),
    )
    state = models.CharField(
        _("状态"),
        max_length=16,
        choices=NominationState,
        default=NominationState.DRAFT,
        editable=False,
    )
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    content_digest = models.CharField(
        _("内容校验值"), max_length=64, blank=True, editable=False
    )
    # the unit's own notice: both days counted, and of which words it was
    unit_notice_from = models.DateField(_("单位公示开始"), null=True, editable=False)
    unit_notice_until = models.DateField(_("单位公示截止"), null=True, editable=False)
    unit_notice_place = models.CharField(
        _("单位公示地点"), max_length=100, blank=True, editable=False
    )
    unit_notice_digest = models.CharField(
        _("公示内容校验值"), max_length=64, blank=True, editable=False
    )
    # from then on the county, the industry and the city may read it
    submitted_at = models.DateTimeField(_("首次提交时间"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("填报人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("推荐人选")
        ordering = ["-pk"]
        permissions = [
            ("nominate", _("代表单位推荐人选")),
            ("review_nomination", _("县区（产业）审核推荐人选")),
            ("run_edition", _("组织评选")),
        ]
        indexes = [
            models.Index(name="honors_nomination_standing", fields=["edition", "state"])
        ]
        constraints = [
            models.UniqueConstraint(
                name="honors_nomination_one_live",
                fields=["edition", "worker"],
                condition=Q(worker__isnull=False) & ~Q(state__in=ENDED),
                violation_error_message=_("这名职工在本届已有推荐。"),
            ),
            models.CheckConstraint(
                name="honors_nomination_known_state",
                condition=Q(state__in=list(NominationState)),
            ),
            models.CheckConstraint(
                name="honors_nomination_named_when_noticed",
                condition=Q(state__in=_UNFINISHED) | ~Q(name=""),
                violation_error_message=_("请填写姓名。"),
            ),
            models.CheckConstraint(
                name="honors_nomination_brief_within_limit",
                condition=Q(state__in=_UNFINISHED) | Q(brief_length__lte=BRIEF),
                violation_error_message=_("简要事迹不能超过500字。"),
            ),
            models.CheckConstraint(
                name="honors_nomination_deeds_within_limit",
                condition=Q(state__in=_UNFINISHED) | Q(deeds_length__lte=DEEDS),
                violation_error_message=_("详细事迹不能超过2000字。"),
            ),
            models.CheckConstraint(
                name="honors_nomination_notice_whole_or_absent",
                condition=Q(
                    unit_notice_from__isnull=True,
                    unit_notice_until__isnull=True,
                    unit_notice_digest="",
                )
                | Q(unit_notice_until__gte=models.F("unit_notice_from"))
                & ~Q(unit_notice_digest=""),
            ),
        ]
        # closing an account must leave a history that leads to nobody
        triggers = [
            NominationRules(),
            history.track(
                but=[
                    *("name", "gender", "ethnicity", "employer", "position"),
                    *("brief", "deeds", "brief_length", "deeds_length"),
                    *("unit_notice_place", "content_digest", "unit_notice_digest"),
                ]
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        """TJ0000123: what the unit quotes when it asks."""
        return f"TJ{self.pk:07}"


class StepFollows(pgtrigger.Trigger):
    """A step begins where the nomination is, and who nominates does not judge."""

    name = "follows"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = """
        IF NOT EXISTS (SELECT FROM honors_nomination n
                WHERE n.id = NEW.nomination_id AND n.state = NEW.from_state) THEN
            RAISE EXCEPTION 'The nomination is somewhere else.' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'honors_nominationstep_follows';
        END IF;
        IF NEW.role <> 'steward' AND EXISTS (SELECT FROM honors_nominationstep s
                WHERE s.nomination_id = NEW.nomination_id AND s.role = 'steward'
                AND s.by_id = NEW.by_id) THEN
            RAISE EXCEPTION 'Who nominates does not judge.' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'honors_nominationstep_apart';
        END IF;
        RETURN NEW;
    """


def _legal_steps() -> Q:
    """``MOVES`` as a condition of the table."""
    return reduce(
        or_,
        (
            Q(from_state=start.value, to_state=end.value, role__in=[*map(str, roles)])
            for (start, end), roles in MOVES.items()
        ),
    )


class NominationStep(models.Model):
    """A nomination went from one state to the next: who took the step, in what capacity,
    why, on what paper, about which words. For good."""

    nomination = models.ForeignKey(
        Nomination,
        verbose_name=_("推荐人选"),
        on_delete=models.PROTECT,
        related_name="steps",
    )
    from_state = models.CharField(_("原状态"), max_length=16, choices=NominationState)
    to_state = models.CharField(_("新状态"), max_length=16, choices=NominationState)
    role = models.CharField(_("身份"), max_length=10, choices=NominationRole)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办理人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"), db_default=Now(), editable=False)
    reason = models.CharField(_("意见"), max_length=500, blank=True)
    document = models.ForeignKey(
        "NominationDocument",
        verbose_name=_("文书"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    version = models.PositiveIntegerField(_("版本"))
    content_digest = models.CharField(_("内容校验值"), max_length=64)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("办理记录")
        ordering = ["nomination", "pk"]
        constraints = [
            models.CheckConstraint(
                name="honors_nominationstep_legal",
                condition=_legal_steps(),
                violation_error_message=_("不能从当前状态直接到这一步。"),
            ),
            models.CheckConstraint(
                name="honors_nominationstep_has_reason",
                condition=~Q(to_state__in=NEED_REASON) | ~Q(reason=""),
                violation_error_message=_("请填写原因。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            StepFollows(),
        ]

    def __str__(self):
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


class NominationDocument(models.Model):
    """A scan or photograph of a nomination. The file is private: its address asks for
    access at every fetch (``NominationDocumentQuerySet.readable_by``). ``key`` names the
    file in the store; a removed one stays on record and opens for nobody."""

    nomination = models.ForeignKey(
        Nomination,
        verbose_name=_("推荐人选"),
        on_delete=models.PROTECT,
        related_name="documents",
    )
    required_document = models.ForeignKey(
        RequiredDocument,
        verbose_name=_("对应材料"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    kind = models.CharField(_("类别"), max_length=10, choices=DocumentKind)
    format = models.CharField(_("格式"), max_length=10, choices=DocumentFormat)
    name = models.CharField(_("文件名"), max_length=100)
    key = models.CharField(max_length=32, unique=True, editable=False)
    size = models.PositiveIntegerField(_("大小"))  # bytes, as uploaded
    sha256 = models.CharField(_("校验值"), max_length=64)  # of the uploaded file
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("上传时间"), db_default=Now())
    removed_at = models.DateTimeField(_("移除时间"), null=True, editable=False)

    objects = NominationDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("推荐材料")
        ordering = ["nomination", "pk"]
        constraints = [
            models.CheckConstraint(
                name="honors_nominationdocument_not_empty",
                condition=Q(size__gt=0),
                violation_error_message=_("文件是空的。"),
            ),
        ]
        triggers = [history.track(but=["name", "key", "sha256"])]

    def __str__(self):
        return self.name


class Proposal(models.Model):
    """Somebody proposes themselves or a colleague: their union decides whether it
    nominates them. The proposer hears either way."""

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    unit = models.ForeignKey(
        UnionOrg,
        verbose_name=_("工会"),
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    proposer = models.ForeignKey(
        Worker,
        verbose_name=_("提名人"),
        on_delete=models.CASCADE,
        related_name="proposals",
    )
    is_self = models.BooleanField(_("自荐"), default=True)
    name = models.CharField(_("被提名人"), max_length=60)
    position = models.CharField(_("岗位或职务"), max_length=60, blank=True)
    reason = models.TextField(_("推荐理由"), max_length=2 * BRIEF)
    state = models.CharField(
        _("状态"), max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    proposed_at = models.DateTimeField(_("提名时间"), db_default=Now())
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办理人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("办理时间"), null=True)
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    nomination = models.OneToOneField(
        Nomination,
        verbose_name=_("推荐人选"),
        on_delete=models.PROTECT,
        null=True,
        related_name="proposal",
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("职工提名")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="honors_proposal_one_open",
                fields=["edition", "proposer", "name"],
                condition=Q(state=ProposalState.OPEN),
                violation_error_message=_("您已提名过这位人选，请等待单位工会办理。"),
            ),
            models.CheckConstraint(
                name="honors_proposal_answered_whole",
                condition=Q(
                    state=ProposalState.OPEN,
                    answered_at__isnull=True,
                    nomination__isnull=True,
                )
                | Q(
                    state=ProposalState.TAKEN,
                    answered_at__isnull=False,
                    nomination__isnull=False,
                )
                | Q(
                    state=ProposalState.DECLINED,
                    answered_at__isnull=False,
                    nomination__isnull=True,
                )
                & ~Q(answer=""),
                violation_error_message=_("请填写答复。"),
            ),
        ]
        triggers = [history.track(but=["name", "position", "reason", "answer"])]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"
