"""The pages of a review: an article as readers will see it, what changed in it, what was
decided so far; and the few deeds on its way, each asked once."""

from django.contrib import messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from common.errors import Reason, Refusal
from news import services
from news.cards import attached, decided_in_words, history_of, standing_in_words
from news.comparison import compare
from news.enums import LEVEL_OF, ArticleState, ColumnJob, Level, Outcome
from news.forms import ReasonForm
from news.models import ArticlePhoto, ArticleVersion


def _number(text) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_number else None


class ReviewPages:
    """For ``ArticleAdmin``: whoever works in the column reads; the verb asks the rest."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        pages = {
            "review": self.review_view,
            "compare": self.compare_view,
            "claim": self.claim_view,
            "recall": self.recall_view,
            "withdraw": self.withdraw_view,
            "publish": self.publish_view,
            "urgent": self.urgent_view,
            "discard": self.discard_view,
        }
        return [
            *(
                path(f"<int:pk>/{name}/", wrap(view), name=f"news_article_{name}")
                for name, view in pages.items()
            ),
            *super().get_urls(),
        ]

    def found(self, request, pk):
        """The article, if the asker works in its column."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    # --- reading ------------------------------------------------------------------------

    @csrf_protect_m
    def review_view(self, request, pk):
        article = self.found(request, pk)
        versions = ArticleVersion.objects.with_parts()
        version = versions.newest_of(article)
        if version is None:
            return HttpResponseRedirect(reverse("news:article-preview", args=[pk]))
        errors, reason = [], ""
        if request.method == "POST":
            reason = request.POST.get("reason", "")
            try:
                return self.decide(request, article, reason)
            except Refusal as refusal:
                errors = refusal.reasons
                article = self.found(request, pk)
        level = LEVEL_OF.get(article.stage)
        refused = []
        if level:
            refused = services.decision_reasons(
                article=article, version=version, level=level, reviewer=request.user
            )
        before = self.read_before(article, version)
        content = services.content_of(version)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("审阅《%(title)s》") % {"title": version.title},
            "article": article,
            "version": version,
            "photos": [
                photo
                for photo in (ArticlePhoto(**row) for row in version.photo_rows)
                if not photo.is_placed
            ],
            **attached(version),
            "bylines": [line.in_words for line in content.bylines],
            "note": [line for line in version.editor_note.splitlines() if line.strip()],
            "standing": standing_in_words(article),
            "level": level,
            "refused": refused,
            "errors": errors,
            "reason": reason,
            "decisions": [
                (one, decided_in_words(one))
                for one in version.decisions.select_related("reviewer")
            ],
            "levels": self.levels(article, version),
            "before": before,
            "comparison": before and compare(services.content_of(before), content),
            "claim": self.claim_of(article, request.user),
            "may_edit": self.has_change_permission(request, article),
            "may_release": bool(level)
            and not services.urgent_reasons(
                article=article, version=version, approver=request.user
            ),
            "may_publish": self.has_publish_permission(request),
            "is_urgent": article in self.model.objects.released_unread(),
            "may_decide": bool(level) and not refused,
            "wording": self.wording_of(request, article, content, "review"),
        }
        return TemplateResponse(request, "admin/news/article/review.html", context)

    def levels(self, article, version):
        """(level, the decision or None, whether it is its turn) for the three."""
        given = {one.level: one for one in version.decisions.all()}
        turn = LEVEL_OF.get(article.stage)
        return [(level, given.get(level), level == turn) for level in Level]

    def read_before(self, article, version):
        """What three people approved last; where there is none, the version before."""
        if article.live_version_id and article.live_version_id != version.pk:
            return article.live_version
        return article.versions.filter(number__lt=version.number).last()

    def claim_of(self, article, user):
        held = getattr(article, "claim", None)
        if not services.is_claimed(held):
            return None
        return {"held": held, "is_mine": held.user_id == user.pk}

    def decide(self, request, article, reason):
        version = get_object_or_404(
            article.versions, pk=_number(request.POST.get("version", ""))
        )
        if request.POST.get("sha256") != version.sha256:
            raise Refusal(Reason("stale", _("页面已过期，请重新打开再审")))
        level = _number(request.POST.get("level", ""))
        outcome = request.POST.get("outcome")
        if level not in list(Level) or outcome not in Outcome.values:
            raise Refusal(Reason("unknown", _("请用页面上的按钮审核")))
        services.decide(
            version=version,
            level=level,
            outcome=outcome,
            by=request.user,
            reason=reason,
        )
        said = Level(level).label + Outcome(outcome).label
        self.log_change(request, article, str(said))
        text = _("《%(title)s》已记为%(said)s。")
        said = {"title": version.title, "said": said}
        self.message_user(request, text % said, messages.SUCCESS)
        here = reverse("admin:news_article_changelist")
        return HttpResponseRedirect(f"{here}?stage=mine")

    def compare_view(self, request, pk):
        """Two versions side by side; without numbers the newest and the one that was
        approved or sent before it."""
        article = self.found(request, pk)
        new = self.chosen(article, request.GET.get("new"))
        new = new or ArticleVersion.objects.newest_of(article)
        if new is None:
            raise Http404
        old = self.chosen(article, request.GET.get("old"))
        old = old or self.read_before(article, new)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("比较版本"),
            "article": article,
            "old": old,
            "new": new,
            "versions": article.versions.defer("body").order_by("-number")[:100],
            "comparison": old
            and compare(services.content_of(old), services.content_of(new)),
        }
        return TemplateResponse(request, "admin/news/article/compare.html", context)

    def chosen(self, article, typed):
        if typed is None:
            return None
        return get_object_or_404(article.versions, number=_number(typed))

    def history_view(self, request, object_id, extra_context=None):
        """Everything that happened to an article, in sentences."""
        article = self.get_object(request, object_id)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("《%(title)s》的经过") % {"title": article},
            "article": article,
            "lines": history_of(article),
        }
        return TemplateResponse(request, "admin/news/article/history.html", context)

    @csrf_protect_m
    def claim_view(self, request, pk):
        """Says that the asker is looking at it; sent by the page itself where scripts
        run, by a button where they do not."""
        article = self.found(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.works_in(request, article, *set(ColumnJob) - {ColumnJob.EDIT}):
            raise PermissionDenied
        held = services.claim(article=article, user=request.user)
        if "json" in request.headers.get("Accept", ""):
            return JsonResponse({"name": str(held.user)})
        return HttpResponseRedirect(reverse("admin:news_article_review", args=[pk]))

    # --- deeds that are asked once ----------------------------------------------------

    def ask(self, request, article, *, title, words, act, done, with_reason=True):
        """A page with one button: GET asks, POST acts and says so."""
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            form.is_valid()
            try:
                leads = act(form.cleaned_data.get("reason", ""))
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                if article.pk:
                    self.log_change(request, article, str(title))
                self.message_user(request, done, messages.SUCCESS)
                back = reverse("admin:news_article_review", args=[article.pk or 0])
                return HttpResponseRedirect(leads or back)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": title,
            "article": article,
            "words": words,
            "form": form,
            "with_reason": with_reason,
        }
        return TemplateResponse(request, "admin/news/article/ask.html", context)

    @csrf_protect_m
    def withdraw_view(self, request, pk):
        article = self.found(request, pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        title, done = _("撤稿"), _("已撤稿。")
        words = _(
            "要撤下《%(title)s》吗？公众将立即看不到这篇文章和其中的照片，"
            "原网址显示“该文章已撤下”。以后可以重新发布。"
        )
        if article.state == ArticleState.SCHEDULED:
            title, done = _("取消定时发布"), _("已取消定时发布。")
            words = _(
                "要取消《%(title)s》的定时发布吗？到时它不会公开；"
                "以后可以另定时间或直接发布。"
            )

        def act(reason):
            services.withdraw(article=article, by=request.user, reason=reason)

        words = words % {"title": article}
        return self.ask(request, article, title=title, words=words, act=act, done=done)

    @csrf_protect_m
    def publish_view(self, request, pk):
        """What was withdrawn is on the page again, what waits for its time at once."""
        article = self.found(request, pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        words = _("《%(title)s》将立即公开，公众看到的是已审定的第%(n)d版。")
        live = article.live_version

        def act(reason):
            services.publish_now(article=article, by=request.user)

        return self.ask(
            request,
            article,
            title=_("立即发布"),
            words=words % {"title": article, "n": live.number if live else 0},
            act=act,
            done=_("已发布。"),
            with_reason=False,
        )

    @csrf_protect_m
    def recall_view(self, request, pk):
        article = self.found(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied

        def act(reason):
            services.recall(article=article, by=request.user, reason=reason)
            return reverse("admin:news_article_change", args=[pk])

        return self.ask(
            request,
            article,
            title=_("撤回送审"),
            words=_("审核人将不再看到《%(title)s》。修改后再送，从初审开始。")
            % {"title": article},
            act=act,
            done=_("已撤回送审。"),
        )

    @csrf_protect_m
    def urgent_view(self, request, pk):
        article = self.found(request, pk)
        if not request.user.has_perm("news.publish_urgently"):
            raise PermissionDenied
        version = article.review_version
        over = [str(_("三审"))]
        if version is not None:
            over = services.passed_over(article=article, version=version)

        def act(reason):
            if version is None:
                raise Refusal(
                    Reason("not_under_review", _("只有正在审核的版本才能紧急发布"))
                )
            services.release_urgently(version=version, by=request.user, reason=reason)

        return self.ask(
            request,
            article,
            title=_("批准紧急发布"),
            words=_(
                "《%(title)s》将立即公开，不等：%(over)s。您的姓名、原因和所缺的"
                "环节记录在案，事后仍须补齐。"
            )
            % {"title": article, "over": "、".join(over)},
            act=act,
            done=_("已紧急发布，三审待补。"),
        )

    @csrf_protect_m
    def discard_view(self, request, pk):
        article = self.found(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied

        def act(reason):
            is_gone = services.discard_draft(article=article, by=request.user)
            page = "changelist" if is_gone else "change"
            if is_gone:
                article.pk = None
            args = [] if is_gone else [pk]
            return reverse(f"admin:news_article_{page}", args=args)

        return self.ask(
            request,
            article,
            title=_("丢弃草稿"),
            words=_("《%(title)s》未送审的内容将被删除，不能找回。")
            % {"title": article},
            act=act,
            done=_("草稿已丢弃。"),
            with_reason=False,
        )
