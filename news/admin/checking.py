"""What the guard of fixed wording and the advice before sending say of an article, and
the two deeds that answer it: letting a find stand by name, sending all the same."""

from django import forms
from django.contrib import messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal
from news import services
from news.enums import ArticleState, ColumnJob
from news.forms import working_of
from news.models import ArticleVersion
from news.services import wording


class WaiveForm(forms.Form):
    """A find as the page showed it, and why it stands."""

    found = forms.CharField(max_length=80, widget=forms.HiddenInput)
    right = forms.CharField(max_length=60, widget=forms.HiddenInput)
    context = forms.CharField(max_length=160, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=200, required=False)


class CheckPages:
    """For ``ArticleAdmin``."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        pages = {"check": self.check_view, "waive": self.waive_view}
        return [
            *(
                path(f"<int:pk>/{name}/", wrap(view), name=f"news_article_{name}")
                for name, view in pages.items()
            ),
            *super().get_urls(),
        ]

    def wording_of(self, request, article, content, back):
        """The inputs of ``_wording.html``."""
        checked = wording.check(article=article, content=content)
        return {
            "hits": checked.hits,
            "is_cut": checked.is_cut,
            "waivers": wording.waivers(article=article, checked=checked),
            "may_waive": request.user.has_perm("news.add_wordingwaiver")
            and self.works_in(request, article, *ColumnJob),
            "back": back,
        }

    def advice_of(self, article, content):
        """What is said before this is sent, in sentences."""
        live = article.live_version
        was_public = live is not None and article.state != ArticleState.SCHEDULED
        return services.sending_advice(
            content=content,
            was_public=was_public,
            before=services.content_of(live) if was_public else None,
        )

    def said_before(self, article):
        """Everything that whoever sends the draft reads first, in sentences; nothing of
        what is refused anyway."""
        content = services.working_on(article).content
        if content is None or services.sending_reasons(article):
            return []
        found = wording.check(article=article, content=content)
        said = [
            _("%(place)s：“%(found)s”应为“%(right)s”")
            % {"place": hit.place, "found": hit.found, "right": hit.right}
            for hit in found.hits[:3]
        ]
        if not found.is_clean and len(found.hits) != len(said):
            said.append(_("规范用语还有未处理的"))
        return self.advice_of(article, content) + said

    @csrf_protect_m
    def check_view(self, request, pk):
        """Before sending: all that is to be said, and 送审 all the same."""
        article = self.found(request, pk)
        may_edit = self.has_change_permission(request, article)
        if request.method == "POST":
            if not may_edit:
                raise PermissionDenied
            try:
                services.send(
                    article=article,
                    by=request.user,
                    seen=request.POST.get("seen", ""),
                )
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                return HttpResponseRedirect(
                    reverse("admin:news_article_change", args=[pk])
                )
            self.log_change(request, article, str(_("送审")))
            self.message_user(request, _("已送审，等待初审。"), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:news_article_review", args=[pk]))
        working = working_of(article)
        content = working.content
        if not may_edit:
            newest = ArticleVersion.objects.newest_of(article)
            content = newest and services.content_of(newest)
        if content is None:
            raise Http404
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("送审前检查"),
            "article": article,
            "advice": self.advice_of(article, content) if may_edit else [],
            "wording": self.wording_of(request, article, content, "check"),
            "seen": working.token,
            "may_edit": may_edit,
            "may_send": may_edit and (working.draft or not working.newest),
        }
        return TemplateResponse(request, "admin/news/article/check.html", context)

    @csrf_protect_m
    def waive_view(self, request, pk):
        """Let one find stand; back to the page on which it was read."""
        article = self.found(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = WaiveForm(request.POST)
        back = "review" if request.POST.get("back") == "review" else "check"
        here = reverse(f"admin:news_article_{back}", args=[pk])
        if not form.is_valid():
            said = _("没有放行：页面内容不完整，请重新打开再试。")
            self.message_user(request, said, messages.ERROR)
            return HttpResponseRedirect(here)
        typed = form.cleaned_data
        try:
            waiver = services.waive(
                article=article,
                key=(typed["found"], typed["right"], typed["context"]),
                by=request.user,
                reason=typed["reason"],
            )
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            said = _("“%(found)s”已放行，放行人%(name)s，理由记录在案。")
            said = said % {"found": waiver.wrong, "name": waiver.by}
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(f"{here}#wording")
