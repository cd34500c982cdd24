"""Telling people: notices in their inbox, and which texts go out beside them.

A verb that changes something for somebody else tells them in its own transaction: what
is rolled back was never told. Whoever acted is not told of it, and an account is told of
an event once (``key``), however often it is said. Who has no account cannot be told
here: the portal has no number of theirs (docs/decisions/0027-notices.md).

Rows are written in the order of their accounts; nothing else is locked. The texts are
sent by ``services.outbox`` after the commit.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason, Refusal
from members import noticekinds
from members.enums import TextDrop, TextState
from members.models import (
    Notice,
    NoticeRelease,
    NoticeText,
    SmsChoice,
    SmsRefusal,
    User,
)
from members.noticekinds import Kind
from members.querysets import NoticeQuerySet
from members.services import outbox

# A text that would wait for the morning goes at once where what it tells of begins
# sooner than so long after it.
AHEAD = timedelta(hours=2)
GOOD_FOR = timedelta(days=3)

_WRITE = """
    INSERT INTO members_notice
        (user_id, url_arg, kind, title, body, url_name, about, key, release_id, shown_at)
    SELECT u.id, t.url_arg, %(kind)s, %(title)s, %(body)s, %(url_name)s, %(about)s,
        %(key)s, %(release)s::bigint, CASE WHEN %(release)s::bigint IS NULL THEN now() END
    FROM unnest(%(users)s::bigint[], %(args)s::bigint[]) AS t (user_id, url_arg)
    JOIN members_user u ON u.id = t.user_id AND u.closed_at IS NULL
    ORDER BY u.id
    ON CONFLICT (user_id, key) DO NOTHING
    RETURNING id, user_id
"""


@transaction.atomic
def notify(
    *,
    kind: Kind,
    to: Mapping[int, int | None],
    facts: Mapping[str, object] = MappingProxyType({}),
    key: object = None,
    about: str = "",
    url_name: str = "",
    but: User | None = None,
    happens_at: datetime | None = None,
    good_until: datetime | None = None,
    release: NoticeRelease | None = None,
) -> int:
    """Tell these accounts of one event; how many were told that had not been.

    ``to`` is user id → the number with which ``url_name`` leads there. ``key`` names the
    event among those of its kind: each person is told of it once. Without one it is an
    event of its own, where the verb makes sure that it happens once. ``about`` is what
    it concerns (see ``Notice``); ``but``, who brought it about, is left out. ``happens_at`` is when somebody who does not know would come in vain: a
    text that would wait for the morning then goes in time. After ``good_until``
    (``happens_at``, or three days) no text goes any more. In a ``release`` nobody sees
    or counts it before ``release_group``. A handful of statements, however many people.
    """
    users = sorted(pk for pk in to if but is None or pk != but.pk)
    if not users:
        return 0
    event = f"{kind.name}:{uuid.uuid4().hex if key is None else key}"
    written = _write(kind, users, to, event, about, facts, url_name, release)
    if not written:
        return 0
    if kind.replaces:
        _replace(kind, set(written.values()), about, set(written))
    if _is_texted(kind):
        _write_texts(kind, written, facts, happens_at, good_until)
    return len(written)


def _write(kind, users, to, key, about, facts, url_name, release) -> dict[int, int]:
    """Number of the notice → account, of those that are new."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "kind": kind.name,
                "title": _fitting("title", kind.title_of(facts)),
                "body": _fitting("body", kind.body_of(facts)),
                "url_name": url_name,
                "about": about,
                "key": key,
                "release": release and release.pk,
                "users": users,
                "args": [to[pk] for pk in users],
            },
        )
        return dict(cursor.fetchall())


def _fitting(column: str, words: str) -> str:
    most = Notice._meta.get_field(column).max_length
    return words if len(words) <= most else words[: most - 1] + "…"


def _is_texted(kind: Kind) -> bool:
    if not kind.text:
        return False
    chosen = SmsChoice.objects.filter(kind=kind.name).values_list("is_on", flat=True)
    return next(iter(chosen), kind.is_texted)


def _write_texts(kind, written, facts, happens_at, good_until) -> None:
    """A text for each who has a proven number and does not do without."""
    users = User.objects.filter(
        pk__in=written.values(), phone_verified=True, phone_hmac__isnull=False
    )
    if kind.may_refuse:
        refused = SmsRefusal.objects.filter(kind=kind.name)
        users = users.exclude(pk__in=refused.values("user"))
    reached = set(users.values_list("pk", flat=True))
    if not reached:
        return
    now = timezone.now()
    due_at, is_urgent = due(now, happens_at)
    text = kind.text_of(facts)
    NoticeText.objects.bulk_create(
        NoticeText(
            notice_id=pk,
            text=text,
            due_at=due_at,
            is_urgent=is_urgent,
            good_until=good_until or happens_at or due_at + GOOD_FOR,
        )
        for pk, user in written.items()
        if user in reached
    )
    outbox.begin(at=due_at)


def due(now: datetime, happens_at: datetime | None = None) -> tuple[datetime, bool]:
    """When a text that is written now goes out, and whether it is too urgent for the
    quiet hours: at night it waits for the morning, unless that would be too late."""
    morning = outbox.end_of_quiet(now)
    if morning is None:
        return now, False
    if happens_at is not None and happens_at < morning + AHEAD:
        return now, True
    return morning, False


# --- what is no longer true -----------------------------------------------------------


def _replace(kind: Kind, users: set[int], about: str, but: set[int]) -> None:
    """A newer notice about the same thing: texts of older ones that have not gone out
    do not go, and older ones that are not released yet are gone."""
    older = _about(about).filter(user__in=users).exclude(pk__in=but)
    if kind.replaces != ("*",):
        older = older.filter(kind__in=kind.replaces)
    _drop(older, TextDrop.REPLACED)
    older.filter(shown_at__isnull=True).delete()


def _about(about: str):
    return Notice.objects.filter(Q(about=about) | Q(about__startswith=f"{about}/"))


def _drop(notices, why: str) -> int:
    texts = NoticeText.objects.filter(notice__in=notices, state=TextState.WAITING)
    return texts.update(state=TextState.CANCELLED, dropped=why, ended_at=Now())


@transaction.atomic
def drop_texts(
    *, users: Collection[int], about: str, kinds: Collection[Kind] = ()
) -> int:
    """Texts to these accounts about this (or a part of it) that have not gone out do
    not go: it has become otherwise by their own deed. ``kinds``: only of these. How
    many."""
    notices = _about(about).filter(user__in=users)
    if kinds:
        notices = notices.filter(kind__in=[kind.name for kind in kinds])
    return _drop(notices, TextDrop.REPLACED)


# --- reading --------------------------------------------------------------------------


@transaction.atomic
def read(*, notice: Notice) -> Notice:
    """Its person has opened it; opening it again changes nothing. A text that has not
    gone out yet is not needed any more."""
    mine = Notice.objects.filter(pk=notice.pk, shown_at__isnull=False)
    if mine.filter(read_at__isnull=True).update(read_at=Now()):
        _drop(mine, TextDrop.READ)
    notice.refresh_from_db(fields=["read_at"])
    return notice


@transaction.atomic
def read_all(*, user: User, until: datetime) -> int:
    """Everything in the inbox of ``user`` shown up to a moment is read; how many. What
    came while they were looking stays unread."""
    unread = Notice.objects.shown_to(user).unread().filter(shown_at__lte=until)
    ids = list(unread.values_list("pk", flat=True))
    notices = Notice.objects.filter(pk__in=ids)
    notices.filter(read_at__isnull=True).update(read_at=Now())
    _drop(notices, TextDrop.READ)
    return len(ids)


# --- released together ----------------------------------------------------------------


@transaction.atomic
@history.on_record
def prepare_release(*, title: str, by: User | None) -> NoticeRelease:
    """A group of notices that nobody sees yet; ``notify`` puts them in."""
    return NoticeRelease.objects.create(title=title, prepared_by=by)


@transaction.atomic
@history.on_record
def release_group(*, release: NoticeRelease, by: User | None) -> int:
    """Show all of a group at once; how many. Their texts go out from now on. Releasing
    twice is releasing once."""
    release = NoticeRelease.objects.select_for_update().get(pk=release.pk)
    if release.released_at is not None:
        return 0
    release.released_at = now = timezone.now()
    release.save(update_fields=["released_at"])
    hidden = Notice.objects.filter(release=release, shown_at__isnull=True)
    due_at, _is_urgent = due(now)
    texts = NoticeText.objects.filter(notice__in=hidden, state=TextState.WAITING)
    texts.update(due_at=due_at, good_until=due_at + GOOD_FOR)
    shown = hidden.update(shown_at=now)
    outbox.begin(at=due_at)
    return shown


# --- which texts ----------------------------------------------------------------------


@transaction.atomic
@history.on_record
def choose_texts(*, kinds: Collection[str], by: User | None) -> list[str]:
    """From now on texts go out for these kinds and for no others; which were changed.
    What is waiting already goes as it was written."""
    held = dict(SmsChoice.objects.values_list("kind", "is_on"))
    changed = []
    for kind in noticekinds.texted():
        is_on = kind.name in kinds
        if held.get(kind.name, kind.is_texted) == is_on:
            continue
        SmsChoice.objects.update_or_create(kind=kind.name, defaults={"is_on": is_on})
        changed.append(kind.name)
    return changed


def texts_chosen() -> dict[str, bool]:
    """Kind → whether texts of it go out, of all that may."""
    held = dict(SmsChoice.objects.values_list("kind", "is_on"))
    return {k.name: held.get(k.name, k.is_texted) for k in noticekinds.texted()}


@transaction.atomic
@history.on_record
def refuse_texts(*, user: User, kinds: Collection[str]) -> None:
    """``user`` does without the texts of these kinds, and of no others; those that wait
    do not go out either. Refusal ``must_be_told``: one of them cannot be done without."""
    may = {kind.name for kind in noticekinds.texted() if kind.may_refuse}
    if set(kinds) - may:
        text = _("这类短信关系到您能否按时参加，不能关闭。")
        raise Refusal(Reason("must_be_told", text, field="kinds"))
    held = SmsRefusal.objects.filter(user=user)
    held.exclude(kind__in=kinds).delete()
    SmsRefusal.objects.bulk_create(
        [SmsRefusal(user=user, kind=name) for name in sorted(kinds)],
        ignore_conflicts=True,
    )
    _drop(Notice.objects.filter(user=user, kind__in=kinds), TextDrop.REFUSED)


# --- forgetting -----------------------------------------------------------------------


def empty(*, user: User) -> None:
    """The account is being closed, in the caller's transaction: its inbox and what it
    chose are gone, and nothing that waits goes out."""
    Notice.objects.filter(user=user).delete()
    SmsRefusal.objects.filter(user=user).delete()


def forget_outdated() -> int:
    """Throw away notices older than a year, texts older than half a year, and groups
    that hold nothing any more; how many notices and texts. Called by ``tick``."""
    texts, _tables = NoticeText.objects.outdated().delete()
    notices, _tables = Notice.objects.outdated().delete()
    old = timezone.now() - NoticeQuerySet.KEPT
    NoticeRelease.objects.filter(notices=None, created_at__lt=old).delete()
    return texts + notices
