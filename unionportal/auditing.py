"""The auditor's page: what happened, in sentences, newest first, and as a file.

Two sources are read as one: changes of rows (``common_change``) and events that belong to
no row (``common_auditevent``). A page is the rows behind a key of time, so that the last
page costs what the first does. Things are named by their titles, people of the unions by
a masked name; what numbers stand in a text are masked as in the logs.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.apps import apps
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import audit, history, logs, sheets
from common.enums import AuditOutcome, AuditVerb, ChangeVerb
from common.labels import in_words, to_the_second
from common.letters import is_key
from common.models import AuditEvent, Change
from common.moments import DayField
from members import names, noticekinds
from signups.enums import OfferingKind
from unionportal.enums import MarkKind
from volunteers.enums import ReportedOf

PAGE = 50
MOST_EXPORTED = 10_000
BATCH = 500  # sentences that are made at once
MOST_COLUMNS = 4  # of one change; the rest is counted
USUAL = timedelta(days=30)  # how far back one looks without saying so
REFUSED = "refused"
_EVENT, _CHANGE = 0, 1  # of one moment, changes stand before their event

# how a row is named where it has no title or name of its own: the path to what it is
# about, and to the person, whose name is masked
_NAMED = {
    "members.worker": ("", "name"),
    "members.stewardship": ("union_org__name", "user__name"),
    "members.uniontransfer": ("to_org__name", "worker__name"),
    "members.correctionrequest": ("", "worker__name"),
    "members.rolerequest": ("", "user__name"),
    "members.certificate": ("title", "holder__name"),
    "members.rosterimport": ("union_org__name", ""),
    "signups.signup": ("offering__title", "worker__name"),
    "signups.attendance": ("occasion__offering__title", "signup__worker__name"),
    "signups.occasion": ("offering__title", ""),
    "signups.seatpool": ("offering__title", ""),
    "signups.conductpoint": ("signup__offering__title", "worker__name"),
    "signups.appeal": ("point__signup__offering__title", "point__worker__name"),
    "signups.papersheet": ("offering__title", ""),
    "signups.paperline": ("sheet__offering__title", "worker__name"),
    "signups.drawvalue": ("draw__title", "by__name"),
    "signups.calendarfeed": ("", "user__name"),
    "activities_training.lesson": ("course_class__name", ""),
    "activities_training.termplan": (KT("content__term__title"), ""),
    "news.columnduty": ("column__name", "user__name"),
    "news.importedarticle": ("article__title", ""),
    "news.inspection": ("channel__name", ""),
    "news.phrase": ("wrong", ""),
    "news.comment": ("article__title", "user__name"),
    "news.commentreport": ("comment__article__title", "user__name"),
    "news.commentappeal": ("comment__article__title", "comment__user__name"),
    "news.commentswitch": ("article__title", ""),
    "news.commentword": ("word", ""),
    "news.placement": ("article__title", ""),
    "common.searchword": ("word", ""),
    "volunteers.membership": ("team__name", "worker__name"),
    "volunteers.joinrequest": ("team__name", "worker__name"),
    "volunteers.volunteerprofile": ("", "worker__name"),
    "volunteers.partneruser": ("partner__name", "user__name"),
    "volunteers.countersign": ("event__title", ""),
    "volunteers.eventphoto": ("event__title", ""),
    "volunteers.servicerecord": ("event__title", "worker__name"),
    "volunteers.importedhours": ("team__name", "worker__name"),
    "volunteers.hoursdispute": ("record__event__title", "record__worker__name"),
    "honors.compositionrule": ("edition__title", ""),
    "honors.juryround": ("edition__title", ""),
    "honors.juryseat": ("edition__title", "user__name"),
    "honors.shortlistwaiver": ("edition__title", ""),
    "honors.objection": ("notice__title", ""),
    "honors.nomination": ("edition__title", "name"),
    "honors.proposal": ("edition__title", "name"),
    "unionportal.passportshare": ("", "worker__name"),
    "unionportal.greyperiod": ("occasion", ""),
    "unionportal.sitesettings": ("", ""),  # there is one
}
_IN_WORDS = {  # named by one of few words; column → that in Chinese
    "members.smschoice": (
        "kind",
        lambda: [(kind.name, kind.label) for kind in noticekinds.every()],
    ),
    "signups.rules": ("kind", lambda: OfferingKind.choices),
    "volunteers.reportedfigure": ("of", lambda: ReportedOf.choices),
    "unionportal.sitemark": ("kind", lambda: MarkKind.choices),
}

# what brought a change about where nobody asked (``history.because``)
_CAUSES = {
    "settle": gettext_lazy("候补递补"),
    "gave up all": gettext_lazy("放弃全部报名"),
    "tick": gettext_lazy("定时任务"),
    "demo": gettext_lazy("演示数据"),
    "import_roster": gettext_lazy("导入名册"),
    "sync_roles": gettext_lazy("更新角色"),
    "migrate": gettext_lazy("升级"),
    "check_in_background": gettext_lazy("检查名册"),
    "apply_in_background": gettext_lazy("导入名册"),
    "send_texts": gettext_lazy("发送短信通知"),
}


@dataclass(frozen=True)
class Sentence:
    """One deed. ``who`` did ``deed`` to ``thing`` (kind and title); ``detail`` says what
    changed, ``result`` what became of it where it was not done."""

    at: datetime
    who: str
    who_id: int | None
    deed: str
    kind: str
    title: str
    detail: str
    result: str
    link: str

    @property
    def thing(self) -> str:
        return f"{self.kind}“{self.title}”" if self.title else self.kind


class FilterForm(forms.Form):
    """What the page is narrowed by; whatever is empty does not narrow."""

    who = forms.CharField(
        label=gettext_lazy("操作人"),
        max_length=60,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("姓名"), "autocomplete": "off"}
        ),
    )
    room = forms.ChoiceField(label=gettext_lazy("版块"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("操作"), required=False)
    since = DayField(label=gettext_lazy("从"), required=False)
    until = DayField(label=gettext_lazy("到"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rooms = {model._meta.app_label for model in history.tracked().values()}
        labels = [(room, apps.get_app_config(room).verbose_name) for room in rooms]
        self.fields["room"].choices = [
            ("", _("全部")),
            *sorted(labels, key=lambda label: str(label[1])),
        ]
        self.fields["kind"].choices = [
            ("", _("全部")),
            (REFUSED, _("被拒绝或失败")),
            *ChangeVerb.choices,
            *AuditVerb.choices,
        ]

    def clean(self):
        given = super().clean()
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("“到”不能早于“从”。"))
        return given

    def in_words(self) -> str:
        """What was asked for, as the audit of an export says it."""
        return "，".join(
            f"{self[name].label}：{self._said(name, value)}"
            for name, value in self.cleaned_data.items()
            if value
        )

    def _said(self, name, value):
        choices = getattr(self.fields[name], "choices", ())
        return dict(choices).get(value, value)


def page(site, request):
    """The sentences of one page, and the form that narrows them."""
    _check(request)
    form = FilterForm(request.GET)
    rows, more = [], None
    if form.is_valid():
        rows, more = _page_of(form.cleaned_data, _cursor(request), PAGE)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        **site.each_context(request),
        "title": _("操作记录"),
        "form": form,
        "sentences": in_sentences(rows),
        "usual_days": USUAL.days,
        "query": query.urlencode(),
        "more": more,
    }
    return TemplateResponse(request, "admin/audit.html", context)


def export(site, request):
    """The same sentences as a workbook or a CSV file; the export is on record. More than
    a file may hold is not cut silently: one is asked to narrow."""
    _check(request)
    back = reverse("admin:audit")
    if request.method != "POST":
        return HttpResponseRedirect(back)
    form = FilterForm(request.POST)
    if not form.is_valid():
        return HttpResponseRedirect(back)
    rows, more = _page_of(form.cleaned_data, None, MOST_EXPORTED)
    if more:
        said = _("超过%(n)d条，请缩小范围后再导出。") % {"n": MOST_EXPORTED}
        messages.error(request, said)
        typed = request.POST.copy()
        for name in ("csrfmiddlewaretoken", "as"):
            typed.pop(name, None)
        return HttpResponseRedirect(f"{back}?{typed.urlencode()}")
    is_csv = request.POST.get("as") == "csv"
    lines = _lines(rows)
    title = _("操作记录")
    content = (
        sheets.to_csv(lines)
        if is_csv
        else sheets.to_xlsx(lines, title=title, widths=(20, 12, 14, 16, 40, 60, 10))
    )
    audit.record(
        AuditVerb.EXPORT,
        by=request.user,
        of=Change,
        reason=form.in_words(),
        after=_("%(n)d条操作记录") % {"n": len(rows)},
    )
    kind = "text/csv; charset=utf-8" if is_csv else sheets.XLSX
    name = f"{title}-{timezone.localdate():%Y%m%d}.{'csv' if is_csv else 'xlsx'}"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _lines(rows):
    yield (
        _("时间"),
        _("操作人"),
        _("操作"),
        _("类别"),
        _("对象"),
        _("内容"),
        _("结果"),
    )
    for start in range(0, len(rows), BATCH):
        for said in in_sentences(rows[start : start + BATCH]):
            yield (
                to_the_second(said.at),
                said.who,
                said.deed,
                said.kind,
                said.title,
                said.detail,
                said.result,
            )


def _check(request):
    may = ("common.view_change", "common.view_auditevent")
    if not request.user.has_perms(may):
        raise PermissionDenied


# --- which rows -----------------------------------------------------------------------


def _page_of(given, cursor, size):
    """(the next ``size`` rows of both sources, newest first, the cursor of what follows
    or None). Two queries, one more to find a person by name."""
    wanted = _narrowed(given)
    rows = []
    for source, queryset in wanted:
        if cursor is not None:
            queryset = queryset.filter(_behind(source, cursor))
        found = queryset.order_by("-at", "-pk")[: size + 1]
        rows += [(row.at, source, row.pk, row) for row in found]
    rows.sort(key=lambda row: row[:3], reverse=True)
    page = rows[:size]
    more = _as_text(page[-1][:3]) if len(rows) > size else None
    return [row for _at, _source, _pk, row in page], more


def _narrowed(given):
    """(source, queryset) of those that can hold what is asked for."""
    kind, room = given["kind"], given["room"]
    today = timezone.localdate()
    last = given["until"] or today
    first = given["since"] or last - USUAL
    when = Q(at__gte=_midnight(first), at__lt=_midnight(last + timedelta(days=1)))
    who = _who(given["who"])
    sources = []
    if kind in ("", *AuditVerb.values, REFUSED):
        events = AuditEvent.objects.filter(when)
        if kind == REFUSED:
            events = events.exclude(outcome=AuditOutcome.DONE)
        elif kind:
            events = events.filter(verb=kind)
        if room:
            events = events.filter(of_model__startswith=f"{room}.")
        if who is not None:
            events = events.filter(by_id__in=who)
        sources.append((_EVENT, events))
    if kind in ("", *ChangeVerb.values):
        changes = Change.objects.filter(when).with_who()
        if kind:
            changes = changes.filter(verb=kind)
        if room:
            tables = [
                table
                for table, model in history.tracked().items()
                if model._meta.app_label == room
            ]
            changes = changes.filter(of_table__in=tables)
        if who is not None:
            changes = changes.filter(by_id__in=who)
        sources.append((_CHANGE, changes))
    return sources


def _who(typed):
    """The keys of the accounts of a name, or of the number behind a #; None for
    everybody."""
    typed = typed.strip()
    if not typed:
        return None
    number = typed.removeprefix("#")
    if is_key(number):
        return [int(number)]
    people = get_user_model().objects.filter(name=names.plain(typed))
    return list(people.values_list("pk", flat=True)[:PAGE])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _behind(source, cursor):
    """The rows of a source that stand behind a cursor."""
    at, its_source, key = cursor
    if source == its_source:
        return Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=key))
    return Q(at__lte=at) if source < its_source else Q(at__lt=at)


def _as_text(place) -> str:
    at, source, key = place
    return f"{at.isoformat()}~{source}~{key}"


def _cursor(request):
    """Where the page begins; None for the newest. Anything else is 404."""
    typed = request.GET.get("before", "")
    if not typed:
        return None
    at, source, key = (typed.split("~") + ["", ""])[:3]
    try:
        moment = parse_datetime(at)
    except ValueError:
        moment = None
    known = moment is not None and timezone.is_aware(moment)
    if not known or source not in ("0", "1") or not is_key(key):
        raise Http404
    return moment, int(source), int(key)


# --- in words -------------------------------------------------------------------------


def in_sentences(rows) -> list[Sentence]:
    """These rows in words. One query for the titles of all that they speak of."""
    titles = _titles(_spoken_of(rows))
    return [
        _of_change(row, titles) if isinstance(row, Change) else _of_event(row, titles)
        for row in rows
    ]


def _spoken_of(rows) -> set:
    """(model, key) of every row that has to be named."""
    wanted = set()
    for row in rows:
        model, key = place_of(row)
        if model is None:
            continue
        if key is not None:
            wanted.add((model, key))
        if isinstance(row, Change):
            for column, was, now in _columns(row, model):
                if column.is_relation:
                    wanted |= {
                        (column.related_model, value)
                        for value in (was, now)
                        if isinstance(value, int)
                    }
    return wanted


def place_of(row):
    """(model, key) of what a change or an event is about; None for what there is not."""
    if isinstance(row, Change):
        return history.tracked().get(row.of_table), row.of_id
    try:
        model = apps.get_model(row.of_model) if row.of_model else None
    except LookupError:  # the table has been given up since
        model = None
    return model, int(row.of_key) if is_key(row.of_key) else None


def _columns(change, model):
    """(column, what it was, what it is) of the first columns of an update."""
    if change.verb != ChangeVerb.UPDATE:
        return []
    return [
        (column, change.before.get(column.column), change.after.get(column.column))
        for column in model._meta.concrete_fields
        if column.column in change.before.keys() | change.after.keys()
    ][:MOST_COLUMNS]


def _titles(wanted) -> dict:
    """(model, key) → how it is called. One query, whatever the number of tables."""
    keys = {}
    for model, key in wanted:
        keys.setdefault(model, set()).add(key)
    models = [model for model in keys if _paths(model)]
    parts = []
    for number, model in enumerate(models):
        thing, person = _paths(model)
        parts.append(
            model._base_manager.filter(pk__in=keys[model])
            .order_by()
            .annotate(
                said_model=Value(number),
                said_thing=_text(thing),
                said_person=_text(person),
            )
            .values_list("said_model", "pk", "said_thing", "said_person")
        )
    if not parts:
        return {}
    first, *others = parts
    found = first.union(*others, all=True) if others else first
    return {
        (models[number], key): "，".join(
            part for part in (logs.masked(thing), names.masked(person)) if part
        )
        for number, key, thing, person in found
    }


def _paths(model):
    """(path to what a row is about, path to the person), or None where nothing names
    it. Staff are named in full: who holds a right is no secret of theirs."""
    if model is get_user_model():
        staff = Case(When(is_staff=True, then=F("name")), default=Value(""))
        other = Case(When(is_staff=False, then=F("name")), default=Value(""))
        return staff, other
    if paths := _NAMED.get(model._meta.label_lower):
        return paths
    if one_of := _IN_WORDS.get(model._meta.label_lower):
        column, choices = one_of
        words = [
            When(Q((column, value)), then=Value(str(word))) for value, word in choices()
        ]
        return Case(*words, default=Value("")), ""
    own = {field.name for field in model._meta.concrete_fields}
    name = next((name for name in ("title", "name") if name in own), None)
    return (name, "") if name else None


def _text(path):
    if path == "":
        return Value("", CharField())
    return Coalesce(Cast(path, CharField()), Value(""))  # the holder may be nobody


def _of_change(change, titles) -> Sentence:
    model, key = place_of(change)
    title = titles.get((model, key)) or _last_title(change) or _number(model, key)
    return Sentence(
        at=change.at,
        who=_asker(change),
        who_id=change.by_id,
        deed=str(ChangeVerb(change.verb).label),
        kind=str(model._meta.verbose_name) if model else change.of_table,
        title=title,
        detail=_what_changed(change, model, titles) if model else "",
        result="",
        link=link_to(model, key) if change.verb != ChangeVerb.DELETE else "",
    )


def _asker(change) -> str:
    if change.by_id is not None:
        return change.by_name or _("已注销的账号#%(n)d") % {"n": change.by_id}
    cause = (change.context or {}).get("cause")
    cause = _CAUSES.get(cause, cause)
    return _("系统（%(cause)s）") % {"cause": cause} if cause else _("系统")


def _last_title(change) -> str:
    """What a row was called that is gone."""
    kept = change.before or change.after or {}
    return logs.masked(str(kept.get("title") or kept.get("name") or ""))


def _number(model, key) -> str:
    """For a row that nothing names; nothing where there is only one."""
    is_one = model is not None and _paths(model) == ("", "")
    return f"#{key}" if key and not is_one else ""


def _what_changed(change, model, titles) -> str:
    shown = [
        _("%(name)s由“%(was)s”改为“%(now)s”")
        % {
            "name": column.verbose_name,
            "was": _said(column, was, titles),
            "now": _said(column, now, titles),
        }
        for column, was, now in _columns(change, model)
    ]
    rest = len((change.before or {}).keys() | (change.after or {}).keys()) - len(shown)
    if change.verb == ChangeVerb.UPDATE and rest > 0:
        shown.append(_("另有%(n)d项") % {"n": rest})
    return "；".join(shown)


def _said(column, value, titles) -> str:
    if column.is_relation and value is not None:
        title = titles.get((column.related_model, value))
        if title:
            return title
    text = str(in_words(column, value))
    return text if len(text) <= 60 else f"{text[:60]}…"


def _of_event(event, titles) -> Sentence:
    model, key = place_of(event)
    parts = [event.reason, event.before, event.after]
    if event.before and event.after:
        parts = [event.reason, f"{event.before} → {event.after}"]
    is_done = event.outcome == AuditOutcome.DONE
    return Sentence(
        at=event.at,
        who=event.by_label or _nameless(event),
        who_id=event.by_id,
        deed=str(AuditVerb(event.verb).label),
        kind=str(model._meta.verbose_name) if model else event.of_model,
        title=titles.get((model, key)) or _number(model, event.of_key),
        detail="；".join(part for part in parts if part),
        result="" if is_done else str(AuditOutcome(event.outcome).label),
        link=link_to(model, key),
    )


def _nameless(event) -> str:
    """Who did it where no name was kept: an account that is gone, a visitor, the system
    outside any request."""
    if event.by_id is not None:
        return _("已注销的账号#%(n)d") % {"n": event.by_id}
    return _("未登录者") if event.request_id else _("系统")


def link_to(model, key) -> str:
    """The row's page in the back office, or nothing where it has none."""
    if model is None or key is None:
        return ""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
