"""A union's nominations: begun, typed in four steps, followed; their papers; a worker's
proposal to their union.

Every nomination is fetched through the rows that are this person's: a foreign one is not
there. What is refused comes back with everything typed.
"""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from common import letters, picturestore
from common.errors import Refusal
from common.letters import is_key
from honors.enums import EDITABLE, MOVES, NominationRole, NominationState
from honors.forms import (
    BasicsForm,
    DeedsForm,
    DocumentForm,
    ProposeForm,
    UnitNoticeForm,
)
from honors.models import (
    AwardEdition,
    Nomination,
    NominationDocument,
    Proposal,
    RequiredDocument,
)
from honors.services import nominations, papers, proposals, shortlist
from members.models import Worker

STEPS = [
    gettext_lazy("基本信息"),
    gettext_lazy("事迹"),
    gettext_lazy("材料"),
    gettext_lazy("核对"),
]
MOST_FOUND = 20
MOST_LISTED = 200
NOMINATE = "honors.nominate"
_S = NominationState


def _crumbs(*rest):
    mine = (_("我的推荐"), reverse("honors:nomination-list"))
    return [(_("劳模工匠"), reverse("honors:honoree-list")), mine, *rest]


def _announced(pk):
    editions = AwardEdition.objects.filter(announced_at__isnull=False)
    return get_object_or_404(editions.for_page(), pk=pk)


def refusals(request, refusal):
    for reason in refusal.reasons:
        messages.error(request, str(reason))


class NominationListView(LoginRequiredMixin, View):
    """The nominations of one's unions, what workers proposed to them, and what one has
    proposed oneself."""

    http_method_names = ["get", "head"]

    def get(self, request):
        user = request.user
        worker = getattr(user, "worker", None)
        mine = list(Nomination.objects.of_units(user).for_list()[:MOST_LISTED])
        shortlist.hold_back(mine)
        asked = Proposal.objects.of_units(user).open()
        own = Proposal.objects.filter(proposer=worker) if worker else []
        context = {
            "crumbs": _crumbs()[:1] + [(_("我的推荐"), "")],
            "may_nominate": user.has_perm(NOMINATE),
            "nominations": mine,
            "proposals": asked.select_related("edition", "unit", "proposer")[
                :MOST_LISTED
            ],
            "own": own and own.select_related("edition", "unit")[:MOST_LISTED],
            "editions": AwardEdition.objects.taking_nominations().for_page(),
        }
        return TemplateResponse(request, "honors/nomination_list.html", context)


class NominateView(LoginRequiredMixin, View):
    """Whom to nominate: a worker of one's unions, somebody else, or a group."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.edition = _announced(kwargs["pk"])
            if not request.user.has_perm(NOMINATE):
                if self.edition.takes_proposals and request.method != "POST":
                    return redirect("honors:propose", self.edition.pk)
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk, problems=()):
        units = Nomination.objects.units_of(request.user).order_by("code")
        typed = request.GET.get("q", "")[:60]
        found = []
        if typed.strip():
            found = (
                Worker.objects.filter(union_org__in=units, left_at__isnull=True)
                .found_by(typed)
                .select_related("union_org")
                .order_by("pk")[:MOST_FOUND]
            )
        rows = Nomination.objects.of_units(request.user).for_list()
        context = {
            "edition": self.edition,
            "crumbs": _crumbs((self.edition.title, "")),
            "is_open": nominations.is_open(self.edition),
            "typed": typed,
            "found": found,
            "units": list(units[:MOST_LISTED]),
            "problems": problems,
            "begun": rows.filter(edition=self.edition)[:MOST_LISTED],
        }
        return TemplateResponse(request, "honors/nominate.html", context)

    def post(self, request, pk):
        units = Nomination.objects.units_of(request.user)
        worker = None
        if request.POST.get("do") == "worker":
            rows = Worker.objects.filter(union_org__in=units).select_related(
                "union_org"
            )
            worker = get_object_or_404(rows, pk=_key(request.POST.get("worker")))
            unit = worker.union_org
        else:
            unit = get_object_or_404(units, pk=_key(request.POST.get("unit")))
        try:
            made = nominations.start_draft(
                edition=self.edition,
                unit=unit,
                worker=worker,
                is_group=request.POST.get("do") == "group",
                by=request.user,
            )
        except Refusal as refusal:
            held = Nomination.objects.of_units(request.user).live()
            held = held.filter(edition=self.edition, worker=worker)
            if worker and "already_nominated" in refusal.codes and held:
                return redirect("honors:nomination-detail", held[0].pk)
            return self.get(request, pk, refusal.reasons)
        return redirect("honors:nomination-edit", made.pk, 1)


class UnitsView(LoginRequiredMixin, View):
    """A page about one nomination of one's unions."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = Nomination.objects.of_units(request.user).for_page()
            self.nomination = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class NominationEditView(UnitsView):
    """Steps 1 to 3; the fourth is the nomination's own page."""

    def dispatch(self, request, *args, **kwargs):
        if kwargs["step"] not in (1, 2, 3):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk, step):
        if self.nomination.state not in EDITABLE:
            return redirect("honors:nomination-detail", pk)
        return self.show(step, self.form(step))

    def form(self, step, data=None, files=None):
        if step == 1:
            return BasicsForm(data, instance=self.nomination)
        if step == 2:
            return DeedsForm(data, nomination=self.nomination)
        asked = [row.pk for row in papers.asked_of(self.nomination)]
        return DocumentForm(
            data, files, asked=RequiredDocument.objects.filter(pk__in=asked)
        )

    def show(self, step, form, theirs=()):
        context = {
            "nomination": self.nomination,
            "crumbs": _crumbs((self.nomination.number, "")),
            "form": form,
            "steps": STEPS,
            "step": step,
            "theirs": theirs,
            "before": step - 1,
            "returned": self.nomination.state == _S.RETURNED,
        }
        if step == 3:
            context["papers"] = paper_rows(self.nomination)
            lacking = papers.lacking(self.nomination)
            context["lacking"] = [str(reason) for reason in lacking]
        return TemplateResponse(self.request, "honors/nomination_edit.html", context)

    def post(self, request, pk, step):
        if step == 3:
            return self.post_paper(request)
        form = self.form(step, request.POST)
        if not form.is_valid():
            return self.show(step, form)
        try:
            kept = nominations.save_draft(
                nomination=self.nomination,
                version=form.cleaned_data["version"],
                facts=form.facts,
                by=request.user,
            )
        except Refusal as refusal:
            theirs = []
            if "version_moved" in refusal.codes:
                theirs = self.theirs(form)
                # saved once more, it is meant: both were seen
                form.data = form.data.copy()
                form.data["version"] = self.nomination.version
            refusal.show_in(form)
            return self.show(step, form, theirs)
        long = [
            reason
            for reason in nominations.lacking_words(kept)
            if reason.code == "too_long" and reason.field in form.fields
        ]
        if long:
            messages.success(request, _("已保存为草稿。"))
            self.nomination = kept
            form = self.form(step, {**request.POST.dict(), "version": kept.version})
            form.is_valid()
            for reason in long:
                form.add_error(reason.field, str(reason))
            return self.show(step, form)
        messages.success(request, _("已保存。"))
        if "stay" in request.POST:
            return redirect("honors:nomination-edit", kept.pk, step)
        return redirect("honors:nomination-edit", kept.pk, step + 1)

    def theirs(self, form):
        """(label, what a colleague saved) of each box that they changed otherwise."""
        self.nomination.refresh_from_db()
        found = []
        for name, typed in form.facts.items():
            stored = getattr(self.nomination, name)
            if stored != nominations.tidy(name, typed):
                label = form.fields[name].label
                display = getattr(self.nomination, f"get_{name}_display", None)
                said = display() if display else stored
                if isinstance(stored, bool):
                    said = _("是") if stored else _("否")
                found.append((label, said or _("（空）")))
        return found

    def post_paper(self, request):
        if gone := request.POST.get("remove"):
            rows = self.nomination.documents.present()
            document = get_object_or_404(rows, pk=_key(gone))
            try:
                papers.remove(document=document, by=request.user)
            except Refusal as refusal:
                refusals(request, refusal)
            else:
                messages.success(request, _("已移除“%(name)s”。") % {"name": document})
            return redirect("honors:nomination-edit", self.nomination.pk, 3)
        form = self.form(3, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(3, form)
        try:
            papers.attach(
                nomination=self.nomination,
                upload=form.cleaned_data["file"],
                required=form.cleaned_data["required"],
                by=request.user,
            )
        except Refusal as refusal:
            refusal.show_in(form)
            return self.show(3, form)
        messages.success(request, _("已上传。"))
        return redirect("honors:nomination-edit", self.nomination.pk, 3)


def paper_rows(nomination):
    """What lies with a nomination: documents with what they are."""
    return list(
        nomination.documents.present()
        .select_related("required_document")
        .order_by("required_document__position", "pk")
    )


def history_rows(nomination):
    """The steps of a nomination, in words; without the list, until the nominators were
    told, and without one that was taken back."""
    rows = nomination.steps.select_related("by", "document").order_by("pk")
    rows = list(rows.exclude(from_state=_S.SHORTLISTED, to_state=_S.JURY))
    listed = [row for row in rows if row.to_state == _S.SHORTLISTED]
    is_told = (
        nomination.state not in (_S.JURY, _S.REJECTED) and not nomination.is_untold
    )
    kept = listed[-1:] if is_told else []
    return [row for row in rows if row not in listed or row in kept]


class NominationDetailView(UnitsView):
    """Step 4, and from then on where the nomination is: what it says, what it lacks, and
    the unit's next step."""

    def get(self, request, pk, form=None, problems=(), typed=""):
        one = self.nomination
        one.refresh_from_db()
        shortlist.hold_back([one])
        lacking = nominations.lacking_words(one)
        missing = papers.lacking(one)
        is_over = one.unit_notice_until and (
            one.unit_notice_until < timezone.localdate()
        )
        holds = one.unit_notice_digest and one.unit_notice_digest == one.content_digest
        context = {
            "nomination": one,
            "crumbs": _crumbs((one.number, "")),
            "steps": STEPS if one.state in EDITABLE else None,
            "papers": paper_rows(one),
            "history": history_rows(one),
            "lacking": [*map(str, [*lacking, *missing])],
            "words_lack": bool(lacking),
            "form": form or UnitNoticeForm(initial={"first": timezone.localdate()}),
            "problems": problems,
            "typed": typed,
            "may_edit": one.state in EDITABLE,
            "may_notice": one.state in EDITABLE and not (holds and is_over),
            "may_submit": not missing
            and is_over
            and holds
            and one.state in (_S.UNIT_NOTICE, _S.RETURNED),
            "notice_is_over": is_over,
            "may_stop": one.state == _S.UNIT_NOTICE,
            "may_withdraw": NominationRole.STEWARD
            in MOVES.get((one.state, _S.WITHDRAWN), ()),
        }
        return TemplateResponse(request, "honors/nomination_detail.html", context)

    def post(self, request, pk):
        asked = {"nomination": self.nomination, "by": request.user}
        form, typed = None, request.POST.get("reason", "")[:1000]
        try:
            if "start-notice" in request.POST:
                form = UnitNoticeForm(request.POST)
                if not form.is_valid():
                    return self.get(request, pk, form)
                nominations.start_unit_notice(**asked, **form.cleaned_data)
                said = _("单位公示已登记，公示结束后请回来提交。")
            elif request.POST.get("do") == "submit":
                nominations.submit(**asked)
                said = _("已提交，编号%(number)s。") % {
                    "number": self.nomination.number
                }
            elif request.POST.get("do") == "stop":
                nominations.stop_unit_notice(**asked, reason=typed)
                said = _("公示已停止，修改后请重新公示。")
            elif request.POST.get("do") == "withdraw":
                nominations.withdraw(**asked, reason=typed)
                said = _("推荐已撤回。")
            else:
                return redirect("honors:nomination-detail", pk)
        except Refusal as refusal:
            problems = refusal.reasons
            if form is not None:
                refusal.show_in(form)
                problems = ()
            return self.get(request, pk, form, problems, typed)
        messages.success(request, said)
        return redirect("honors:nomination-detail", pk)


class DocumentView(View):
    """One paper, for who may read its nomination at this moment; it is not there for
    anybody else. Never shown inside a page, never kept by a browser."""

    http_method_names = ["get", "head"]

    def get(self, request, pk):
        if not request.user.is_authenticated:
            raise Http404
        rows = NominationDocument.objects.readable_by(request.user)
        document = get_object_or_404(rows, pk=pk)
        name, kind = papers.file_of(document)
        response = picturestore.answer(request, name, kind=kind)
        if response.status_code == 200:
            response["Content-Disposition"] = content_disposition_header(
                True, document.name
            )
        response["X-Content-Type-Options"] = "nosniff"
        return response


# --- workers' proposals ---------------------------------------------------------------


class ProposeView(LoginRequiredMixin, View):
    """A worker proposes themselves or a colleague to their own union."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.edition = _announced(kwargs["pk"])
            self.worker = getattr(request.user, "worker", None)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk, form=None):
        context = {
            "edition": self.edition,
            "worker": self.worker,
            "form": form or ProposeForm(),
            "is_open": self.edition.takes_proposals
            and nominations.is_open(self.edition),
            "crumbs": [
                (_("劳模工匠"), reverse("honors:honoree-list")),
                (self.edition.title, self.edition.get_absolute_url()),
                (_("职工提名"), ""),
            ],
        }
        return TemplateResponse(request, "honors/propose.html", context)

    def post(self, request, pk):
        if self.worker is None:
            messages.error(request, _("您的账号还没有认证职工身份。"))
            return redirect("my-verify")
        form = ProposeForm(request.POST)
        if not form.is_valid():
            return self.get(request, pk, form)
        facts = form.cleaned_data
        try:
            proposals.propose(
                edition=self.edition,
                proposer=self.worker,
                by=request.user,
                is_self=facts["who"] == "self",
                name=facts["name"],
                position=facts["position"],
                reason=facts["reason"],
            )
        except Refusal as refusal:
            refusal.show_in(form)
            return self.get(request, pk, form)
        said = _("提名已交给%(unit)s，是否推荐会发消息告诉您。")
        messages.success(request, said % {"unit": self.worker.union_org})
        return redirect("honors:nomination-list")


class ProposalView(LoginRequiredMixin, View):
    """One proposal, for the union that answers it."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = Proposal.objects.of_units(request.user)
            self.proposal = get_object_or_404(
                rows.select_related("edition", "unit", "proposer__union_org"),
                pk=kwargs["pk"],
            )
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk, problems=(), typed=""):
        context = {
            "proposal": self.proposal,
            "crumbs": _crumbs((_("职工提名"), "")),
            "problems": problems,
            "typed": typed,
        }
        return TemplateResponse(request, "honors/proposal.html", context)

    def post(self, request, pk):
        typed = letters.line(request.POST.get("answer", ""))[:200]
        try:
            if request.POST.get("do") == "take":
                made = proposals.take_up(proposal=self.proposal, by=request.user)
                messages.success(request, _("已受理，请补全推荐材料。"))
                return redirect("honors:nomination-edit", made.pk, 1)
            if request.POST.get("do") == "decline":
                proposals.decline(proposal=self.proposal, by=request.user, answer=typed)
                messages.success(request, _("已答复提名人。"))
        except Refusal as refusal:
            return self.get(request, pk, refusal.reasons, typed)
        return redirect("honors:nomination-list")


def _key(typed):
    """A key out of a form; None, which is nobody's, for anything else."""
    return int(typed) if is_key(typed) else None
