"""What an edition asks for: what is scored, which papers, and who its list is made of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import history
from honors.enums import Bound, CompositionKind, DocumentKind
from honors.models.wall import AwardEdition, AwardProgram


class Criterion(models.Model):
    """What the jury scores: the report's four for craftsmen. ``weight`` is a share of the
    whole in per cent; those in use add up to 100 (``services.editions``)."""

    program = models.ForeignKey(
        AwardProgram,
        verbose_name=_("荣誉称号"),
        on_delete=models.CASCADE,
        related_name="criteria",
    )
    name = models.CharField(_("评选标准"), max_length=20)
    weight = models.PositiveSmallIntegerField(_("权重（%）"))
    description = models.CharField(_("说明"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("评选标准")
        ordering = ["program", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="honors_criterion_name_once",
                fields=["program", "name"],
                violation_error_message=_("这一荣誉称号已有同名的标准。"),
            ),
            models.CheckConstraint(
                name="honors_criterion_weight_within_whole",
                condition=Q(weight__gte=1, weight__lte=100),
                violation_error_message=_("权重为1到100。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.name


class RequiredDocument(models.Model):
    """A paper that a nomination for this award comes with."""

    program = models.ForeignKey(
        AwardProgram,
        verbose_name=_("荣誉称号"),
        on_delete=models.CASCADE,
        related_name="documents",
    )
    name = models.CharField(_("材料名称"), max_length=40)
    kind = models.CharField(
        _("类别"), max_length=10, choices=DocumentKind, default=DocumentKind.SCAN
    )
    is_required = models.BooleanField(_("必须提交"), default=True)
    is_for_heads = models.BooleanField(
        _("只要求企业负责人"), default=False
    )  # opinions of tax, safety, social insurance and environment offices
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("申报材料")
        ordering = ["program", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="honors_requireddocument_name_once",
                fields=["program", "name"],
                violation_error_message=_("这一荣誉称号已有同名的材料。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.name


class CompositionRule(models.Model):
    """What a list of an edition has to be made of: a floor or a ceiling, in per cent of
    the people on it. A hard one that fails blocks the list, a soft one warns."""

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.CASCADE,
        related_name="composition",
    )
    kind = models.CharField(_("人员"), max_length=10, choices=CompositionKind)
    bound = models.CharField(_("要求"), max_length=10, choices=Bound)
    percent = models.PositiveSmallIntegerField(_("比例（%）"))
    is_hard = models.BooleanField(
        _("硬性要求"), default=True, help_text=_("不满足时名单不能提交。")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("名单构成要求")
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="honors_compositionrule_once",
                fields=["edition", "kind", "bound"],
                violation_error_message=_("这一届已有同样的构成要求。"),
            ),
            models.CheckConstraint(
                name="honors_compositionrule_percent_of_whole",
                condition=Q(percent__lte=100),
                violation_error_message=_("比例为0到100。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        said = f"{self.get_kind_display()}{self.get_bound_display()}"
        return f"{said}{self.percent}%"
