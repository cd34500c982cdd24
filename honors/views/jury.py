"""A juror's pages: the files that lie before them, and one of them with its papers and
their own scores. Somebody else's, and one they are recused from, is not there."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from common.errors import Refusal
from honors.enums import NominationState, RecusalGround
from honors.forms import BallotForm, RecusalForm
from honors.models import Ballot, Criterion
from honors.services import jury
from honors.views.nominations import paper_rows

MOST_LISTED = 300


def _crumbs(*rest):
    return [
        (_("劳模工匠"), reverse("honors:honoree-list")),
        (_("我的评审"), reverse("honors:jury-list")),
        *rest,
    ]


class JuryListView(LoginRequiredMixin, View):
    """What lies before this juror, edition by edition, what waits first."""

    http_method_names = ["get", "head"]

    def get(self, request):
        rows = Ballot.objects.of_juror(request.user).for_list()[:MOST_LISTED]
        editions = {}
        for ballot in rows:
            edition = ballot.nomination.edition
            made = editions.setdefault(
                edition.pk, {"edition": edition, "waiting": [], "done": []}
            )
            waits = ballot.submitted_at is None and is_open(ballot)
            made["waiting" if waits else "done"].append(ballot)
        return TemplateResponse(
            request,
            "honors/jury_list.html",
            {
                "crumbs": [*_crumbs()[:1], (_("我的评审"), "")],
                "editions": sorted(
                    editions.values(),
                    key=lambda one: (not one["waiting"], -one["edition"].pk),
                ),
            },
        )


def is_open(ballot) -> bool:
    """Whether its juror may still write on it."""
    return (
        not ballot.nomination.edition.jury_round.is_signed_off
        and ballot.nomination.state == NominationState.JURY
    )


class BallotView(LoginRequiredMixin, View):
    """One file: read, scored, abstained from, or left to others."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = Ballot.objects.of_juror(request.user).for_page()
            self.ballot = get_object_or_404(rows, pk=kwargs["pk"])
            held = self.ballot.nomination.edition.jury_round
            # as they were when the round began
            known = Criterion.objects.in_bulk(held.weight_of)
            self.criteria = sorted(
                known.values(), key=lambda one: (one.position, one.pk)
            )
            for one in self.criteria:
                one.weight = held.weight_of[one.pk]
        return super().dispatch(request, *args, **kwargs)

    def form(self, data=None):
        return BallotForm(data, ballot=self.ballot, criteria=self.criteria)

    def get(self, request, pk, form=None, recusal=None):
        ballot = self.ballot
        scores = {score.criterion_id: score.value for score in ballot.scores.all()}
        context = {
            "crumbs": _crumbs((ballot.nomination.number, "")),
            "ballot": ballot,
            "nomination": ballot.nomination,
            "papers": paper_rows(ballot.nomination),
            "is_open": is_open(ballot),
            "form": form or self.form(),
            "recusal": recusal or RecusalForm(),
            "asks_recusal": recusal is not None,
            "scores": [(one, scores.get(one.pk)) for one in self.criteria],
        }
        return TemplateResponse(request, "honors/ballot.html", context)

    def post(self, request, pk):
        if "recuse" in request.POST:
            return self.recuse(request, pk)
        form, sends = self.form(request.POST), "send" in request.POST
        if not form.is_valid():
            return self.get(request, pk, form)
        facts = {
            "values": form.values,
            "comment": form.cleaned_data["comment"],
            "is_abstaining": form.cleaned_data["is_abstaining"],
        }
        # of a draft, what cannot be kept stays on the page and is said
        held = self.ballot.nomination.edition.jury_round
        unkept = [
            reason
            for reason in jury.check_ballot(held, **facts)
            if reason.code != "score_missing"
        ]
        try:
            if sends or not unkept:
                jury.save_ballot(
                    ballot=self.ballot, by=request.user, sends=sends, **facts
                )
        except Refusal as refusal:
            refusal.show_in(form)
            return self.get(request, pk, form)
        if unkept and not sends:
            Refusal(*unkept).show_in(form)
            return self.get(request, pk, form)
        if sends:
            messages.success(request, _("已提交。签认以前可以修改。"))
            return redirect("honors:jury-list")
        messages.success(request, _("草稿已保存，提交后才计入成绩。"))
        return redirect("honors:ballot", pk)

    def recuse(self, request, pk):
        form = RecusalForm(request.POST)
        if form.is_valid():
            try:
                jury.recuse(
                    seat=self.ballot.seat,
                    nomination=self.ballot.nomination,
                    ground=RecusalGround.KIN,
                    word=form.cleaned_data["word"],
                    by=request.user,
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                messages.success(request, _("已登记回避，这份材料不再由您评审。"))
                return redirect("honors:jury-list")
        return self.get(request, pk, recusal=form)
