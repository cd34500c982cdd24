"""The jury of an edition: who sits, what each may score, what came of it.

A file (nomination) is dealt to a juror as an empty ``Ballot``; they fill it in and send
it. Until the round is signed off nobody but its author reads a ballot; from then on the
tables refuse every change. A recusal outweighs a ballot, sent or not.
"""

import re

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history
from honors.enums import RecusalGround, ScoreMethod
from honors.models.calls import Criterion
from honors.models.nominations import Nomination
from honors.models.wall import MOST_VOTE_WEIGHT, AwardEdition
from honors.querysets import BallotQuerySet, JuryRoundQuerySet
from members.models import UnionOrg

HIGHEST_SCORE = 100
LONGEST_COMMENT = 500
LONGEST_WORD = 200  # of a recusal


def with_refusals(text: str) -> str:
    """A trigger's text in which ``REFUSE name;`` says no under the name of a constraint."""
    return re.sub(
        r"REFUSE (\w+);",
        r"RAISE EXCEPTION '\1' USING ERRCODE = 'check_violation', CONSTRAINT = '\1';",
        text,
    )


class RoundRules(pgtrigger.Trigger):
    """A round is signed off when the vote is over and every file has its quorum of
    jurors who scored it; nothing of it changes afterwards."""

    name = "rules"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    func = with_refusals(
        """
        IF OLD.signed_off_at IS NOT NULL THEN
            -- an account that is gone leaves no name
            IF to_jsonb(NEW) - 'started_by_id' = to_jsonb(OLD) - 'started_by_id' THEN
                RETURN NEW;
            END IF;
            REFUSE honors_juryround_locked;
        END IF;
        IF NEW.edition_id <> OLD.edition_id THEN
            REFUSE honors_juryround_stays; END IF;
        IF NEW.signed_off_at IS NULL THEN RETURN NEW; END IF;
        IF EXISTS (SELECT FROM honors_awardedition e WHERE e.id = NEW.edition_id
                AND e.vote_closes_at > statement_timestamp()) THEN
            REFUSE honors_juryround_vote_over; END IF;
        IF EXISTS (SELECT FROM honors_nomination n WHERE n.edition_id = NEW.edition_id
                AND n.state = 'jury' AND NEW.quorum > (SELECT count(*)
                    FROM honors_ballot b WHERE b.nomination_id = n.id
                    AND b.submitted_at IS NOT NULL AND NOT b.is_abstaining
                    AND NOT EXISTS (SELECT FROM honors_recusal c
                        WHERE c.seat_id = b.seat_id
                        AND c.nomination_id = b.nomination_id))) THEN
            REFUSE honors_juryround_quorum; END IF;
        RETURN NEW;
    """
    )


class JuryRound(models.Model):
    """The scoring of one edition. Method, quorum, weights are those that held when it
    began: what was declared before the first score is what counts."""

    edition = models.OneToOneField(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="jury_round",
    )
    method = models.CharField(_("计分方法"), max_length=10, choices=ScoreMethod)
    quorum = models.PositiveSmallIntegerField(_("有效评委人数"))
    vote_weight = models.PositiveSmallIntegerField(_("投票占总成绩（%）"))
    # criterion's key → weight, in the order in which ties are broken
    weights = models.JSONField(_("各项标准的权重"))
    started_at = models.DateTimeField(_("开始评审时间"), db_default=Now())
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("开始评审的人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    signed_off_at = models.DateTimeField(_("签认时间"), null=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("签认人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    # ballots of the public vote that count, and those that were voided
    vote_ballots = models.PositiveIntegerField(_("有效选票"), default=0)
    vote_voided = models.PositiveIntegerField(_("作废选票"), default=0)

    objects = JuryRoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评审轮次")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="honors_juryround_vote_weighs_at_most_40",
                condition=Q(vote_weight__lte=MOST_VOTE_WEIGHT),
                violation_error_message=_("投票占总成绩不能超过40%。"),
            ),
            models.CheckConstraint(
                name="honors_juryround_signed_by_somebody",
                condition=Q(signed_off_at__isnull=True, signed_off_by__isnull=True)
                | Q(signed_off_at__isnull=False, signed_off_by__isnull=False),
            ),
            models.CheckConstraint(
                name="honors_juryround_quorum_of_somebody",
                condition=Q(quorum__gte=1),
            ),
        ]
        triggers = [
            RoundRules(),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            history.track(),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_signed_off(self) -> bool:
        return self.signed_off_at is not None

    @property
    def weight_of(self) -> dict[int, int]:
        """Criterion's key → weight."""
        return {int(key): weight for key, weight in self.weights}


class WhileOpen(pgtrigger.Trigger):
    """Rows of a round that is signed off are fixed. Takes turns with the signing at the
    row of the round. ``edition``: SQL for the edition's key, out of ``touched``."""

    name = "while_open"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(
        self, *, table: str, edition: str, needs_round=True, also="", operation=None
    ):
        super().__init__(operation=operation)
        self.table, self.edition = table, edition
        self.needs_round, self.also = needs_round, also

    def get_declare(self, model):
        return [("touched", f"{self.table}%ROWTYPE"), ("signed", "boolean")]

    def get_func(self, model):
        missing = (
            "REFUSE honors_jury_begun;" if self.needs_round else "signed := false;"
        )
        return with_refusals(
            _WHILE_OPEN.replace("EDITION", self.edition)
            .replace("MISSING", missing)
            .replace("ALSO", self.also)
        )


_WHILE_OPEN = """
    IF TG_OP = 'DELETE' THEN touched := OLD; ELSE touched := NEW; END IF;
    SELECT r.signed_off_at IS NOT NULL INTO signed FROM honors_juryround r
        WHERE r.edition_id = (EDITION) FOR SHARE;
    IF signed IS NULL THEN MISSING END IF;
    IF signed THEN REFUSE honors_jury_locked; END IF;
    ALSO
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
_OF_NOMINATION = (
    "SELECT n.edition_id FROM honors_nomination n WHERE n.id = touched.nomination_id"
)
_SAME_EDITION = """
    IF TG_OP <> 'DELETE' AND NOT EXISTS (SELECT FROM honors_juryseat s
            JOIN honors_nomination n ON n.edition_id = s.edition_id
            WHERE s.id = NEW.seat_id AND n.id = NEW.nomination_id) THEN
        REFUSE honors_jury_same_edition; END IF;
"""


class JurySeat(models.Model):
    """Somebody who sits on the jury of an edition. ``union_org`` is where they work, as
    far as that is known: its nominations are not theirs to score."""

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="jury_seats",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("评委"),
        on_delete=models.PROTECT,
        related_name="jury_seats",
    )
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("评委所在单位工会"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    seated_at = models.DateTimeField(_("聘任时间"), db_default=Now())
    seated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("聘任人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("评委席位")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="honors_juryseat_once",
                fields=["edition", "user"],
                violation_error_message=_("这位评委已在本届评委名单中。"),
            ),
        ]
        triggers = [
            WhileOpen(
                table="honors_juryseat",
                edition="SELECT touched.edition_id",
                needs_round=False,
                operation=pgtrigger.Insert | pgtrigger.Delete,
            ),
            pgtrigger.ReadOnly(name="never_changed", exclude=["seated_by"]),
            history.track(),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class Ballot(models.Model):
    """One file before one juror. Kept as it is typed; it counts once it was sent, unless
    they abstained or are recused."""

    seat = models.ForeignKey(
        JurySeat,
        verbose_name=_("评委"),
        on_delete=models.CASCADE,
        related_name="ballots",
    )
    nomination = models.ForeignKey(
        Nomination,
        verbose_name=_("推荐人选"),
        on_delete=models.PROTECT,
        related_name="ballots",
    )
    is_abstaining = models.BooleanField(_("弃权"), default=False)
    comment = models.CharField(_("评语"), max_length=LONGEST_COMMENT, blank=True)
    dealt_at = models.DateTimeField(_("分配时间"), db_default=Now())
    saved_at = models.DateTimeField(_("保存时间"), null=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评分表")
        ordering = ["seat", "pk"]
        default_permissions = ()
        permissions = [("score_nomination", _("评审推荐材料"))]
        constraints = [
            models.UniqueConstraint(
                name="honors_ballot_once", fields=["seat", "nomination"]
            ),
        ]
        # what it says is for nobody's eyes before the round is signed off: no history
        triggers = [
            WhileOpen(
                table="honors_ballot", edition=_OF_NOMINATION, also=_SAME_EDITION
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class Score(models.Model):
    """A juror's value for one criterion, 0 to 100."""

    ballot = models.ForeignKey(
        Ballot,
        verbose_name=_("评分表"),
        on_delete=models.CASCADE,
        related_name="scores",
    )
    criterion = models.ForeignKey(
        Criterion,
        verbose_name=_("评选标准"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    value = models.PositiveSmallIntegerField(_("分数"))

    class Meta:
        verbose_name = verbose_name_plural = _("评分")
        ordering = ["ballot", "criterion"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="honors_score_once", fields=["ballot", "criterion"]
            ),
            models.CheckConstraint(
                name="honors_score_of_a_hundred",
                condition=Q(value__lte=HIGHEST_SCORE),
                violation_error_message=_("分数为0到100的整数。"),
            ),
        ]
        triggers = [
            WhileOpen(
                table="honors_score",
                edition="SELECT s.edition_id FROM honors_ballot b "
                "JOIN honors_juryseat s ON s.id = b.seat_id "
                "WHERE b.id = touched.ballot_id",
                # a ballot that goes takes its scores along
                needs_round=False,
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class Recusal(models.Model):
    """A juror has nothing to do with a file: they cannot open it, and no score of theirs
    for it counts. For good."""

    seat = models.ForeignKey(
        JurySeat,
        verbose_name=_("评委"),
        on_delete=models.PROTECT,
        related_name="recusals",
    )
    nomination = models.ForeignKey(
        Nomination,
        verbose_name=_("推荐人选"),
        on_delete=models.PROTECT,
        related_name="recusals",
    )
    ground = models.CharField(_("回避原因"), max_length=10, choices=RecusalGround)
    word = models.CharField(_("说明"), max_length=LONGEST_WORD, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    at = models.DateTimeField(_("登记时间"), db_default=Now())

    changeable = ("by",)

    class Meta:
        verbose_name = verbose_name_plural = _("回避")
        ordering = ["seat", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="honors_recusal_once", fields=["seat", "nomination"]
            ),
            models.CheckConstraint(
                name="honors_recusal_with_a_word",
                condition=Q(ground__in=[RecusalGround.SELF, RecusalGround.UNIT])
                | ~Q(word=""),
                violation_error_message=_("请写明回避的原因。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="never_changed", exclude=["by"]),
            WhileOpen(
                table="honors_recusal",
                edition=_OF_NOMINATION,
                also=_SAME_EDITION,
                operation=pgtrigger.Insert,
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class JuryResult(models.Model):
    """What came of one file when the round was signed off. Never changed. ``counted``:
    the jurors whose score is in it."""

    nomination = models.OneToOneField(
        Nomination,
        verbose_name=_("推荐人选"),
        on_delete=models.PROTECT,
        related_name="jury_result",
    )
    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="jury_results",
    )
    jury_score = models.DecimalField(_("评委得分"), max_digits=5, decimal_places=2)
    # criterion's key → the jury's figure for it, as text
    by_criterion = models.JSONField(_("各项得分"))
    counted = models.PositiveSmallIntegerField(_("计分评委"))
    abstained = models.PositiveSmallIntegerField(_("弃权"), default=0)
    recused = models.PositiveSmallIntegerField(_("回避"), default=0)
    votes = models.PositiveIntegerField(_("得票"), default=0)
    vote_share = models.DecimalField(
        _("得票率（%）"), max_digits=5, decimal_places=2, default=0
    )
    final_score = models.DecimalField(_("总成绩"), max_digits=5, decimal_places=2)
    rank = models.PositiveSmallIntegerField(_("名次"))
    is_tied = models.BooleanField(_("并列"), default=False)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("评审结果")
        ordering = ["edition", "rank", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="honors_juryresult_within_a_hundred",
                condition=Q(
                    jury_score__range=(0, 100),
                    vote_share__range=(0, 100),
                    final_score__range=(0, 100),
                    rank__gte=1,
                    counted__gte=1,
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            WhileOpen(table="honors_juryresult", edition=_OF_NOMINATION),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class ShortlistWaiver(models.Model):
    """A hard rule of composition is waived for exactly one list: asked by one person,
    answered by another who has the right. Two weigh more than one: the table says so."""

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="waivers",
    )
    # as the rule read: it may be changed for the next edition
    rule = models.CharField(_("构成要求"), max_length=60)
    reading = models.CharField(_("名单实际"), max_length=60)
    # keys of the nominations on the list, in ascending order
    picked = models.JSONField(_("名单"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("申请人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("申请时间"), db_default=Now())
    reason = models.CharField(_("申请理由"), max_length=300)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("审批人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("审批时间"), null=True)
    is_granted = models.BooleanField(_("同意"), null=True)
    answer = models.CharField(_("审批意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("构成要求豁免")
        ordering = ["edition", "pk"]
        default_permissions = ()
        permissions = [("approve_waiver", _("审批名单构成豁免"))]
        constraints = [
            models.CheckConstraint(
                name="honors_shortlistwaiver_two_people",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                violation_error_message=_("豁免须由申请人以外的人审批。"),
            ),
            models.CheckConstraint(
                name="honors_shortlistwaiver_answered_whole",
                condition=Q(
                    answered_by__isnull=True,
                    answered_at__isnull=True,
                    is_granted__isnull=True,
                )
                | Q(
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    is_granted__isnull=False,
                )
                & ~Q(answer=""),
                violation_error_message=_("请填写审批意见。"),
            ),
            models.CheckConstraint(
                name="honors_shortlistwaiver_with_reason",
                condition=~Q(reason=""),
                violation_error_message=_("请填写申请理由。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
            history.track(),
        ]

    def __str__(self):
        return self.rule


class ShortlistDecision(models.Model):
    """Who was put on the list, what it was made of, and why it leaves the order of the
    ranking, if it does. A later one replaces it; both stay."""

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="shortlist_decisions",
    )
    picked = models.JSONField(_("名单"))
    # (rule, reading, was it kept, was it waived) in words
    composition = models.JSONField(_("名单构成"))
    reason = models.CharField(_("未按名次的理由"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确定人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("确定时间"), db_default=Now())

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("拟推荐名单")
        ordering = ["edition", "pk"]
        default_permissions = ()
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
