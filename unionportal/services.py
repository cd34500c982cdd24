"""Verbs of the roof: what concerns every room at once.

Lock order of those that end something: the group of administrators, then the desk's
(worker, pools), then User, then Worker and comments. No verb of ``members`` takes the desk's locks.
"""

import secrets
from datetime import timedelta

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import crypto, history, images, pagecache
from common.errors import Busy, Reason, Refusal, at_field
from members.models import User, Worker
from members.services import owndata
from news.services import comments
from signups.services import feeds, leaving
from unionportal.models import (
    PartOfSite,
    PassportShare,
    SiteMark,
    SiteSettings,
    mark_path,
)
from unionportal.roles import ADMINISTRATOR, ROLES
from volunteers import services as volunteers
from volunteers.models import VolunteerTeam


@transaction.atomic
def write_roles() -> int:
    """Make the groups of ``roles.py`` with exactly its permissions; how many.

    Safe to run again after every migration; a role that left the list keeps its group
    but loses its permissions. Raises ImproperlyConfigured for an unknown permission.
    """
    codes = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    known = {f"{room}.{codename}": key for room, codename, key in codes}
    missing = sorted(set().union(*ROLES.values()) - known.keys())
    if missing:
        raise ImproperlyConfigured("No such permission: " + ", ".join(missing))
    Group.objects.bulk_create(
        [Group(name=name) for name in ROLES], ignore_conflicts=True
    )
    groups = dict(Group.objects.values_list("name", "pk"))
    wanted = {(groups[name], known[code]) for name in ROLES for code in ROLES[name]}
    rights = Group.permissions.through.objects
    held = set(rights.values_list("group_id", "permission_id"))
    for group, permission in held - wanted:
        rights.filter(group=group, permission=permission).delete()
    rights.bulk_create(
        [
            rights.model(group_id=group, permission_id=permission)
            for group, permission in wanted - held
        ],
        ignore_conflicts=True,
    )
    return len(ROLES)


def closing_reasons(user: User) -> list[Reason]:
    """Everything that must be handed on before ``user`` may close their account."""
    grounds = []
    if _is_last_administrator(user):
        text = _("您是唯一的系统管理员，请先把这一角色授予其他人。")
        grounds.append(Reason("last_administrator", text))
    for team in VolunteerTeam.objects.led_by(user):
        text = _("您是“%(team)s”的队长，请先请志愿服务统筹更换队长。")
        grounds.append(Reason("leads_team", text % {"team": team.name}))
    return grounds


def _is_last_administrator(user: User) -> bool:
    administrators = User.objects.filter(
        Q(groups__name=ADMINISTRATOR) | Q(is_superuser=True),
        is_active=True,
        is_staff=True,
    )
    return (
        administrators.filter(pk=user.pk).exists()
        and not administrators.exclude(pk=user.pk).exists()
    )


def close_account(*, user: User) -> None:
    """End an account at its owner's wish (PIPL art. 47), all of it or nothing.

    Seats go back to their queues, teams lose the member, number, name, rights and
    sessions are removed, the mobile number can register again. The worker's row, with
    signups and honours, stays with the union, and no log-in leads to it. Raises
    Refusal with every one of ``closing_reasons``; Busy when the database could not
    answer in time.
    """
    try:
        with transaction.atomic():
            _close(user)
    except OperationalError as error:
        raise _busy() from error


def _close(user: User) -> None:
    # two last administrators who close at once: the second must see the first gone
    list(Group.objects.select_for_update().filter(name=ADMINISTRATOR))
    if grounds := closing_reasons(user):
        raise Refusal(*grounds)
    _give_back(user)
    feeds.revoke(user=user)
    comments.forget_author(user=user)
    owndata.close(user=user)


def withdraw_identity_consent(*, user: User) -> None:
    """Take back the consent to comparing the identity number.

    Who was verified by it is no longer: what they hold at the desk is given back and
    their account is as before the verification. Raises Refusal: ``no_consent``; Busy.
    """
    try:
        with transaction.atomic():
            if owndata.rests_on_identity(user):
                _give_back(user)
            owndata.withdraw_identity_consent(user=user)
    except OperationalError as error:
        raise _busy() from error


def _give_back(user: User) -> None:
    worker = owndata.worker_of(user)
    if worker is not None:
        # whoever is verified as this worker next has not made these addresses
        worker.passport_shares.filter(revoked_at=None).update(revoked_at=Now())
        leaving.give_up_all(worker=worker)
        volunteers.leave_all(worker=worker, by=user)
        volunteers.forget_wishes(worker=worker, by=user)


def _busy() -> Busy:
    return Busy(Reason("busy", _("系统繁忙，请稍后再试，刚才的操作没有生效。")))


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_site(*, settings: SiteSettings, by: User | None) -> SiteSettings:
    """Store what the frame says; every page shows it with the commit."""
    settings.pk = 1
    stored = SiteSettings.objects.filter(pk=1).first()
    settings.created_at = stored.created_at if stored else None
    settings.save(force_insert=stored is None)
    return settings


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_site_part(*, row: PartOfSite, by: User | None) -> PartOfSite:
    """Store a link or a grey period; pages follow with the commit."""
    row.site = SiteSettings.objects.get_or_create(pk=1)[0]
    row.save()
    return row


@transaction.atomic
@pagecache.publishes
@history.on_record
def remove_site_part(*, row: PartOfSite, by: User | None) -> None:
    """Take a link or a grey period away; the history keeps that it was there."""
    row.delete()


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_mark(*, mark: SiteMark, upload, by: User | None) -> SiteMark:
    """Store a mark, with a new picture where ``upload`` is not None.

    Raises Refusal: those of ``common.images.read_mark``, at the field ``file``; and
    ``no_picture`` for a new mark without one.
    """
    if upload is None:
        if not mark.key:
            raise Refusal(Reason("no_picture", _("请选择图片文件。"), field="file"))
    else:
        _replace_picture(mark, upload)
    mark.save()
    return mark


@transaction.atomic
@pagecache.publishes
@history.on_record
def remove_mark(*, mark: SiteMark, by: User | None) -> None:
    """Take a mark off every page; its file goes once the transaction has committed."""
    _drop_later(mark.key)
    mark.delete()


def _replace_picture(mark: SiteMark, upload) -> None:
    with at_field("file"):
        picture = images.read_mark(upload)
    if mark.key:
        _drop_later(mark.key)
    mark.key = secrets.token_hex(16)
    mark.width, mark.height = picture.width, picture.height
    default_storage.save(mark_path(mark.key), ContentFile(picture.content))


def _drop_later(key: str) -> None:
    transaction.on_commit(lambda: default_storage.delete(mark_path(key)))


# --- the worker's passport

SHARE_DAYS = (7, 30, 90)
MOST_SHARES = 10  # usable ones of one worker
_SHARING = "passport share"


@transaction.atomic
@history.on_record
def share_passport(
    *, worker: Worker, days: int, for_whom: str, shows_name: bool, by: User
) -> tuple[PassportShare, str]:
    """A new address for one's own passport: (the row, what is secret in the address, 43
    characters, which can be shown now and never again). It ends after ``days``.

    Refusal: ``days_wrong``, ``too_many_shares``, ``not_yours``.
    """
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    grounds = []
    if worker.user_id != by.pk:
        grounds.append(Reason("not_yours", _("只能分享本人的成长档案。")))
    if days not in SHARE_DAYS:
        text = _("请选择有效期。")
        grounds.append(Reason("days_wrong", text, field="days"))
    if worker.passport_shares.usable().count() >= MOST_SHARES:
        text = _("有效的分享链接最多%(n)d个，请先停用不用的。") % {"n": MOST_SHARES}
        grounds.append(Reason("too_many_shares", text))
    if grounds:
        raise Refusal(*grounds)
    token = secrets.token_urlsafe(32)
    share = PassportShare.objects.create(
        worker=worker,
        token_hash=crypto.digest(_SHARING, token),
        for_whom=for_whom.strip()[:30],
        shows_name=shows_name,
        expires_at=Now() + timedelta(days=days),
    )
    share.refresh_from_db()
    return share, token


@transaction.atomic
@history.on_record
def revoke_share(*, worker: Worker, pk: int, by: User) -> PassportShare:
    """Take an address back: it opens nothing from now on. Raises
    PassportShare.DoesNotExist for anybody else's. Twice is once."""
    share = PassportShare.objects.select_for_update().get(
        pk=pk, worker=worker, worker__user=by
    )
    if share.revoked_at is None:
        share.revoked_at = Now()
        share.save(update_fields=["revoked_at"])
        share.refresh_from_db()
    return share


def shared_passport(token: str) -> PassportShare | None:
    """The share that this secret opens now, with its worker; None if it was taken back,
    is over or never was. Whoever closed their account shares nothing."""
    usable = PassportShare.objects.usable().filter(worker__user__is_active=True)
    digest = crypto.digest(_SHARING, token)
    return usable.filter(token_hash=digest).select_related("worker__union_org").first()
