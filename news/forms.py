"""Shapes of what the newsroom types. The rules are in ``services``."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.forms.models import BaseModelFormSet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from common.picturestore import Kept
from common.receipts import PictureForm, picture_box
from news.models import Article, ArticlePhoto, ArticleVersion, Byline
from news.querysets import FIRST_YEAR
from news.services import Content, Credit, PhotoWords

# What the editor offers: the elements of common.richtext, nothing it would drop.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Underline": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Link": {
        "enableTarget": False,
        "protocols": ["http", "https", "mailto", "tel"],
        # it takes every 报名表.zip and README.md for the name of a host
        "autolink": False,
        "linkOnPaste": False,
    },
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Image": True,
    "Caption": True,
    "NodeClass": {
        "cssClasses": {
            "paragraph": [
                {"className": "noindent", "title": "顶格"},
                {"className": "signed", "title": "落款（靠右）"},
            ]
        }
    },
}
_MOST_ROWS = 1000  # as Django's sets of forms


class ListFilterForm(forms.Form):
    """The reader's filters of a list. What does not fit is left out, so that a mangled
    address still shows the list."""

    year = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=2199)
    month = forms.IntegerField(required=False, min_value=1, max_value=12)
    pictures = forms.IntegerField(required=False, min_value=1, max_value=1)

    @property
    def chosen(self) -> dict:
        """The filters in force, by name. A month is one of a year."""
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if "year" not in chosen:
            chosen.pop("month", None)
        return chosen


class ArticleForm(forms.ModelForm):
    """An article and the words of its newest version on one page.

    The words are fields of no column here: ``services.save_version`` keeps them.
    """

    WORDS = (
        "title",
        "subtitle",
        "is_reprint",
        "source_name",
        "source_url",
        "summary",
        "editor_note",
        "body",
    )

    PLACE = (
        "column",
        "series",
        "series_no",
        "publish_at",
        "expire_at",
        "is_pinned",
        "is_headline",
    )

    title = forms.CharField(
        label=_("标题"), max_length=200, widget=AdminTextInputWidget
    )
    subtitle = forms.CharField(
        label=_("副题"),
        max_length=200,
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("不必输入破折号，页面会加上。"),
    )
    is_reprint = forms.BooleanField(label=_("转载"), required=False)
    source_name = forms.CharField(
        label=_("来源"),
        max_length=60,
        required=False,
        help_text=_("转载必填，写刊发的媒体。"),
    )
    source_url = forms.URLField(
        label=_("原文网址"), max_length=500, required=False, assume_scheme="https"
    )
    summary = forms.CharField(
        label=_("摘要"),
        max_length=300,
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("用于列表和分享，留空则取正文开头。"),
    )
    editor_note = forms.CharField(
        label=_("编者按"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("每行一段；不必输入“编者按”三字。"),
    )
    body = ProseEditorFormField(
        label=_("正文"),
        required=False,
        help_text=_(
            "照片请先在下面的“照片”中添加并保存，再点工具栏的图片按钮插入光标处。"
            "从别处粘贴来的图片不会保留。"
        ),
        config={"extensions": EXTENSIONS},
        widget=AdminProseEditorWidget,
    )
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    UNMINDED = ("base",)  # of the parts: ``ArticleAdmin.merged``

    class Meta:
        model = Article
        fields = ["column"]  # the admin names the others

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        version = None
        if self.instance.pk:
            version = ArticleVersion.objects.newest_of(self.instance)
            address = reverse("admin:news_article_photos", args=[self.instance.pk])
            figure = {"Figure": {"pickerUrl": address}}
            self.fields["body"].widget.config = {"extensions": EXTENSIONS | figure}
        for name in self.WORDS:
            if version is not None:
                self.initial[name] = getattr(version, name)
        self.initial["base"] = version.number if version else 0
        # a page that comes back has named the newest version
        self.fields["base"].bound_data = lambda data, initial: initial

    def _get_validation_exclusions(self):
        """Rules of the table about the place are left to ``services``, whose refusals
        name the field; the table has the last word."""
        return super()._get_validation_exclusions() | set(self.PLACE)

    def content(self, bylines, photos) -> Content:
        """What was typed, with the credits and pictures of the page's other forms."""
        words = {name: self.cleaned_data[name] for name in self.WORDS}
        return Content(**words, bylines=tuple(bylines), photos=tuple(photos))

    def place(self) -> dict:
        """Where and when: the arguments of ``services.place``."""
        return {name: getattr(self.instance, name) for name in self.PLACE}


class PartsFormSet(BaseModelFormSet):
    """Rows of the newest version, typed as if they could be changed: what comes out is
    given to ``services.save_version``, and nothing is saved here."""

    def __init__(self, data=None, files=None, instance=None, save_as_new=False, **kw):
        version = None
        if instance is not None and instance.pk:
            version = ArticleVersion.objects.newest_of(instance)
        rows = self.model.objects.filter(version=version)
        if data is not None and version is not None:
            # the rows that were shown, which may be those of an older version
            keys = (data.get(f"{kw['prefix']}-{n}-id", "") for n in range(_MOST_ROWS))
            rows = self.model.objects.filter(
                version__article=instance,
                pk__in=[
                    key
                    for key in keys
                    if key.isascii() and key.isdigit() and len(key) < 19
                ],
            )
        kw["queryset"] = rows
        super().__init__(data, files, **kw)

    @classmethod
    def get_default_prefix(cls):
        return cls.model._meta.model_name

    def kept(self) -> list:
        """The valid forms that hold something and were not struck out, in order."""
        forms_kept = [
            form
            for form in self.forms
            if form.cleaned_data and form not in self.deleted_forms
            if form.instance.pk or form.has_changed()
        ]
        return sorted(forms_kept, key=lambda form: form.cleaned_data.get("order") or 0)


class BylineFormSet(PartsFormSet):
    def content(self) -> list[Credit]:
        return [
            Credit(form.cleaned_data["role"], form.cleaned_data["name"])
            for form in self.kept()
        ]


class PhotoFormSet(PartsFormSet):
    def content(self) -> list[PhotoWords]:
        names = ("caption", "credit", "alt", "is_decorative")
        return [
            PhotoWords(
                form.picture, **{name: form.cleaned_data[name] for name in names}
            )
            for form in self.kept()
        ]


class BylineForm(forms.ModelForm):
    class Meta:
        model = Byline
        fields = ["role", "name"]


class PhotoForm(PictureForm):
    """One picture and its words."""

    SHELF = "news"

    file = picture_box(label=_("照片文件"))

    class Meta:
        model = ArticlePhoto
        fields = ["caption", "credit", "alt", "is_decorative", "order"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].required = False

    @property
    def picture(self) -> Kept | None:
        photo = self.instance
        if self.kept or not photo.pk:
            return self.kept
        return Kept(photo.key, photo.sha256, photo.width, photo.height)

    def clean_order(self):
        return self.cleaned_data.get("order") or 0

    def clean(self):
        cleaned = super().clean()
        if self.kept:
            self.instance.key = self.kept.key
        if self.has_error("file"):
            return cleaned
        if self.picture is None:
            self.add_error("file", _("请选择照片文件"))
        if not cleaned.get("is_decorative") and not cleaned.get("alt"):
            text = _("请填写画面描述，或勾选“仅作装饰”")
            self.add_error("alt", text)
        return cleaned
