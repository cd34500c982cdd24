"""What people are told: notices in their inbox, and the texts that go out beside them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from members import noticekinds
from members.enums import TextDrop, TextState
from members.querysets import NoticeQuerySet, NoticeTextQuerySet

_UNDERWAY = (TextState.WAITING, TextState.SENDING)


class NoticeRelease(models.Model):
    """Notices that are prepared and then shown all at once: results of a draw, of an
    award. Until then they are visible nowhere and counted nowhere."""

    title = models.CharField(_("名称"), max_length=100)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("准备人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("创建时间"), db_default=Now(), editable=False)
    released_at = models.DateTimeField(_("发布时间"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("成组消息")
        ordering = ["-pk"]

    def __str__(self):
        return self.title


class Notice(models.Model):
    """One message in the inbox of an account, in the words with which it was written.

    ``about`` is what it tells of, from the whole to the part (``offering:5`` or
    ``offering:5/occasion:12``); ``key`` is the event, of which a person is told once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="notices",
        db_index=False,  # the unique index begins with it
    )
    # no choices here: a new kind is a few lines of a room's notices.py and no migration
    kind = models.CharField(_("种类"), max_length=40)
    title = models.CharField(_("标题"), max_length=150)
    body = models.CharField(_("内容"), max_length=800, blank=True)
    # where it leads: the name of an address and the number of its row
    url_name = models.CharField(max_length=60, blank=True)
    url_arg = models.BigIntegerField(null=True)
    about = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=80)
    release = models.ForeignKey(
        NoticeRelease,
        on_delete=models.PROTECT,
        null=True,
        related_name="notices",
    )
    created_at = models.DateTimeField(_("写入时间"), db_default=Now(), editable=False)
    # null until the group it belongs to is released
    shown_at = models.DateTimeField(_("时间"), null=True, editable=False)
    read_at = models.DateTimeField(_("已读时间"), null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_notice_once_each", fields=["user", "key"]
            ),
            models.CheckConstraint(
                name="members_notice_hidden_in_a_release_only",
                condition=Q(shown_at__isnull=False) | Q(release__isnull=False),
            ),
            models.CheckConstraint(
                name="members_notice_read_after_shown",
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("shown_at")),
            ),
        ]
        indexes = [
            # what every page asks for: nearly always a handful of rows
            models.Index(
                name="members_notice_unread",
                fields=["user"],
                condition=Q(read_at__isnull=True, shown_at__isnull=False),
            ),
            models.Index(name="members_notice_by_time", fields=["created_at"]),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    def get_absolute_url(self):
        """The page that it leads to; the inbox for one that leads nowhere."""
        try:
            args = [] if self.url_arg is None else [self.url_arg]
            return reverse(self.url_name or "my-messages", args=args)
        except NoReverseMatch:  # an address of an earlier release
            return reverse("my-messages")

    @property
    def label(self) -> str:
        return noticekinds.label_of(self.kind)

    @property
    def is_read(self) -> bool:
        return self.read_at is not None


class NoticeText(models.Model):
    """The text message that goes out beside a notice. Whose number it goes to is looked
    up when it is sent and stands nowhere here.

    The row says ``sending`` before the gateway is called, so that a text whose process
    died is known to have been on its way.
    """

    notice = models.OneToOneField(
        Notice, verbose_name=_("消息"), on_delete=models.CASCADE, related_name="sms"
    )
    # names this text to the gateway once and for all, however often it is handed over
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    text = models.CharField(_("短信内容"), max_length=noticekinds.LONGEST_TEXT)
    state = models.CharField(
        _("状态"), max_length=10, choices=TextState, default=TextState.WAITING
    )
    dropped = models.CharField(
        _("未发原因"), max_length=10, choices=TextDrop, blank=True, default=""
    )
    # goes out at night as well
    is_urgent = models.BooleanField(_("不避开夜间"), default=False)
    due_at = models.DateTimeField(_("计划发送时间"))
    # later it would tell nobody anything
    good_until = models.DateTimeField(_("有效至"))
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    handed_at = models.DateTimeField(_("最近一次发送"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    created_at = models.DateTimeField(_("写入时间"), db_default=Now(), editable=False)

    objects = NoticeTextQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("短信通知")
        ordering = ["-pk"]
        permissions = [("resend_noticetext", _("重发短信通知"))]
        constraints = [
            models.CheckConstraint(
                name="members_noticetext_state_known",
                condition=Q(state__in=TextState.values),
            ),
            models.CheckConstraint(
                name="members_noticetext_ended_or_underway",
                condition=Q(state__in=_UNDERWAY, ended_at__isnull=True)
                | Q(ended_at__isnull=False) & ~Q(state__in=_UNDERWAY),
            ),
            models.CheckConstraint(
                name="members_noticetext_dropped_says_why",
                condition=Q(state=TextState.CANCELLED) & ~Q(dropped="")
                | Q(dropped="") & ~Q(state=TextState.CANCELLED),
            ),
        ]
        indexes = [
            models.Index(
                name="members_noticetext_due",
                fields=["due_at"],
                condition=Q(state=TextState.WAITING),
            ),
            models.Index(
                name="members_noticetext_sending",
                fields=["handed_at"],
                condition=Q(state=TextState.SENDING),
            ),
            models.Index(
                name="members_noticetext_unknown",
                fields=["ended_at"],
                condition=Q(state=TextState.UNKNOWN),
            ),
            models.Index(name="members_noticetext_by_time", fields=["created_at"]),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class SmsChoice(Timestamped):
    """Staff chose whether texts of one kind of notice go out. A kind without a row goes
    by what its room says."""

    kind = models.CharField(_("种类"), max_length=40, unique=True)
    is_on = models.BooleanField(_("发短信"))

    class Meta:
        verbose_name = verbose_name_plural = _("短信通知设置")
        ordering = ["kind"]
        triggers = [history.track()]

    def __str__(self):
        return noticekinds.label_of(self.kind)


class SmsRefusal(models.Model):
    """Somebody does without the texts of one kind. Their notices come all the same."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="sms_refusals",
        db_index=False,  # the unique index begins with it
    )
    kind = models.CharField(_("种类"), max_length=40)
    created_at = models.DateTimeField(_("时间"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("不接收的短信")
        constraints = [
            models.UniqueConstraint(
                name="members_smsrefusal_once", fields=["user", "kind"]
            )
        ]

    def __str__(self):
        return noticekinds.label_of(self.kind)
