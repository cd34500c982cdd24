"""Awards, their editions, and who was honoured. Names and employers are copied at the
time of the award: what was conferred does not change when somebody changes jobs."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import history, images, links, searching
from common.models import Timestamped
from honors.enums import (
    Focus,
    Gender,
    Industry,
    JuryMode,
    Level,
    NameOrder,
    ProgramKind,
    ScoreMethod,
)
from honors.querysets import (
    AwardEditionQuerySet,
    AwardProgramQuerySet,
    HonoreeQuerySet,
)
from members.models import Certificate, UnionOrg, User, Worker

MOST_VOTE_WEIGHT = 40  # per cent of the result


class AwardProgram(Timestamped):
    """An award that is given again and again: 攀枝花工匠, 最美劳动者, 文明先锋."""

    name = models.CharField(_("荣誉称号"), max_length=40, unique=True)
    level = models.CharField(
        _("级别"), max_length=10, choices=Level, default=Level.CITY
    )
    kind = models.CharField(_("类别"), max_length=10, choices=ProgramKind)
    intro = models.TextField(_("简介"), blank=True)
    position = models.PositiveSmallIntegerField(
        _("排序"), default=0, help_text=_("数字小的排在前面。")
    )

    objects = AwardProgramQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("荣誉称号")
        ordering = ["position", "pk"]
        triggers = [
            searching.watch(
                "honors",
                columns=["name"],
                keys="SELECT h.id FROM honors_honoree h JOIN honors_awardedition e"
                " ON e.id = h.edition_id WHERE e.program_id = NEW.id",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('honors:honoree-list')}?program={self.pk}"

    @property
    def measure_word(self) -> str:
        """11名 people, 3个 groups."""
        return _("个") if self.kind == ProgramKind.COLLECTIVE else _("名")


class AwardEdition(Timestamped):
    """One conferral (届) of an award. Its people are public from ``conferred_at`` on,
    which a verb sets: never by the clock alone. Of an old one often only the year is
    known."""

    program = models.ForeignKey(
        AwardProgram,
        verbose_name=_("荣誉称号"),
        on_delete=models.PROTECT,
        related_name="editions",
    )
    year = models.PositiveSmallIntegerField(_("年份"))
    title = models.CharField(
        _("届次名称"), max_length=80, help_text=_("例如：2018年“攀枝花工匠”。")
    )
    conferred_on = models.DateField(
        _("表彰日期"),
        null=True,
        blank=True,
        help_text=_(
            "从这一天起可以在届次列表中“授予并公开”，此前获奖者不公开。"
            "只知道年份的旧届次可留空。"
        ),
    )
    awarding_body = models.CharField(_("授予单位"), max_length=100, blank=True)
    conferred_at = models.DateTimeField(
        _("公开时间"), null=True, blank=True, editable=False
    )
    conferred_by = models.ForeignKey(
        User,
        verbose_name=_("公开人"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    doc_no = models.CharField(_("表彰文号"), max_length=60, blank=True)
    intro = models.TextField(_("说明"), blank=True)

    # --- the choosing: an old edition of which only the result is known has none of it
    # from then on the page of the edition is public, people or not
    announced_at = models.DateTimeField(
        _("发布时间"), null=True, blank=True, editable=False
    )
    quota = models.PositiveSmallIntegerField(_("评选名额"), null=True, blank=True)
    unit_quota = models.PositiveSmallIntegerField(
        _("每个单位最多推荐"), null=True, blank=True, help_text=_("留空为不限。")
    )
    nominators = models.CharField(
        _("谁可以推荐"),
        max_length=300,
        blank=True,
        help_text=_("例如：全市基层工会，推荐人选须为在岗职工。"),
    )
    takes_proposals = models.BooleanField(
        _("接受职工提名"),
        default=True,
        help_text=_("职工可以自荐或提名同事，由所在单位工会决定是否推荐。"),
    )
    nominations_open_at = models.DateTimeField(_("推荐开始时间"), null=True, blank=True)
    nominations_close_at = models.DateTimeField(
        _("推荐截止时间"), null=True, blank=True
    )
    unit_notice_days = models.PositiveSmallIntegerField(
        _("单位公示天数"), default=5, help_text=_("工作日。")
    )
    # also the last day on which what was returned may be submitted again
    county_review_by = models.DateField(
        _("县区（产业）审核截止日"), null=True, blank=True
    )
    jury_from = models.DateField(_("评审开始日"), null=True, blank=True)
    jury_until = models.DateField(_("评审截止日"), null=True, blank=True)
    jury_mode = models.CharField(
        _("评审方式"), max_length=10, choices=JuryMode, default=JuryMode.EVERYBODY
    )
    score_method = models.CharField(
        _("计分方法"), max_length=10, choices=ScoreMethod, default=ScoreMethod.MEDIAN
    )
    # jurors whose score a nomination needs
    quorum = models.PositiveSmallIntegerField(_("有效评委人数"), default=3)
    # both null: no public vote
    vote_opens_at = models.DateTimeField(_("投票开始时间"), null=True, blank=True)
    vote_closes_at = models.DateTimeField(_("投票截止时间"), null=True, blank=True)
    vote_weight = models.PositiveSmallIntegerField(
        _("投票占总成绩（%）"), default=0, help_text=_("不超过40。")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("市级公示天数"), default=5, help_text=_("工作日，不少于5天。")
    )
    first_day_counts = models.BooleanField(_("公示首日计入天数"), default=True)
    name_order = models.CharField(
        _("名单排列"), max_length=10, choices=NameOrder, default=NameOrder.SURNAME
    )

    objects = AwardEditionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评选届次")
        ordering = ["-year", "pk"]
        permissions = [("confer_awardedition", _("授予并公开届次"))]
        triggers = [
            history.track(),
            searching.watch(
                "honors",
                columns=["program_id", "year", "title", "conferred_on", "conferred_at"],
                keys="SELECT id FROM honors_honoree WHERE edition_id = NEW.id",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="honors_awardedition_title_once",
                fields=["program", "title"],
                violation_error_message=_("该荣誉称号已有同名的届次。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_year_plausible",
                condition=Q(year__gte=1949, year__lte=2199),
                violation_error_message=_("请填写四位数的年份。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_nominations_in_order",
                condition=Q(
                    nominations_open_at__isnull=True, nominations_close_at__isnull=True
                )
                | Q(
                    nominations_open_at__isnull=False,
                    nominations_close_at__isnull=False,
                    nominations_open_at__lt=F("nominations_close_at"),
                ),
                violation_error_message=_("推荐截止时间应晚于开始时间。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_announced_with_dates",
                condition=Q(announced_at__isnull=True)
                | Q(nominations_open_at__isnull=False),
                violation_error_message=_("发布前请填写推荐的起止时间。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_jury_in_order",
                condition=Q(jury_from__isnull=True, jury_until__isnull=True)
                | Q(
                    jury_from__isnull=False,
                    jury_until__isnull=False,
                    jury_from__lte=F("jury_until"),
                ),
                violation_error_message=_("评审截止日不能早于开始日。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_vote_in_order",
                condition=Q(vote_opens_at__isnull=True, vote_closes_at__isnull=True)
                | Q(
                    vote_opens_at__isnull=False,
                    vote_closes_at__isnull=False,
                    vote_opens_at__lt=F("vote_closes_at"),
                ),
                violation_error_message=_("投票截止时间应晚于开始时间。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_vote_weighs_at_most_40",
                condition=Q(vote_weight__lte=MOST_VOTE_WEIGHT),
                violation_error_message=_("投票占总成绩不能超过40%。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_notice_of_five_days",
                condition=Q(notice_days__gte=5, notice_days__lte=30),
                violation_error_message=_("市级公示为5到30个工作日。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_unit_notice_days_plausible",
                condition=Q(unit_notice_days__gte=1, unit_notice_days__lte=30),
                violation_error_message=_("单位公示为1到30个工作日。"),
            ),
            models.CheckConstraint(
                name="honors_awardedition_quorum_of_somebody",
                condition=Q(quorum__gte=1),
                violation_error_message=_("有效评委至少1人。"),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return links.row("honors:edition-detail", self.pk)


class HonoreeComes(pgtrigger.Trigger):
    """Into an edition that takes nominations one comes by an approved one of it, with
    the name and employer that stood in it; old editions are entered by hand."""

    name = "comes"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = """
        IF NEW.nomination_id IS NULL AND NOT EXISTS (SELECT FROM honors_nomination n
                WHERE n.edition_id = NEW.edition_id) THEN
            RETURN NEW;
        END IF;
        PERFORM FROM honors_nomination n WHERE n.id = NEW.nomination_id
            AND n.edition_id = NEW.edition_id AND n.name = NEW.name
            AND n.employer = NEW.employer AND n.state IN ('approved', 'conferred')
            FOR UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'Nobody is honoured here who was not approved.' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'honors_honoree_approved';
        END IF;
        RETURN NEW;
    """


class Honoree(Timestamped):
    """One person, or one group, in one edition of an award.

    Never deleted: a revoked honour leaves the wall and stays in the back office.
    """

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="honorees",
    )
    name = models.CharField(_("姓名或集体名称"), max_length=60)
    is_group = models.BooleanField(_("集体"), default=False)
    employer = models.CharField(
        _("获奖时的单位"),
        max_length=100,
        blank=True,
        help_text=_("旧荣誉查不到单位的可留空。"),
    )
    position = models.CharField(_("获奖时的岗位"), max_length=60, blank=True)
    # by what the wall is narrowed, as it was then
    district = models.ForeignKey(
        UnionOrg,
        verbose_name=_("县区（产业）"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    industry = models.CharField(_("行业"), max_length=12, choices=Industry, blank=True)
    gender = models.CharField(_("性别"), max_length=5, choices=Gender, blank=True)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("对应职工"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="honours",
        help_text=_("可以不填：获奖者不一定有账号。"),
    )
    deed = models.CharField(_("一句话事迹"), max_length=80, blank=True)
    deeds = models.TextField(_("事迹"), blank=True, help_text=_("空一行即另起一段。"))
    motto = models.CharField(_("本人的话"), max_length=100, blank=True)
    # by string: the newsroom is another wing, whose rows this one only points to
    reports = models.ManyToManyField(
        "news.Article", verbose_name=_("相关报道"), blank=True, related_name="+"
    )
    # null: entered by hand, as old honours are
    nomination = models.OneToOneField(
        "honors.Nomination",
        verbose_name=_("推荐"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="honoree",
    )
    # the list of old honours that it came from
    imported_from = models.ForeignKey(
        "honors.HonourImport",
        verbose_name=_("导入自"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="honorees",
    )
    # the one that holds; an earlier one was revoked with the honour
    certificate = models.OneToOneField(
        Certificate,
        verbose_name=_("荣誉证书"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="honoree",
    )
    cert_no = models.CharField(_("证书编号"), max_length=40, blank=True)
    sort_key = models.CharField(
        _("排序依据"), max_length=400, db_collation="C", blank=True, editable=False
    )
    stroke_key = models.CharField(
        _("笔画排序依据"),
        max_length=480,
        db_collation="C",
        blank=True,
        editable=False,
    )
    # the files are honors/<key>/<width>.jpg, written once by services.keep_portrait
    portrait_key = models.CharField(
        _("照片文件"), max_length=32, blank=True, editable=False
    )
    portrait_width = models.PositiveIntegerField(
        _("照片宽度"), default=0, editable=False
    )
    portrait_height = models.PositiveIntegerField(
        _("照片高度"), default=0, editable=False
    )
    portrait_focus = models.CharField(
        _("照片取景"),
        max_length=10,
        choices=Focus,
        default=Focus.TOP,
        help_text=_("照片按3:4裁切显示，从不拉伸；这里选裁切时保留哪一部分。"),
    )
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True, editable=False)
    revoke_reason = models.CharField(
        _("撤销原因"), max_length=200, blank=True, editable=False
    )

    objects = HonoreeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("获奖者")
        ordering = ["-pk"]
        permissions = [("revoke_honoree", _("撤销荣誉"))]
        indexes = [
            # what the facets of the wall are counted from
            models.Index(
                name="honors_honoree_on_wall",
                fields=["edition", "industry", "district"],
                condition=Q(revoked_on__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="honors_honoree_once_an_edition",
                fields=["edition", "name", "employer"],
                violation_error_message=_("同一届中已有该单位的这位获奖者。"),
            ),
            models.UniqueConstraint(
                name="honors_honoree_certificate_once",
                fields=["cert_no"],
                condition=~Q(cert_no=""),
                violation_error_message=_("该证书编号已登记给其他获奖者。"),
            ),
            models.CheckConstraint(
                name="honors_honoree_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写姓名。"),
            ),
            models.CheckConstraint(
                name="honors_honoree_portrait_whole_or_absent",
                condition=Q(portrait_key="", portrait_width=0, portrait_height=0)
                | ~Q(portrait_key="") & Q(portrait_width__gt=0, portrait_height__gt=0),
                violation_error_message=_("照片资料不完整。"),
            ),
            models.CheckConstraint(
                name="honors_honoree_revoked_with_reason",
                condition=Q(revoked_on__isnull=True, revoke_reason="")
                | Q(revoked_on__isnull=False) & ~Q(revoke_reason=""),
                violation_error_message=_("撤销荣誉须写明原因。"),
            ),
        ]
        triggers = [
            HonoreeComes(),
            history.track(),
            searching.watch(
                "honors",
                columns=[
                    "edition_id",
                    "name",
                    "employer",
                    "position",
                    "industry",
                    "deed",
                    "deeds",
                    "motto",
                    "revoked_on",
                ],
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return links.row("honors:honoree-detail", self.pk)

    def portrait(self, width: int) -> dict | None:
        """Address and true size of the rendition called ``width``, and the addresses
        of all of them; None without."""
        if not self.portrait_key:
            return None
        held = images.sizes(self.portrait_width, self.portrait_height)
        _name, wide, high = next(size for size in held if size[0] == width)
        return {
            "url": self._portrait_url(width),
            "srcset": images.srcset(
                self._portrait_url, self.portrait_width, self.portrait_height
            ),
            "width": wide,
            "height": high,
        }

    def _portrait_url(self, width: int) -> str:
        return images.rendition_url("honors:portrait", self.portrait_key, width)

    @property
    def is_revoked(self) -> bool:
        return self.revoked_on is not None
