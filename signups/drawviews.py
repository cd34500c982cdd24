"""A draw's public pages: what was promised, the list, what came of it, one's own part."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View

from common.errors import Refusal
from signups.enums import DrawStage
from signups.models import Draw, DrawEntry, Signup
from signups.services import drawlists, draws, standing

SCRIPT = Path(settings.BASE_DIR) / "docs" / "draw.py"


class DrawDetailView(DetailView):
    """For everybody; who is logged in finds their own choices in front."""

    template_name = "signups/draw_detail.html"
    context_object_name = "draw"

    def get_queryset(self):
        return Draw.objects.public()

    def get_context_data(self, **kwargs):
        draw = self.object
        worker = getattr(self.request.user, "worker", None)
        offerings = draw.offerings.listed().with_seats().order_by("pk")
        closes_at = max(offering.closes_at for offering in offerings)
        now = standing.database_now()
        return super().get_context_data(
            crumbs=[(draw.title, "")],
            offerings=offerings,
            closes_at=closes_at,
            is_open=draw.frozen_at is None and now < closes_at,
            is_released=draw.stage == DrawStage.RELEASED,
            rules=standing.draw_rules(draw),
            choices=_choices(draw, worker),
            entry=worker and DrawEntry.objects.filter(draw=draw, worker=worker).first(),
            weight=worker and drawlists.weight_of(draw, worker),
            **kwargs,
        )


def _choices(draw, worker):
    if worker is None:
        return []
    return list(
        Signup.objects.filter(worker=worker, offering__draw=draw)
        .in_draw()
        .select_related("offering")
        .with_state()
        .with_rank()
        .order_by("choice_rank", "pk")
    )


class DrawOrderView(LoginRequiredMixin, View):
    """A choice moves one up; the same POST twice says so."""

    def get(self, request, pk):
        return redirect(get_object_or_404(Draw.objects.public(), pk=pk))

    def post(self, request, pk):
        draw = get_object_or_404(Draw.objects.public(), pk=pk)
        worker = getattr(request.user, "worker", None)
        if worker is None:
            raise Http404
        held = [one.pk for one in Signup.objects.choices_in(draw, worker)]
        asked, rank = request.POST.get("up", ""), request.POST.get("rank", "")
        order = [str(pk) for pk in held]
        # the rank that the page showed: sent twice, it has moved already
        if (
            asked in order
            and order.index(asked) > 0
            and rank == str(order.index(asked) + 1)
        ):
            n = order.index(asked)
            held[n - 1], held[n] = held[n], held[n - 1]
            try:
                draws.order_choices(
                    draw=draw, worker=worker, signups=held, by=request.user
                )
            except Refusal as refusal:
                messages.error(request, str(refusal), extra_tags=_("志愿没有调整"))
            else:
                messages.success(request, _("志愿顺序已调整。"))
        return redirect("signups:draw-detail", pk)


class DrawFileView(View):
    """The list, and from the release on the results: what anybody repeats the draw from."""

    def get(self, request, pk):
        draw = get_object_or_404(Draw.objects.public(), pk=pk, frozen_at__isnull=False)
        content = drawlists.published(draw)
        response = HttpResponse(
            content,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="draw-{pk}.csv"'},
        )
        if draw.released_at is None:
            # nobody keeps a list without its results
            response["Cache-Control"] = "no-store"
            return response
        # the same for everybody; kept, but asked for again each time: what somebody
        # checks is never an earlier one
        mark = quote_etag(sha256(content).hexdigest()[:32])
        response["Cache-Control"] = "public, no-cache"
        response["ETag"] = mark
        return get_conditional_response(request, etag=mark, response=response)


class DrawScriptView(View):
    """The script that repeats a draw, as it stands in the documentation."""

    def get(self, request):
        return HttpResponse(
            SCRIPT.read_bytes(),
            content_type="text/x-python; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="draw.py"',
                "Cache-Control": "public, max-age=3600",
            },
        )
