"""What a juror types about one file, and why they leave it to others. Shape only: a draft
may have empty boxes, and what must be there says the service."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from honors.forms.nominations import BEFORE_SENDING, Counted, CountedText
from honors.models.jury import LONGEST_COMMENT, LONGEST_WORD


class BallotForm(Counted):
    """A box for each criterion (``score-<key>``), a comment, and abstaining."""

    is_abstaining = forms.BooleanField(
        label=_("对这份材料弃权"),
        required=False,
        help_text=_("弃权的不用打分，不计入有效评委人数。"),
    )
    comment = CountedText(label=_("评语"), most=LONGEST_COMMENT, rows=4)

    def __init__(self, *args, ballot, criteria, **kwargs):
        kept = {score.criterion_id: score.value for score in ballot.scores.all()}
        kwargs["initial"] = {
            "is_abstaining": ballot.is_abstaining,
            "comment": ballot.comment,
            **{f"score-{one.pk}": kept.get(one.pk, "") for one in criteria},
        }
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for one in criteria:
            self.fields[f"score-{one.pk}"] = forms.CharField(
                label=f"{one.name}（{one.weight}%）",
                help_text=one.description,
                required=False,
                max_length=20,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}
                ),
            )
            self.fields[f"score-{one.pk}"].need = BEFORE_SENDING
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *(f"score-{one.pk}" for one in criteria),
            "is_abstaining",
            "comment",
            Submit("send", _("提交评分")),
            Submit("save", _("保存草稿"), css_class="btn--line"),
        )

    @property
    def values(self) -> dict[int, str]:
        """Criterion's key → what was typed."""
        return {
            one.pk: self.cleaned_data.get(f"score-{one.pk}", "")
            for one in self.criteria
        }


class RecusalForm(forms.Form):
    word = forms.CharField(
        label=_("与人选的关系"),
        max_length=LONGEST_WORD,
        required=False,
        help_text=_("例如：是本人的表弟；与所在单位有业务往来。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "word", Submit("recuse", _("申请回避"), css_class="btn--quiet")
        )
