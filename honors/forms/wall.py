"""The back office's form of an honoree, and what the hall's filters may look like."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from common.receipts import PictureForm, picture_box
from honors.enums import Industry, Level, WallOrder
from honors.models import Honoree


class HonoreeForm(PictureForm):
    """The back office's form of one honoree, with a place for a portrait."""

    PICTURE, SHELF = "portrait", "honors"
    STANDS_FOR = {
        "portrait": ("portrait_key", ["portrait", "receipt", "is_portrait_removed"])
    }

    portrait = picture_box(
        label=_("照片"),
        help_text=_("JPG、PNG、WebP或GIF，10MB以内；没有照片时显示示意图。"),
    )
    report_pages = forms.CharField(
        label=_("相关报道"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("本站新闻的网址，从浏览器地址栏复制，每行一个；最多10篇。"),
    )
    is_portrait_removed = forms.BooleanField(label=_("去掉现有照片"), required=False)

    class Meta:
        model = Honoree
        fields = []  # the admin's fieldsets say which

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "report_pages" in self.fields:
            told = self.instance.reports.order_by("pk")
            self.initial["report_pages"] = "\n".join(
                report.get_absolute_url() for report in told
            )

    def clean_report_pages(self):
        """The keys of the articles whose addresses stand there."""
        keys = []
        for line in self.cleaned_data["report_pages"].split():
            found = re.search(r"(?:^|/news/)(\d{1,9})/?(?:[?#].*)?$", line)
            if found is None:
                text = _("“%(line)s”不是本站新闻的网址。") % {"line": line[:60]}
                raise forms.ValidationError(text)
            keys.append(int(found[1]))
        return keys

    def clean(self):
        cleaned = super().clean()
        if self.kept:
            self.fields["portrait"].widget.attrs["data-kept"] = _("已收到照片")
            self["portrait"].help_text = _(
                "照片已收到，改正其他问题后保存即可，不必重新选择。"
            )
        return cleaned


class HallFilterForm(forms.Form):
    """The visitor's filters. What does not fit is left out, so that a mangled address
    still shows the wall."""

    program = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    year = forms.IntegerField(required=False, min_value=1949, max_value=2199)
    industry = forms.ChoiceField(required=False, choices=Industry)
    level = forms.ChoiceField(required=False, choices=Level)
    district = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    name = forms.CharField(required=False, max_length=60)
    unit = forms.CharField(required=False, max_length=60)
    sort = forms.ChoiceField(required=False, choices=WallOrder)

    @property
    def chosen(self) -> dict:
        """The filters in force, by name; ``sort`` where it is not the usual order."""
        self.full_clean()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if given.get("sort") == WallOrder.PINYIN:
            del given["sort"]
        return given
