from datetime import timedelta

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections, models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject, Now
from django.db.models.lookups import IsNull, LessThan
from django.utils.translation import gettext as _

from common import crypto, finding, letters
from common.enums import AuditOutcome, AuditVerb
from common.models import AuditEvent
from members import names, phones
from members.enums import (
    ImportState,
    RoleRequestState,
    RosterState,
    SmsOutcome,
    TextState,
    TransferSide,
    TransferState,
    TryOutcome,
    UnionLevel,
)

MOST_FOUND = 20


class _HalfYear(Func):
    """Midnight in Shanghai of the 1 January or 1 July before a moment, plus ``days``.

    The zone is named in the statement: whatever zone the connection speaks, the union's
    half-year begins in Panzhihua."""

    template = (
        "((date_trunc('year', %(expressions)s AT TIME ZONE 'Asia/Shanghai')"
        " + CASE WHEN extract(month FROM %(expressions)s AT TIME ZONE 'Asia/Shanghai')"
        " >= 7 THEN interval '6 months' ELSE interval '0' END"
        " + interval '%(months)s months') AT TIME ZONE 'Asia/Shanghai')"
    )
    arity = 1

    def __init__(self, at, months=0):
        super().__init__(at, months=months, output_field=models.DateTimeField())

    def as_sql(self, compiler, connection, **context):
        """The moment is printed twice, so its parameters are given twice."""
        sql, params = super().as_sql(compiler, connection, **context)
        return sql, [*params, *params]


class UserQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Accounts that this back-office user looks after: all of them for city staff,
        for others those of the workers of their unions."""
        if user.has_perm("members.view_all_workers"):
            return self.all()
        workers = self.model._meta.get_field("worker").related_model
        return self.filter(worker__in=workers.objects.managed_by(user))

    def for_greeting(self, user):
        """``user`` with ``roles`` and ``unions`` by their names, and when and from where
        they had come in before this time (``last_at``, ``last_from``; null at the
        first). One query."""
        logins = AuditEvent.objects.filter(
            by=OuterRef("pk"), verb=AuditVerb.LOG_IN, outcome=AuditOutcome.DONE
        ).order_by("-at")
        groups = self.model._meta.get_field("groups").related_model
        stewardships = self.model._meta.get_field("stewardships").related_model
        return self.annotate(
            roles=ArraySubquery(
                groups.objects.filter(user=OuterRef("pk")).order_by("pk").values("name")
            ),
            unions=ArraySubquery(
                stewardships.objects.filter(user=OuterRef("pk"))
                .order_by("pk")
                .values("union_org__name")[:5]
            ),
            last_at=Subquery(logins.values("at")[1:2]),
            last_from=Subquery(logins.values("address")[1:2]),
        ).get(pk=user.pk)

    def tried_in_vain(self, orgs):
        """Accounts that lately were not recognised on the roster of one of ``orgs`` and
        still are nobody's there, each with ``tries``, ``tried_at`` (the last time) and
        ``tried_union``: its steward may help."""
        model = self.model._meta.get_field("verification_tries").related_model
        wrong = model.objects.wrong().filter(union_org__in=orgs)
        tries = wrong.filter(user=OuterRef("pk"))
        number = tries.order_by().values("user").annotate(n=Count("pk")).values("n")
        return self.filter(
            pk__in=wrong.order_by().values("user"), worker__isnull=True
        ).annotate(
            tried_at=Subquery(tries.values("at")[:1]),
            tried_union=Subquery(tries.values("union_org__name")[:1]),
            tries=Subquery(number),
        )

    def of_phone(self, phone: str):
        """The account of a canonical number."""
        return self.filter(phone_hmac=crypto.digest("phone", phone))

    def of_staff_found_by(self, text):
        """Accounts of the back office in whose name ``text`` stands."""
        name = names.plain(text).strip()
        return self.filter(is_staff=True, name__contains=name) if name else self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def by_phone(self, phone: str):
        """The account of a canonical number, or None."""
        return self.filter(phone_hmac=crypto.digest("phone", phone)).first()

    def get_by_natural_key(self, username):
        """Django's command-line tools may name an account by its mobile number."""
        phone = phones.canonical(username)
        if phone:
            return self.get(phone_hmac=crypto.digest("phone", phone))
        return self.get(public_id=username)


class UnionOrgQuerySet(models.QuerySet):
    def name_of(self, pk) -> str:
        """The name of one union. As plain SQL, for a page that everybody opens who signs
        up."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT name FROM members_unionorg WHERE id = %s", [pk])
            return cursor.fetchone()[0]

    def below(self, orgs):
        """``orgs`` and everything under them in the tree, found by code prefix. No
        query of its own: a page asks this for each of its queues."""
        code = ExpressionWrapper(OuterRef("code"), output_field=models.CharField())
        above = orgs.annotate(below=code).filter(below__startswith=F("code"))
        return self.filter(Exists(above))

    def above(self, code):
        """The unions whose code ``code`` starts with, the nearest first."""
        starts = [code[:length] for length in range(1, len(code))]
        return self.filter(code__in=starts).order_by("-code")

    def of_directory(self):
        """The city's union and its districts, in code order: whose own a team may be."""
        return self.filter(level=UnionLevel.CITY).order_by("code") | self.districts()

    def districts(self):
        """County and industry unions: what a directory is narrowed by, in code order."""
        return self.filter(level__in=[UnionLevel.COUNTY, UnionLevel.INDUSTRY]).order_by(
            "code"
        )

    def named_like(self, text):
        """At most ``MOST_FOUND`` unions in whose name or short names every word of
        ``text`` stands, or whose code it is, for a search box; blank finds nothing.
        Full-width letters and digits equal half-width ones. Already sliced."""
        words = letters.words(text)
        if not words:
            return self.none()
        wanted = Q(pk__in=[])
        if len(words) == 1:
            wanted |= Q(code=words[0])
        every = Q()
        for word in words:
            every &= finding.standing_in(self.model, ("name", "short_names"), word)
        return self.filter(wanted | every).order_by("code")[: MOST_FOUND + 1]

    def with_district(self):
        """Annotate ``district``: the name of the county or industry union above, to tell
        unions of one name apart; null for who has none."""
        code = ExpressionWrapper(OuterRef("code"), output_field=models.CharField())
        above = self.model.objects.districts().annotate(below=code)
        nearest = above.filter(
            below__startswith=F("code"), code__lt=F("below")
        ).order_by("-code")
        return self.annotate(district=Subquery(nearest.values("name")[:1]))

    def with_roster_due(self, at=None):
        """Annotate ``roster_state`` (``RosterState``): whether the roster was gone
        through in this half-year. Due from 1 to 31 January and July in Shanghai's days,
        overdue after it; a union that was made after the window has nothing to confirm
        until the next. By the database's clock unless ``at`` (an aware datetime) is
        given.
        """
        now = Now() if at is None else Value(at, output_field=models.DateTimeField())
        opens, closes = _HalfYear(now), _HalfYear(now, months=1)
        return self.annotate(
            roster_state=Case(
                When(
                    Q(roster_confirmed_at__gte=opens) | Q(created_at__gte=closes),
                    then=Value(RosterState.CONFIRMED),
                ),
                When(LessThan(now, closes), then=Value(RosterState.DUE)),
                default=Value(RosterState.OVERDUE),
                output_field=models.CharField(max_length=10),
            )
        )

    def awaiting_check(self, at=None):
        """Unions whose roster is due or overdue to be gone through."""
        return self.with_roster_due(at).exclude(roster_state=RosterState.CONFIRMED)

    def with_last_roster(self):
        """Annotate ``last_roster`` (what the last applied import counted, or null) and
        ``roster_under_way`` (the key of one that is not applied yet and still can be)."""
        imports = self.model._meta.get_field("roster_imports").related_model.objects
        here = imports.filter(union_org=OuterRef("pk")).order_by("-pk")
        counts = ("created", "changed", "refused", "left")
        return self.annotate(
            last_roster=Subquery(
                here.filter(state=ImportState.APPLIED).values(
                    row=JSONObject(
                        id="pk", at="applied_at", **{name: name for name in counts}
                    )
                )[:1]
            ),
            roster_under_way=Subquery(here.pending().values("pk")[:1]),
        )

    def managed_by(self, user):
        """The unions whose people this back-office user looks after.

        Whoever may see all workers (city staff) looks after every union; a steward
        looks after the unions of their stewardships and those below them.
        """
        if user.has_perm("members.view_all_workers"):
            return self.all()
        return self.below(self.model.objects.filter(stewardships__user=user))


class WorkerQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Workers of the unions this back-office user looks after; nobody for others."""
        if user.has_perm("members.view_all_workers"):
            return self.all()
        orgs = self.model._meta.get_field("union_org").related_model
        return self.filter(union_org__in=orgs.objects.managed_by(user))

    def found_by(self, text):
        """Workers of this name, member number or (an account's) mobile number, for a
        search box; blank finds nobody. A name is found however its dot is typed."""
        if phone := phones.canonical(text):
            return self.filter(user__phone_hmac=crypto.digest("phone", phone))
        name, number = names.plain(text).strip(), letters.number(text)
        if not name:
            return self.none()
        if any(char.isdigit() for char in number):
            return self.filter(member_number=number)
        return self.filter(finding.standing_in(self.model, ["name"], name))


class StewardshipQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Only city staff see who looks after which union."""
        return self.all() if user.has_perm("members.view_all_workers") else self.none()


class RosterImportQuerySet(models.QuerySet):
    KEPT = timedelta(days=1)

    def managed_by(self, user):
        """Imports into the unions this back-office user looks after."""
        if user.has_perm("members.view_all_workers"):
            return self.all()
        orgs = self.model._meta.get_field("union_org").related_model
        return self.filter(union_org__in=orgs.objects.managed_by(user))

    def left_open(self):
        """The last roster of each union, where it brought rows that were refused: with
        the next one they are settled."""
        later = self.model.objects.filter(
            union_org=OuterRef("union_org"), state=ImportState.APPLIED
        ).order_by("-pk")
        return self.filter(pk=Subquery(later.values("pk")[:1]), refused__gt=0)

    def pending(self):
        """Those that can still be matched, checked and applied, by the database's
        clock: after a day an uploaded file is as good as gone."""
        return self.exclude(state=ImportState.APPLIED).filter(
            created_at__gt=Now() - self.KEPT
        )

    def outdated(self):
        """Those past their day that still hold a file or a report."""
        return self.filter(created_at__lte=Now() - self.KEPT).exclude(
            content="", reading="", report=""
        )

    def for_list(self):
        """Newest first, without the sealed texts, which may be large."""
        return (
            self.defer("content", "reading", "report")
            .select_related("union_org", "by")
            .order_by("-pk")
        )


class VerificationTryQuerySet(models.QuerySet):
    COUNTED_FOR = timedelta(days=2)  # a lock of a day hangs on three tries within a day

    def wrong(self):
        """The wrong tries that can still count, the newest first."""
        return self.filter(
            outcome=TryOutcome.WRONG, at__gt=Now() - self.COUNTED_FOR
        ).order_by("-at", "-pk")

    def outdated(self):
        """Those that can count no more."""
        return self.filter(at__lte=Now() - self.COUNTED_FOR)

    def proofs_by_identity(self, worker):
        """The try on which the worker's present verification rests, if it was one by
        identity number: one by hand is later than any try before it."""
        return self.filter(
            user=worker.user_id,
            outcome=TryOutcome.MATCHED,
            used_identity=True,
            at__gte=worker.verified_at,
        )


class UnionTransferQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Transfers from or to a union this back-office user looks after."""
        if user.has_perm("members.view_all_workers"):
            return self.all()
        mine = self.model._meta.get_field("to_org").related_model.objects.managed_by(
            user
        )
        return self.filter(Q(from_org__in=mine) | Q(to_org__in=mine))

    def to_answer(self, user, orgs):
        """Those that wait for the word of this person, who looks after ``orgs``: the
        side that did not ask answers; city staff may for either."""
        asked = self.filter(state=TransferState.PROPOSED)
        if user.has_perm("members.view_all_workers"):
            return asked
        return asked.filter(
            Q(asked_side=TransferSide.GIVING, to_org__in=orgs)
            | Q(asked_side=TransferSide.RECEIVING, from_org__in=orgs)
        )

    def of_worker(self, worker):
        """A worker's own moves, oldest first, with the names of both unions."""
        moves = self.filter(worker=worker).select_related("from_org", "to_org")
        return moves.order_by("pk")


class CorrectionRequestQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Requests about workers of the unions this back-office user looks after."""
        workers = self.model._meta.get_field("worker").related_model
        return self.filter(worker__in=workers.objects.managed_by(user))

    def of_worker(self, worker):
        """What a worker asked to have corrected, oldest first."""
        return self.filter(worker=worker).order_by("pk")


class RoleRequestQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Only city staff see who is to get which role."""
        return self.all() if user.has_perm("members.view_all_workers") else self.none()

    def open(self):
        return self.filter(state=RoleRequestState.OPEN)


class SmsMessageQuerySet(models.QuerySet):
    def since(self, moment):
        return self.filter(created_at__gt=moment)

    def counted(self):
        """Those that may have reached a phone: a limit counts nothing else."""
        return self.exclude(outcome__in=[SmsOutcome.REFUSED, SmsOutcome.FAILED])

    def spent(self):
        """Those that were handed to the gateway, as far as anybody knows."""
        return self.counted().exclude(outcome=SmsOutcome.WITHHELD)

    def to_phone(self, phone: str):
        """Those to a canonical number."""
        return self.filter(phone_hmac=crypto.digest("sms-phone", phone))

    def of_account(self, user):
        """Those asked for by this account, or sent to its number."""
        return self.filter(user=user)

    def from_address(self, address: str):
        return self.filter(address_hmac=crypto.digest("sms-address", address))

    def outdated(self):
        """Those that no limit counts any more and no log must hold: half a year old
        (Cybersecurity Law: logs of no less than six months)."""
        return self.filter(created_at__lt=Now() - timedelta(days=183))


class ConsentQuerySet(models.QuerySet):
    def standing(self):
        """Given and not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class LoginDeviceQuerySet(models.QuerySet):
    def lasting(self, past):
        """Those whose session lasts beyond that moment, the latest used first; the
        session comes along, for it tells when it was used."""
        return (
            self.filter(session__expire_date__gt=past)
            .select_related("session")
            .order_by("-session__expire_date")
        )


class CertificateQuerySet(models.QuerySet):
    def facts_of(self, worker) -> list[dict]:
        """A worker's certificates, oldest first, as label → plain value, for their
        own-data page. One query."""
        return [
            {
                _("编号"): certificate.printed_number,
                _("类别"): certificate.kind_name,
                _("名称"): certificate.title,
                _("姓名（当时）"): certificate.holder_name,
                _("内容"): "；".join(
                    f"{label}：{text}" for label, text in certificate.facts.items()
                ),
                _("颁发时间"): certificate.issued_at,
                _("撤销时间"): certificate.revoked_at,
                _("撤销原因"): certificate.revoke_reason,
            }
            for certificate in self.filter(holder=worker).order_by("pk")
        ]


class NoticeQuerySet(models.QuerySet):
    MOST_COUNTED = 100  # the mark says 99+ for as many and more
    KEPT = timedelta(days=365)

    def shown_to(self, user):
        """What this person may see: their own, and nothing of a group that is not
        released."""
        return self.filter(user=user, shown_at__isnull=False)

    def unread(self):
        return self.filter(read_at__isnull=True)

    def unread_count(self, user) -> int:
        """How many of this person's notices are unread, at most ``MOST_COUNTED``: one
        look into an index of nothing else. As plain SQL, since every page asks, and
        building a queryset costs many times what its answer does."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM (SELECT FROM members_notice WHERE user_id = %s"
                " AND read_at IS NULL AND shown_at IS NOT NULL LIMIT %s) unread",
                [user.pk, self.MOST_COUNTED],
            )
            return cursor.fetchone()[0]

    def for_inbox(self, user):
        """Unread first, then the newest first."""
        is_read = IsNull(models.F("read_at"), False)
        return self.shown_to(user).order_by(is_read, "-shown_at", "-pk")

    def outdated(self):
        """Those of more than a year ago, and what was written to an account while it
        was being closed."""
        return self.filter(
            Q(created_at__lte=Now() - self.KEPT) | Q(user__closed_at__isnull=False)
        )

    def facts_of(self, user):
        """Everything in a person's inbox, newest first, as label → plain value. One
        query."""
        rows = self.shown_to(user).select_related("sms").order_by("-shown_at", "-pk")
        return [
            {
                _("时间"): row.shown_at,
                _("标题"): row.title,
                _("内容"): row.body,
                _("已读时间"): row.read_at,
                _("短信"): row.sms.get_state_display() if hasattr(row, "sms") else "",
            }
            for row in rows
        ]


class NoticeTextQuerySet(models.QuerySet):
    KEPT = timedelta(days=183)  # as all that is known of texts

    def managed_by(self, user):
        """Texts to the accounts this back-office user looks after."""
        if user.has_perm("members.view_all_workers"):
            return self.all()
        users = self.model._meta.get_field("notice").related_model._meta.get_field(
            "user"
        )
        mine = users.related_model.objects.managed_by(user)
        return self.filter(notice__user__in=mine)

    def due(self, now):
        """Those that may go out, the most pressing first. Nothing of a group that is
        not released."""
        return self.filter(
            state=TextState.WAITING, due_at__lte=now, notice__shown_at__isnull=False
        ).order_by("-is_urgent", "due_at", "pk")

    def adrift(self, before):
        """Those that were handed over before this moment and never came back: their
        process has died."""
        return self.filter(state=TextState.SENDING, handed_at__lt=before)

    def of_unknown_fate(self):
        """Those that may have gone out or not, oldest first: a person decides."""
        return self.filter(state=TextState.UNKNOWN).order_by("ended_at", "pk")

    def for_list(self):
        return self.select_related("notice__user__worker")

    def outdated(self):
        """Those older than half a year that are under way no more."""
        return self.filter(created_at__lte=Now() - self.KEPT, ended_at__isnull=False)
