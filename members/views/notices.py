"""The inbox: what one person was told. No address shows anybody else's."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from common.errors import Refusal
from common.paging import ShortInLargePrint
from members.forms import TextsForm
from members.models import Notice
from members.services import notices


class InboxView(ShortInLargePrint, LoginRequiredMixin, ListView):
    """Unread first. Looking at it reads nothing: opening one does, or 全部已读."""

    template_name = "my/messages.html"
    context_object_name = "notices"
    paginate_by = 20

    def get_queryset(self):
        return Notice.objects.for_inbox(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            crumbs=[(_("我的"), reverse("my")), (_("消息"), "")],
            looked_at=timezone.now(),
            **kwargs,
        )


class NoticeOpenView(LoginRequiredMixin, View):
    """Opening one: it is read, and leads to what it is about. GET only leads back."""

    def get(self, request, pk):
        get_object_or_404(Notice.objects.shown_to(request.user), pk=pk)
        return redirect("my-messages")

    def post(self, request, pk):
        notice = get_object_or_404(Notice.objects.shown_to(request.user), pk=pk)
        notices.read(notice=notice)
        return redirect(notice)


class ReadAllView(LoginRequiredMixin, View):
    """全部已读, up to when the page was looked at."""

    def get(self, request):
        return redirect("my-messages")

    def post(self, request):
        until = _moment(request.POST.get("until", ""))
        if notices.read_all(user=request.user, until=until):
            messages.success(request, _("已全部标为已读。"))
        return redirect("my-messages")


def _moment(typed: str):
    """As the page has printed it; now for anything else."""
    now = timezone.now()
    try:
        moment = parse_datetime(typed)
    except ValueError:
        moment = None
    return moment if moment and timezone.is_aware(moment) and moment < now else now


class TextsView(LoginRequiredMixin, View):
    """Which texts one gets beside one's notices."""

    form_class = TextsForm

    def get(self, request):
        return self._page(TextsForm(user=request.user))

    def post(self, request):
        form = TextsForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                notices.refuse_texts(user=request.user, kinds=form.refused)
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                messages.success(request, _("短信提醒已设置。"))
                return redirect("my-texts")
        return self._page(form)

    def _page(self, form):
        crumbs = [
            (_("我的"), reverse("my")),
            (_("消息"), reverse("my-messages")),
            (_("短信提醒"), ""),
        ]
        context = {"form": form, "crumbs": crumbs, "always": form.always}
        return render(self.request, "my/texts.html", context)
