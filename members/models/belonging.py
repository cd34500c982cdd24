"""How a person comes to belong to a union, moves to another, and has a word about what
is kept of them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.enums import (
    CorrectionField,
    CorrectionState,
    TransferSide,
    TransferState,
    TryOutcome,
)
from members.models.people import UnionOrg, Worker
from members.models.users import User
from members.querysets import (
    CorrectionRequestQuerySet,
    UnionTransferQuerySet,
    VerificationTryQuerySet,
)


class VerificationTry(models.Model):
    """One attempt of an account to be recognised on a roster.

    What was typed is not kept. A row that already has a log-in counts as WRONG; the
    audit alone knows better. The tries of an account that was closed stay for the two
    days in which they can count, without the account.
    """

    # purpose: three wrong tries of one account lock it for a day
    user = models.ForeignKey(
        User,
        verbose_name=_("账号"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="verification_tries",
    )
    # purpose: three wrong tries lock the mobile number, the name in this union and the
    # number in this union, whatever account they come from. Keyed fingerprints, blanked
    # once they count no more; made of what was typed, so that a lock does not tell
    # whether there is such a row
    phone_hmac = models.CharField(max_length=64, blank=True, editable=False)
    name_hmac = models.CharField(max_length=64, blank=True, editable=False)
    number_hmac = models.CharField(max_length=64, blank=True, editable=False)
    # purpose: the union's steward sees that somebody tries in vain
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("所选工会"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    outcome = models.CharField(_("结果"), max_length=10, choices=TryOutcome)
    # purpose: whoever withdraws the consent to it is no longer verified by it
    used_identity = models.BooleanField(_("凭证件号"), default=False)
    at = models.DateTimeField(_("时间"), db_default=Now(), editable=False)

    objects = VerificationTryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("认证尝试")
        ordering = ["-pk"]
        indexes = [
            models.Index(name="members_verificationtry_recent", fields=["user", "-at"]),
            models.Index(name="members_verificationtry_at", fields=["-at"]),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class UnionTransfer(models.Model):
    """One move of a worker between unions: proposed by the steward of one side and
    answered by the other, or done at once by somebody who looks after both.

    The row is the history: it is answered once and never deleted.
    """

    worker = models.ForeignKey(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.PROTECT,
        related_name="transfers",
    )
    from_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("转出工会"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    to_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("转入工会"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("原因"), max_length=200)
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=TransferState,
        default=TransferState.PROPOSED,
    )
    asked_side = models.CharField(
        _("提出方"), max_length=10, choices=TransferSide, blank=True
    )
    asked_by = models.ForeignKey(
        User,
        verbose_name=_("提出人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("提出时间"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        User,
        verbose_name=_("办理人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    at = models.DateTimeField(_("办理时间"), null=True, editable=False)
    answer = models.CharField(_("答复"), max_length=200, blank=True)

    objects = UnionTransferQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("转会")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_uniontransfer_between_two",
                condition=~Q(from_org=F("to_org")),
                violation_error_message=_("转入与转出是同一个工会。"),
            ),
            models.CheckConstraint(
                name="members_uniontransfer_has_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="members_uniontransfer_answered_once",
                condition=Q(state=TransferState.PROPOSED, at__isnull=True)
                & ~Q(asked_side="")
                | ~Q(state=TransferState.PROPOSED) & Q(at__isnull=False),
            ),
            models.UniqueConstraint(
                name="members_uniontransfer_one_open",
                fields=["worker"],
                condition=Q(state=TransferState.PROPOSED),
                violation_error_message=_("该职工已有一项待确认的转会。"),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class CorrectionRequest(models.Model):
    """A person says that something about them on the roster is wrong (PIPL art. 46);
    the union's steward answers. What was typed goes when the account is closed."""

    worker = models.ForeignKey(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.PROTECT,
        related_name="correction_requests",
    )
    asked_by = models.ForeignKey(
        User,
        verbose_name=_("提出人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("提出时间"), db_default=Now(), editable=False)
    field = models.CharField(_("更正项"), max_length=15, choices=CorrectionField)
    # purpose: what the roster should say; blanked when the account is closed
    proposed = models.CharField(_("应为"), max_length=100, blank=True)
    # purpose: how the steward can tell; blanked when the account is closed
    note = models.CharField(_("说明"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=CorrectionState,
        default=CorrectionState.OPEN,
    )
    answered_by = models.ForeignKey(
        User,
        verbose_name=_("办理人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("办理时间"), null=True, editable=False)
    answer = models.CharField(_("答复"), max_length=200, blank=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("更正申请")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_correctionrequest_answered_once",
                condition=Q(state=CorrectionState.OPEN, answered_at__isnull=True)
                | ~Q(state=CorrectionState.OPEN) & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="members_correctionrequest_refused_with_reason",
                condition=~Q(state=CorrectionState.REFUSED) | ~Q(answer=""),
                violation_error_message=_("不予更正须写明原因。"),
            ),
            models.UniqueConstraint(
                name="members_correctionrequest_one_open_each",
                fields=["worker", "field"],
                condition=Q(state=CorrectionState.OPEN),
                violation_error_message=_("这一项已有待处理的更正申请。"),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"
