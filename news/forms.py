"""Shapes of what the newsroom types. The rules are in ``services``."""

import hashlib
import json
import re
from dataclasses import asdict

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.forms.models import BaseModelFormSet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from common import filestore
from common.picturestore import Kept
from common.receipts import PictureForm, file_box, picture_box
from news import services, videohosts
from news.models import (
    Article,
    ArticleFile,
    ArticlePhoto,
    ArticleVideo,
    Byline,
    StandingPage,
)
from news.querysets import FIRST_YEAR
from news.services import Content, Credit, FileWords, PhotoWords, VideoLink

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


# What stands beside the words of an article, each a formset of its page, in their order.
PARTS = ("bylines", "photos", "files", "videos")


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


class KeywordsField(forms.CharField):
    """A few words in one line, kept as a list."""

    MOST, LONGEST = 8, 12

    def prepare_value(self, value):
        return "、".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value):
        words = re.split(r"[\s,，、;；]+", value or "")
        return list(dict.fromkeys(filter(None, words)))

    def has_changed(self, initial, data):
        return self.to_python(data or "") != list(initial or [])

    def validate(self, value):
        if len(value) > self.MOST:
            text = _("关键词最多%(n)d个")
            raise forms.ValidationError(text % {"n": self.MOST})
        for word in value:
            if len(word) > self.LONGEST:
                text = _("关键词“%(word)s”太长，每个最多%(n)d个字")
                raise forms.ValidationError(text % {"word": word, "n": self.LONGEST})

    def run_validators(self, value):
        """Of a list there is nothing more to be said."""


class ArticleForm(forms.ModelForm):
    """An article and what its editors go on with, its draft or newest version, on one
    page. The words are fields of no column here: ``services.save_draft`` keeps them.
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
        "correction",
    )

    PLACE = (
        "column",
        "series",
        "series_no",
        "publish_at",
        "expire_at",
        "is_pinned",
        "is_headline",
        "keywords",
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
            "照片可拖进正文或粘贴到光标处；也可先在下面的“照片”中添加并保存，"
            "再点工具栏的图片按钮插入。别的网站上的图片不会保留。"
        ),
        config={"extensions": EXTENSIONS},
        widget=AdminProseEditorWidget,
    )
    correction = forms.CharField(
        label=_("更正说明"),
        max_length=300,
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=_(
            "公众可见，附日期列在文章末尾，如“第三段人数应为120人”。"
            "只改错别字和格式的可以不填。"
        ),
    )
    keywords = KeywordsField(
        label=_("关键词"),
        required=False,
        max_length=120,
        help_text=_("用顿号或空格分开，最多8个。相关阅读按关键词找同类文章。"),
        widget=AdminTextInputWidget,
    )
    # which draft the page showed, and what it showed of the parts
    base = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    parts = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    UNMINDED = ("base", "parts")  # of the parts: ``ArticleAdmin.merged``

    class Meta:
        model = Article
        fields = ["column"]  # the admin names the others

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.working = working_of(self.instance)
        if self.instance.pk:
            address = reverse("admin:news_article_photos", args=[self.instance.pk])
        else:
            address = reverse("admin:news_article_photos_new")
        figure = {"Figure": {"pickerUrl": address}}
        self.fields["body"].widget.config = {"extensions": EXTENSIONS | figure}
        content = self.working.content
        for name in self.WORDS:
            if content is not None:
                self.initial[name] = getattr(content, name)
        self.initial["base"] = self.working.token
        self.initial["parts"] = parts_shown(content)
        # a page that comes back has named the newest draft
        for name in ("base", "parts"):
            self.fields[name].bound_data = lambda data, initial: initial

    def _get_validation_exclusions(self):
        """Rules of the table about the place are left to ``services``, whose refusals
        name the field; the table has the last word."""
        return super()._get_validation_exclusions() | set(self.PLACE)

    def content(self, parts: dict) -> Content:
        """What was typed, with ``PARTS`` out of the page's other forms."""
        words = {name: self.cleaned_data.get(name, "") for name in self.WORDS}
        return Content(**words, **parts)

    def content_as_typed(self, parts: dict) -> Content:
        """The same of a form that may be wrong, for a draft that is still being typed:
        what is no value is kept as it was typed."""
        words = {}
        for name in self.WORDS:
            typed = self.data.get(self.add_prefix(name), "")
            if name == "is_reprint":
                typed = bool(typed)
            words[name] = self.cleaned_data.get(name, typed)
        return Content(**words, **parts)

    def place(self) -> dict:
        """Where and when: the arguments of ``services.place``."""
        place = {name: getattr(self.instance, name) for name in self.PLACE}
        return place | {"chosen": list(self.cleaned_data.get("chosen", ()))}


def working_of(article: Article) -> services.Working:
    """What the editors of this article go on with; asked for once a request."""
    if not article.pk:
        return services.Working(None, "")
    if not hasattr(article, "_working"):
        article._working = services.working_on(article)
    return article._working


def parts_shown(content: Content | None) -> str:
    """Fingerprints of the parts that a page shows."""
    return json.dumps(
        {name: fingerprint(getattr(content, name) if content else ()) for name in PARTS}
    )


def fingerprint(parts) -> str:
    said = json.dumps([asdict(part) for part in parts], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


class PartsFormSet(BaseModelFormSet):
    """Credits or pictures of the draft. No row of a table stands behind one: whatever
    the page says is the whole of it, and goes to ``services.save_draft``."""

    PART = ""

    def __init__(self, data=None, files=None, instance=None, save_as_new=False, **kw):
        self.stored = ()
        self.article = instance
        if instance is not None and instance.pk:
            content = working_of(instance).content
            self.stored = getattr(content, self.PART) if content else ()
        kw["queryset"] = self.model.objects.none()
        if data is None:
            kw["initial"] = [self.shown(part) for part in self.stored]
            self.extra = self.extra + len(self.stored)
        super().__init__(data, files, **kw)

    def shown(self, part) -> dict:
        """What the boxes of a stored part hold."""
        raise NotImplementedError

    @classmethod
    def get_default_prefix(cls):
        return cls.model._meta.model_name

    def kept(self) -> list:
        """The valid forms that hold something and were not struck out, in order."""
        forms_kept = [
            form
            for form in self.forms
            if form.has_changed() and form not in self.deleted_forms
        ]
        return sorted(forms_kept, key=lambda form: form.typed("order") or 0)


class BylineFormSet(PartsFormSet):
    PART = "bylines"

    def shown(self, part):
        return asdict(part)

    def content(self) -> list[Credit]:
        return [
            Credit(form.typed("role"), form.typed("name"))
            for form in self.kept()
            if form.typed("name")
        ]


class PhotoFormSet(PartsFormSet):
    PART = "photos"

    def shown(self, part):
        words = asdict(part)
        return {"key": words.pop("picture")["key"], **words}

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        key = form["key"].value()
        form.stored = self.known.get(key)
        if form.stored:
            form.instance.key = key
        return form

    @property
    def known(self) -> dict[str, Kept]:
        """Pictures that need no receipt: those of the draft and of every version."""
        if not hasattr(self, "_known"):
            self._known = services.pictures_of(self.article)
            self._known |= {p.picture.key: p.picture for p in self.stored}
        return self._known

    def content(self) -> list[PhotoWords]:
        return [form.words for form in self.kept() if form.picture]


class FileFormSet(PartsFormSet):
    PART = "files"

    def shown(self, part):
        return {"key": part.file.key, "name": part.name}

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.stored = self.known.get(form["key"].value())
        if form.stored:
            form.shows(form.stored)
        return form

    @property
    def known(self) -> dict[str, filestore.Kept]:
        """Files that need no receipt: those of the draft and of every version."""
        if not hasattr(self, "_known"):
            self._known = services.files_of(self.article)
            self._known |= {one.file.key: one.file for one in self.stored}
        return self._known

    def content(self) -> list[FileWords]:
        return [
            FileWords(form.chosen, form.typed("name") or form.chosen.name)
            for form in self.kept()
            if form.chosen
        ]


class VideoFormSet(PartsFormSet):
    PART = "videos"

    def shown(self, part):
        return asdict(part)

    def content(self) -> list[VideoLink]:
        return [
            VideoLink(form.typed("url") or "", form.typed("title") or "")
            for form in self.kept()
            if form.typed("url") or form.typed("title")
        ]


class PartForm(forms.ModelForm):
    def typed(self, name):
        """The value of a box; of one that is wrong, what was typed."""
        if name not in self.fields:
            return None
        if name in getattr(self, "cleaned_data", {}):
            return self.cleaned_data[name]
        return "" if name == "order" else self[name].data


class BylineForm(PartForm):
    class Meta:
        model = Byline
        fields = ["role", "name"]


class PhotoForm(PictureForm, PartForm):
    """One picture and its words."""

    SHELF = "news"

    file = picture_box(label=_("照片文件"))
    key = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    class Meta:
        model = ArticlePhoto
        fields = ["caption", "credit", "alt", "is_decorative", "order"]
        help_texts = {
            "alt": _("看不见图片的人会听到这句话：画面里有谁、在做什么。送审前填好。"),
            "is_decorative": _("没有内容可说的图片，朗读时跳过。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].required = False

    @property
    def picture(self) -> Kept | None:
        return self.kept or self.stored

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
        elif "_send" in self.data and self.words.is_undescribed:
            text = _("请填写画面描述，或勾选“仅作装饰”")
            self.add_error("alt", text)
        return cleaned

    def _get_validation_exclusions(self):
        """The table's rule about these two is for versions: it is asked when one is
        sent, of all pictures (``services``)."""
        return super()._get_validation_exclusions() | {"alt", "is_decorative"}

    @property
    def words(self) -> PhotoWords:
        return PhotoWords(
            self.picture,
            **{name: self.typed(name) or "" for name in ("caption", "credit", "alt")},
            is_decorative=bool(self.typed("is_decorative")),
        )


class FileForm(PictureForm, PartForm):
    """One attachment or film and its name."""

    SHELF = services.FILE_SHELF
    STORE = filestore
    AGAIN = _("文件请重新选择。")

    file = file_box(
        label=_("文件"),
        help_text=_("PDF、Word（.docx）、Excel（.xlsx）10MB以内，MP4视频18MB以内。"),
    )
    key = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    class Meta:
        model = ArticleFile
        fields = ["name", "order"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].required = False
        self.fields["name"].required = False
        self.fields["name"].help_text = _("读者看到的名称，留空即用文件名。")

    @property
    def chosen(self) -> filestore.Kept | None:
        return self.kept or self.stored

    def shows(self, kept: filestore.Kept):
        """The row that the page's link is made of."""
        for name in ("key", "size", "kind"):
            setattr(self.instance, name, getattr(kept, name))

    def clean_order(self):
        return self.cleaned_data.get("order") or 0

    def clean(self):
        cleaned = super().clean()
        if self.kept:
            self.shows(self.kept)
        if self.chosen is None and not self.has_error("file"):
            self.add_error("file", _("请选择文件"))
        return cleaned

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"name", "kind"}


class VideoForm(PartForm):
    """A film on another site."""

    class Meta:
        model = ArticleVideo
        fields = ["url", "title", "order"]
        field_classes = {"url": forms.CharField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].required = False

    def clean_order(self):
        return self.cleaned_data.get("order") or 0

    def clean_url(self):
        url = self.cleaned_data["url"].strip()
        if not videohosts.host_of(url):
            raise forms.ValidationError(videohosts.unknown_in_words())
        return url


class StandingPageForm(forms.ModelForm):
    """A page of 机构概况 or 办事指南."""

    body = ProseEditorFormField(
        label=_("正文"),
        required=False,
        config={
            "extensions": {
                name: value
                for name, value in EXTENSIONS.items()
                if name not in ("Image", "Caption")
            }
        },
        widget=AdminProseEditorWidget,
    )

    class Meta:
        model = StandingPage
        fields = ["kind", "title", "order", *StandingPage.WORDS[1:]]


class ReasonForm(forms.Form):
    """Why something is done that stays on record."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=500,
        required=False,
        strip=True,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )
