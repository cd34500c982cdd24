"""A draw at work: one page that leads from opening to release, each step with what it
does. Results before the release stand on that page only, for who runs the draw."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common.errors import Refusal
from common.modeladmin import PortalModelAdmin
from signups.enums import DrawStage
from signups.models import Draw, DrawValue, Limit, Offering
from signups.services import drawjobs, drawlists, draws, standing

_BOXES = ["title", "value_name", "value_form", "value_at", "results_at"]


class NewDrawForm(forms.ModelForm):
    """Which group of offerings, and the rule that is published with it."""

    group = forms.ModelChoiceField(
        label=_("哪一期"),
        queryset=Limit.objects.none(),
        empty_label=_("请选择"),
        help_text=_("这一期所有还没有人报名的班一起摇号，每人最多中一个。"),
    )

    class Meta:
        model = Draw
        fields = [*_BOXES, "most_choices"]


class ValueForm(forms.Form):
    value = forms.CharField(label=_("公开数"), max_length=100)


def _may_type(user) -> bool:
    return user.has_perm("signups.witness_draw") or user.has_perm("signups.run_draw")


class StepFilter(admin.SimpleListFilter):
    """By what is to be done next, as the home counts it."""

    title = _("下一步")
    parameter_name = "step"

    def lookups(self, request, model_admin):
        return [
            ("freeze", _("封存名单")),
            ("type", _("录入公开数")),
            ("release", _("摇号、公布")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "freeze":
            return queryset.to_freeze()
        if self.value() == "type":
            return queryset.to_type(request.user)
        return queryset.to_release() if self.value() == "release" else queryset


@admin.register(Draw)
class DrawAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["page", "stage_in_words", "value_at", "results_at"]
    list_display_links = None
    list_filter = [StepFilter]
    search_fields = ["title"]
    fields = _BOXES

    def get_queryset(self, request):
        return (
            super().get_queryset(request).managed_by(request.user).select_related("job")
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewDrawForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and "group" in form.base_fields:
            form.base_fields["group"].queryset = self._groups(request)
        return form

    def get_fields(self, request, obj=None):
        return ["group", *_BOXES, "most_choices"] if obj is None else _BOXES

    def _groups(self, request):
        free = Offering.objects.changeable_by(request.user).for_a_draw()
        return Limit.objects.filter(offerings__in=free).distinct().order_by("-pk")

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return True
        mine = Draw.objects.run_by(request.user).filter(pk=obj.pk)
        return obj.frozen_at is None and mine.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        if change:
            changes = {name: given[name] for name in form.changed_data}
            draws.change_draw(draw=obj, by=request.user, **changes)
            return
        free = Offering.objects.changeable_by(request.user).for_a_draw()
        group = given.pop("group")
        made = draws.open_draw(
            offerings=list(free.filter(limits=group)), by=request.user, **given
        )
        obj.pk, obj.kind = made.pk, made.kind

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(_at("run", obj.pk))

    def response_post_save_change(self, request, obj):
        return HttpResponseRedirect(_at("run", obj.pk))

    @admin.display(description=_("摇号"), ordering="title")
    def page(self, draw):
        return format_html('<a href="{}">{}</a>', _at("run", draw.pk), draw.title)

    @admin.display(description=_("进度"))
    def stage_in_words(self, draw):
        return draw.stage.label

    # --- the page of the job

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            ("<int:pk>/run/", self.run_view, "run"),
            ("<int:pk>/freeze/", self.freeze_view, "freeze"),
            ("<int:pk>/value/", self.value_view, "value"),
            ("<int:pk>/draw/", self.draw_view, "draw"),
            ("<int:pk>/release/", self.release_view, "release"),
            ("<int:pk>/progress/", self.progress_view, "progress"),
        ]
        return [
            *(
                path(at, wrap(view), name=f"signups_draw_{name}")
                for at, view, name in own
            ),
            *super().get_urls(),
        ]

    def _draw(self, request, pk, *, to_run=False):
        if not self.has_view_permission(request):
            raise PermissionDenied
        draw = get_object_or_404(self.get_queryset(request), pk=pk)
        if to_run and not Draw.objects.run_by(request.user).filter(pk=pk).exists():
            raise PermissionDenied
        return draw

    def run_view(self, request, pk, form=None):
        draw = self._draw(request, pk)
        runs = Draw.objects.run_by(request.user).filter(pk=pk).exists()
        now = standing.database_now()
        typed = DrawValue.objects.filter(draw=draw).select_related("by")
        mine = next((one for one in typed if one.by_id == request.user.pk), None)
        closes_at = max(draw.offerings.values_list("closes_at", flat=True), default=now)
        stage, is_underway = draw.stage, draw.is_underway
        shows = runs or draw.released_at is not None
        return TemplateResponse(
            request,
            "admin/signups/draw/run.html",
            {
                **self.admin_site.each_context(request),
                "title": draw.title,
                "opts": self.opts,
                "above": [(_("摇号"), reverse("admin:signups_draw_changelist"))],
                "draw": draw,
                "stage": stage,
                "steps": _steps(draw, closes_at, now),
                "runs": runs,
                "may_freeze": runs and stage == DrawStage.OPEN and closes_at <= now,
                "may_type": stage == DrawStage.FROZEN
                and draw.value_at <= now
                and _may_type(request.user),
                "may_draw": runs and stage == DrawStage.AGREED,
                "may_release": runs and stage == DrawStage.DRAWN,
                "is_public": draw.offerings.filter(is_listed=True).exists(),
                "typed": typed,
                "mine": mine,
                "form": form or ValueForm(),
                "closes_at": closes_at,
                "is_underway": is_underway,
                "people": drawjobs.people(draw)
                if is_underway or draw.frozen_at
                else None,
                "by_weight": draw.entries.order_by("weight")
                .values("weight")
                .annotate(n=Count("pk")),
                "rows": drawlists.summary(draw) if shows else [],
                "shows_results": shows and draw.drawn_at is not None,
            },
        )

    def _step(self, request, pk, step, done):
        """One step by POST, then back to the page; a GET does nothing."""
        if request.method == "POST":
            draw = self._draw(request, pk, to_run=True)
            try:
                is_done = drawjobs.take(draw=draw, step=step, by=request.user)
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                if is_done:
                    self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(_at("run", pk))

    @method_decorator(require_GET)
    def progress_view(self, request, pk):
        """How far the step in the background is, for js/progress.js."""
        draw = self._draw(request, pk)
        return JsonResponse(
            {"done": drawjobs.done(draw), "is_over": not draw.is_underway}
        )

    def freeze_view(self, request, pk):
        said = _("名单已封存，指纹已在公开页面公布。")
        return self._step(request, pk, "freeze", said)

    def draw_view(self, request, pk):
        said = _("已摇号。结果只有主持摇号的人看得到，看过后再公布。")
        return self._step(request, pk, "draw", said)

    def release_view(self, request, pk):
        if request.method == "POST" and "sure" not in request.POST:
            self._draw(request, pk, to_run=True)
            said = _("请先勾选“已看过结果，以我的名义公布”。")
            self.message_user(request, said, messages.ERROR)
            return HttpResponseRedirect(_at("run", pk))
        said = _("结果已公布，参加的人都已收到消息。")
        return self._step(request, pk, "release", said)

    def value_view(self, request, pk):
        if request.method != "POST":
            return HttpResponseRedirect(_at("run", pk))
        draw = self._draw(request, pk)
        if not _may_type(request.user):
            raise PermissionDenied
        form = ValueForm(request.POST)
        if form.is_valid():
            value = form.cleaned_data["value"]
            try:
                draw = draws.type_value(draw=draw, value=value, by=request.user)
            except Refusal as refusal:
                refusal.show_at(form, "value")
            else:
                said = (
                    _("两人录入一致，可以摇号了。")
                    if draw.value
                    else _("已记下您录入的公开数，还须另一人录入同样的数。")
                )
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(_at("run", pk))
        return self.run_view(request, pk, form)


def _at(name, pk):
    return reverse(f"admin:signups_draw_{name}", args=[pk])


def _steps(draw, closes_at, now):
    """(name, is_done, is_now) of each step, in order."""
    done = [
        (_("登记意愿"), closes_at <= now or draw.frozen_at is not None),
        (_("封存名单"), draw.frozen_at is not None),
        (_("两人录入公开数"), bool(draw.value)),
        (_("摇号"), draw.drawn_at is not None),
        (_("公布"), draw.released_at is not None),
    ]
    at = next((n for n, (_name, is_done) in enumerate(done) if not is_done), len(done))
    return [(name, is_done, n == at) for n, (name, is_done) in enumerate(done)]
