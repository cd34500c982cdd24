"""Figures that were reported to the union, beside those that the portal counted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from volunteers.enums import Qualifier, ReportedOf
from volunteers.querysets import ReportedFigureQuerySet


class ReportedFigure(Timestamped):
    """One figure as somebody reported it, with its 余 or 近, its unit and where it
    stands. It is never added to what the portal counted."""

    of = models.CharField(_("项目"), max_length=10, choices=ReportedOf, unique=True)
    value = models.PositiveIntegerField(_("数"))
    qualifier = models.CharField(
        _("约数"), max_length=10, choices=Qualifier, default=Qualifier.EXACT, blank=True
    )
    unit = models.CharField(_("单位"), max_length=20)
    source = models.CharField(
        _("出处"), max_length=100, help_text=_("例如：《攀枝花日报》2018年6月1日。")
    )

    objects = ReportedFigureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("上报数字")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="volunteers_reportedfigure_has_source",
                condition=~Q(source="") & ~Q(unit=""),
                violation_error_message=_("请填写单位和出处。"),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self.get_of_display()} {self.in_words}"

    @property
    def number(self) -> str:
        """近20000, 600余: as it was reported."""
        if self.qualifier == Qualifier.NEARLY:
            return f"{self.get_qualifier_display()}{self.value}"
        return f"{self.value}{self.get_qualifier_display()}"

    @property
    def in_words(self) -> str:
        return f"{self.number}{self.unit}"
