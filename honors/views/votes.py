"""The public vote: one page, on which a member reads who stands, chooses, looks again
and casts. It never says how a vote stands."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from common.errors import Refusal
from honors.models import AwardEdition
from honors.services import votes
from members.addresses import device_of
from members.services.verification import database_now

MOST_TYPED = 200  # boxes that a form of ours can have


class VoteView(LoginRequiredMixin, View):
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = AwardEdition.objects.filter(announced_at__isnull=False)
            self.edition = get_object_or_404(rows.for_page(), pk=kwargs["pk"])
            if self.edition.vote_opens_at is None:
                raise Http404
            self.worker = getattr(request.user, "worker", None)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk, choices=(), problems=(), is_last_look=False):
        edition, worker = self.edition, self.worker
        closed = votes.window(edition, database_now())
        kept = votes.ballot_of(edition, worker)
        refused = votes.may_vote(worker)
        # who stands is read by those who may vote, while they may
        reads = refused is None and closed is None
        rows = votes.on_ballot(edition, worker) if reads else []
        if kept is not None:
            rows = votes.chosen(kept)
        elif is_last_look:
            rows = [row for row in rows if row.pk in set(choices)]
        context = {
            "crumbs": [
                (_("劳模工匠"), reverse("honors:honoree-list")),
                (edition.title, edition.get_absolute_url()),
                (_("投票"), ""),
            ],
            "edition": edition,
            "most": votes.most_choices(edition),
            "closed": closed,
            "kept": kept,
            "refused": refused,
            "is_unverified": worker is None,
            "candidates": rows,
            "own": worker and worker.pk,
            "choices": set(choices),
            "problems": problems,
            "is_last_look": is_last_look,
        }
        response = TemplateResponse(request, "honors/vote.html", context)
        response["Cache-Control"] = "private, no-store"
        return response

    def post(self, request, pk):
        typed = request.POST.getlist("choices")[:MOST_TYPED]
        choices = [int(key) for key in typed if key.isdecimal() and len(key) < 19]
        do = request.POST.get("do", "")
        if do == "back":
            return self.get(request, pk, choices)
        if do != "cast":
            if problems := votes.check(self.edition, self.worker, choices):
                return self.get(request, pk, choices, problems)
            return self.get(request, pk, choices, is_last_look=True)
        try:
            votes.cast(
                edition=self.edition,
                worker=self.worker,
                choices=choices,
                by=request.user,
                device=device_of(request),
            )
        except Refusal as refusal:
            if "voted_already" in refusal.codes:  # twice is once
                return redirect("honors:vote", pk)
            return self.get(request, pk, choices, refusal.reasons)
        messages.success(request, _("已投票，谢谢您的参与。"))
        return redirect("honors:vote", pk)
