"""The public vote of an edition: one ballot a member, of up to as many names as there are
places. A ballot is one row and is never changed; nothing counts while it runs."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from honors.models.jury import with_refusals
from honors.models.wall import AwardEdition
from honors.querysets import VoteQuerySet, VoteVoidQuerySet
from members.models import UnionOrg, Worker


class VoteRules(pgtrigger.Trigger):
    """Within the hours of the vote by the database's clock, by a member, for candidates
    of the edition that are before the jury, each once and none of them the voter.

    The row of the edition is held as a foreign key holds it: voters do not wait for each
    other, and who counts (FOR UPDATE) waits for those who are voting."""

    name = "rules"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    declare = [
        ("call", "honors_awardedition%ROWTYPE"),
        ("named", "integer"),
        ("said", "integer"),
    ]
    func = with_refusals(
        """
        SELECT * INTO call FROM honors_awardedition e WHERE e.id = NEW.edition_id
            FOR KEY SHARE;
        NEW.cast_at := clock_timestamp();
        IF NOT coalesce(NEW.cast_at >= call.vote_opens_at
                AND NEW.cast_at < call.vote_closes_at, false) THEN
            REFUSE honors_vote_in_time; END IF;
        SELECT w.union_org_id INTO NEW.union_org_id FROM members_worker w
            WHERE w.id = NEW.worker_id AND w.user_id IS NOT NULL
            AND members_is_member(w.is_member, w.left_at);
        IF NOT FOUND THEN REFUSE honors_vote_by_a_member; END IF;
        said := cardinality(NEW.choices);
        IF said < 1 OR said > greatest(coalesce(call.quota, 1), 1) THEN
            REFUSE honors_vote_choices; END IF;
        SELECT count(*) INTO named FROM honors_nomination n
            WHERE n.id = ANY(NEW.choices) AND n.edition_id = NEW.edition_id
            AND n.state = 'jury' AND n.worker_id IS DISTINCT FROM NEW.worker_id;
        IF named <> said THEN REFUSE honors_vote_candidates; END IF;
        RETURN NEW;
    """
    )


class Vote(models.Model):
    """One member's ballot. ``choices`` are keys of nominations, in ascending order; whose
    they are is read by nobody but the voter, and counted after the end.

    ``device``: a keyed fingerprint, of this edition only, of the kind of device and the
    half address that the portal keeps of a log-in (``members.browsers``): a sign to look
    closer, and no address. ``union_org`` as it was."""

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="votes",
    )
    worker = models.ForeignKey(
        Worker, verbose_name=_("职工"), on_delete=models.PROTECT, related_name="votes"
    )
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("所在工会"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    choices = ArrayField(models.BigIntegerField(), verbose_name=_("所选人选"))
    device = models.CharField(max_length=64, blank=True)
    cast_at = models.DateTimeField(_("投票时间"), db_default=Now())

    objects = VoteQuerySet.as_manager()
    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("选票")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="honors_vote_once",
                fields=["edition", "worker"],
                violation_error_message=_("您已经投过票，每人只投一次。"),
            ),
        ]
        triggers = [
            VoteRules(),
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class VoidWhileUncounted(pgtrigger.Trigger):
    """Nothing is voided any more once the votes were counted; takes its turn with the
    counting at the row of the edition."""

    name = "uncounted"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = with_refusals(
        """
        PERFORM FROM honors_awardedition e JOIN honors_vote v ON v.edition_id = e.id
            WHERE v.id = NEW.vote_id FOR KEY SHARE OF e;
        IF EXISTS (SELECT FROM honors_juryround r
                JOIN honors_vote v ON v.edition_id = r.edition_id
                WHERE v.id = NEW.vote_id AND r.signed_off_at IS NOT NULL) THEN
            REFUSE honors_votevoid_counted; END IF;
        RETURN NEW;
    """
    )


class VoteVoid(models.Model):
    """A ballot does not count, and why. The ballot stays, and so does this."""

    vote = models.OneToOneField(
        Vote, verbose_name=_("选票"), on_delete=models.PROTECT, related_name="void"
    )
    reason = models.CharField(_("作废原因"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办理人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("作废时间"), db_default=Now())

    objects = VoteVoidQuerySet.as_manager()
    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("作废的选票")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="honors_votevoid_with_reason",
                condition=~Q(reason=""),
                violation_error_message=_("请填写作废原因。"),
            ),
        ]
        triggers = [
            VoidWhileUncounted(),
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
