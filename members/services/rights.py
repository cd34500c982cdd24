"""Verbs of rights: who looks after which union, and the reveal of a full number.

Each leaves an audit event with what it was before and after; so does a refusal. They
lock nothing but the row they change.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, history
from common.enums import AuditOutcome, AuditVerb
from common.errors import Reason, Refusal, at_field
from members import notices, phones
from members.models import Stewardship, UnionOrg, User
from members.services import duties
from members.services.notices import notify

SHORTEST_REASON = 5


@transaction.atomic
@history.on_record
def give_stewardship(
    *, user: User, union_org: UnionOrg, role: str, by: User | None
) -> Stewardship:
    """Let ``user`` look after a union and those below it.

    Raises Refusal when somebody would give themselves one, or an auditor.
    """
    _check_not_own(user=user, by=by, verb=AuditVerb.GIVE_STEWARDSHIP)
    _check_apart(user)
    given = Stewardship.objects.create(user=user, union_org=union_org, role=role)
    audit.record(AuditVerb.GIVE_STEWARDSHIP, by=by, of=user, after=_words_of(given))
    _tell(given, _("现在由您负责"), by)
    return given


@transaction.atomic
@history.on_record
def change_stewardship(*, stewardship: Stewardship, by: User | None) -> Stewardship:
    """Store a stewardship as filled in. Raises Refusal when it is or becomes one's own."""
    held = Stewardship.objects.select_for_update().get(pk=stewardship.pk)
    for user in (held.user, stewardship.user):
        _check_not_own(user=user, by=by, verb=AuditVerb.CHANGE_STEWARDSHIP)
    _check_apart(stewardship.user)
    before = _words_of(held)
    stewardship.save()
    audit.record(
        AuditVerb.CHANGE_STEWARDSHIP,
        by=by,
        of=stewardship.user,
        before=before,
        after=_words_of(stewardship),
    )
    if held.user_id != stewardship.user_id:
        _tell(held, _("不再由您负责"), by)
    if before != _words_of(stewardship):
        _tell(stewardship, _("现在由您负责"), by)
    return stewardship


@transaction.atomic
@history.on_record
def take_stewardship(*, stewardship: Stewardship, by: User | None) -> None:
    """End a stewardship. One's own may be given back."""
    before = _words_of(stewardship)
    audit.record(AuditVerb.TAKE_STEWARDSHIP, by=by, of=stewardship.user, before=before)
    _tell(stewardship, _("不再由您负责"), by)
    stewardship.delete()


def _tell(stewardship: Stewardship, what: str, by: User | None) -> None:
    notify(
        kind=notices.STEWARDSHIP,
        to={stewardship.user_id: None},
        about=f"stewardship:{stewardship.pk}",
        facts={
            "what": what,
            "title": stewardship.union_org.name,
            "role": stewardship.get_role_display(),
        },
        url_name="admin:index",
        but=by,
    )


def _check_apart(user: User) -> None:
    """Who reads the audit looks after no union."""
    user = User.objects.select_for_update().get(pk=user.pk)
    with at_field("user"):
        duties.check_apart(user=user, roles=user.groups.all(), has_unions=True)


def _check_not_own(*, user, by, verb) -> None:
    """Who gives out rights takes none."""
    if by is None or user.pk != by.pk:
        return
    text = _("不能变更自己的工会干部任职，请由其他管理员操作。")
    audit.record(verb, by=by, of=user, outcome=AuditOutcome.REFUSED, reason=text)
    raise Refusal(Reason("own_stewardship", text, field="user"))


def _words_of(stewardship: Stewardship) -> str:
    """Who looks after what, without the name of anybody who may be forgotten later."""
    return _("账号#%(user)s，%(union)s（%(code)s），%(role)s") % {
        "user": stewardship.user_id,
        "union": stewardship.union_org.name,
        "code": stewardship.union_org.code,
        "role": stewardship.get_role_display(),
    }


def reveal_phone(
    *, user: User, by: User, reason: str, right: str = "members.reveal_phone"
) -> str:
    """The full number of an account, eleven digits, for somebody who has to call.
    ``right`` is the permission for those among whom ``user`` was found.

    Every reveal leaves an audit event with its reason, and so does every refusal. Which
    rows are ``by``'s to read was decided by who fetched ``user``. Raises Refusal:
    no right to look, a reason shorter than five characters, an account without a
    number. (PIPL 51: access to personal data follows a need that is on record.)
    """
    reason = " ".join(reason.split())
    grounds = []
    if not by.has_perm(right):
        grounds.append(Reason("no_right", _("您没有查看完整手机号的权限。")))
    if len(reason) < SHORTEST_REASON:
        text = _("请填写查看原因，不少于%(n)d个字。") % {"n": SHORTEST_REASON}
        grounds.append(Reason("reason_short", text, field="reason"))
    phone = phones.of(user)
    if not phone:
        grounds.append(Reason("no_phone", _("该账号没有手机号。")))
    if grounds:
        refuse_reveal(of=user, by=by, reason=reason)
        raise Refusal(*grounds)
    audit.record(AuditVerb.REVEAL_PHONE, by=by, of=user, reason=reason)
    return phone.removeprefix("+86")


def refuse_reveal(*, of, by: User, reason: str = "") -> None:
    """Leave on record that somebody asked for a number and was not shown it."""
    audit.record(
        AuditVerb.REVEAL_PHONE,
        by=by,
        of=of,
        outcome=AuditOutcome.REFUSED,
        reason=reason,
    )
