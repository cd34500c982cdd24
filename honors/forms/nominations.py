"""What a union types about a nominee, and what a worker proposes. Shape only: every box
may stay empty while it is a draft, and what must be there says the service."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common import images, letters
from common.moments import DayField
from honors.models import BRIEF, DEEDS, Nomination

# Far beyond every limit: what is too long is kept, and said.
LONGEST_TEXT = 20_000
# a draft may lack it
BEFORE_SENDING = _("提交前填好")
_FILES = f"application/pdf,.pdf,{images.ACCEPT}"


def _helper(form, *parts):
    helper = FormHelper(form)
    helper.form_tag = False
    helper.layout = Layout(*parts)
    return helper


class CountedText(forms.CharField):
    """A long text that says how many characters it has, on the server and as one types
    (``counter.js``). A box that cuts off what is pasted would lose it: none does."""

    def __init__(self, *, most, rows, **kwargs):
        self.most = most
        widget = forms.Textarea(attrs={"rows": rows, "data-most": most})
        super().__init__(
            required=False,
            strip=False,
            widget=widget,
            validators=[MaxLengthValidator(LONGEST_TEXT)],
            **kwargs,
        )

    def counted(self, text) -> str:
        return format_html(
            _(
                '最多{}字，已写<span data-count class="{}">{}</span>字。空格和换行不计。'
            ),
            self.most,
            "is-over" if letters.count(text) > self.most else "",
            letters.count(text),
        )


class Counted(forms.Form):
    """A form whose long texts say their length."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for box in self:
            if isinstance(box.field, CountedText):
                box.help_text = box.field.counted(box.value() or "")


class BasicsForm(forms.ModelForm):
    """Step 1. ``version`` is that of the words on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Nomination
        fields = [
            "name",
            "gender",
            "ethnicity",
            "employer",
            "position",
            "industry",
            "is_frontline",
            "is_migrant",
            "is_head",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        nomination = self.instance
        self.initial["version"] = nomination.version
        if nomination.is_group:
            for name in ("gender", "ethnicity", "position"):
                del self.fields[name]
            for name in ("is_frontline", "is_migrant", "is_head"):
                del self.fields[name]
            self.fields["name"].label = _("集体名称")
        else:
            self.fields["name"].label = _("姓名")
            for name in ("gender", "position"):
                self.fields[name].need = BEFORE_SENDING
            said = _("勾选后须提交税务、安全生产、社会保险、生态环境部门的意见。")
            self.fields["is_head"].help_text = said
        for name in ("name", "employer", "industry"):
            self.fields[name].need = BEFORE_SENDING
        self.helper = _helper(self, *self.fields, Submit("next", _("保存，下一步")))

    @property
    def facts(self) -> dict:
        return {k: v for k, v in self.cleaned_data.items() if k != "version"}

    def _post_clean(self):
        """Nothing is written to the instance: the service does, and judges."""


class DeedsForm(Counted):
    """Step 2."""

    brief = CountedText(label=_("简要事迹"), most=BRIEF, rows=8)
    deeds = CountedText(label=_("详细事迹"), most=DEEDS, rows=16)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, nomination, **kwargs):
        names = ("brief", "deeds", "version")
        kwargs["initial"] = {name: getattr(nomination, name) for name in names}
        super().__init__(*args, **kwargs)
        for name in ("brief", "deeds"):
            self.fields[name].need = BEFORE_SENDING
        self.helper = _helper(
            self,
            *names,
            Submit("next", _("保存，下一步")),
            Submit("stay", _("只保存并计字数"), css_class="btn--line"),
        )

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("brief", "deeds")}


class DocumentForm(forms.Form):
    """Step 3: one file, for one of the papers that are asked for."""

    required = forms.ModelChoiceField(
        label=_("材料"),
        queryset=None,
        required=False,
        empty_label=_("其他材料"),
        error_messages={"invalid_choice": _("请重新选择是哪一项材料。")},
    )
    file = forms.FileField(
        label=_("文件"),
        max_length=500,
        help_text=_("PDF或照片（JPG、PNG、WebP、GIF），10MB以内。"),
        error_messages={
            "required": _("请选择文件。"),
            "missing": _("请选择文件。"),
            "empty": _("这个文件是空的，请换一个。"),
        },
        widget=forms.FileInput(attrs={"accept": _FILES}),
    )

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["required"].queryset = asked
        self.helper = _helper(self, "required", "file", Submit("add", _("上传")))


class UnitNoticeForm(forms.Form):
    """Where and from when the unit posts the nomination."""

    first = DayField(
        label=_("公示开始日期"),
        error_messages={
            "required": _("请填写公示开始日期。"),
            "invalid": _("请按“2018-06-01”的格式填写日期。"),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    place = forms.CharField(
        label=_("公示地点"),
        max_length=100,
        required=False,
        help_text=_("例如：厂区宣传栏。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(
            self, "first", "place", Submit("start-notice", _("开始单位公示"))
        )


class ProposeForm(Counted):
    """A worker proposes themselves or a colleague."""

    WHO = [("self", _("我自己")), ("other", _("本单位的同事"))]

    who = forms.ChoiceField(
        label=_("提名谁"),
        choices=WHO,
        initial="self",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择提名谁。"),
            "invalid_choice": _("请选择提名谁。"),
        },
    )
    name = forms.CharField(
        label=_("同事的姓名"),
        max_length=60,
        required=False,
        help_text=_("提名自己的不用填。"),
    )
    position = forms.CharField(label=_("岗位或职务"), max_length=60, required=False)
    reason = CountedText(label=_("推荐理由"), most=BRIEF, rows=8)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(
            self, "who", "name", "position", "reason", Submit("send", _("提交提名"))
        )
