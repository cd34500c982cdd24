"""Comments in the back office: what waits, what readers reported, appeals, the switches,
and the list of words. Whose they are was decided by ``moderated_by``; rules live in
services."""

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from common.admin import ReadOnly
from common.errors import Refusal
from common.letters import is_key
from common.modeladmin import PortalModelAdmin
from members import phones
from news.commentquerysets import MODERATE
from news.enums import SHOWN, CommentMode, CommentState
from news.models import (
    Article,
    Comment,
    CommentAppeal,
    CommentSwitch,
    CommentWord,
)
from news.services import commentwords, moderating

PAGE = 50  # comments of each kind on the desk
MOST_ARTICLES = 50  # whose comments are not simply open


@admin.register(Comment)
class CommentAdmin(ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    is_audit = False
    list_display = ["words", "article", "user", "state", "written_at"]
    list_display_links = None
    list_filter = ["state", "written_at"]
    list_select_related = ["article", "user"]
    search_fields = ["text", "article__title"]
    fields = [
        *("article", "text", "user", "hides_name", "written_at", "state"),
        *("state_at", "decided_by", "decided_at", "reason"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    @admin.display(description=_("评论"))
    def words(self, comment):
        at = self._at("work", comment.pk)
        said = Truncator(comment.text).chars(40) or _("（已清除）")
        return format_html('<a href="{}">{}</a>', at, said)

    def get_urls(self):
        own = self._job_urls(
            ("desk/", self.desk_view, "desk"),
            ("switch/", self.switch_view, "switch"),
            ("articles/<int:pk>/", self.article_view, "article"),
            ("<int:pk>/work/", self.work_view, "work"),
        )
        return [*own, *super().get_urls()]

    def _page(self, request, template, **context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "above": [(_("评论审核"), self._at("desk"))],
            **context,
        }
        return TemplateResponse(request, f"admin/news/comment/{template}.html", context)

    # --- what waits

    @csrf_protect_m
    def desk_view(self, request):
        """What waits for this person, ticked and decided together, row by row."""
        user = request.user
        if not user.has_perm(MODERATE):
            raise PermissionDenied
        problems = []
        if request.method == "POST":
            problems = self._decide_many(request)
            if not problems:
                return HttpResponseRedirect(self._at("desk"))
        mine = Comment.objects.moderated_by(user)
        words = CommentWord.objects.folded()
        waits = mine.how_many_wait()
        pending = _page_of(mine.pending(), request, "p", waits["pending"])
        flagged = _page_of(mine.flagged(), request, "f", waits["flagged"])
        switch, turned = CommentSwitch.objects.for_desk(user, MOST_ARTICLES)
        for comment in [*pending, *flagged]:
            _dress(comment, words)
        appeals = CommentAppeal.objects.answered_by(user).select_related(
            "comment__article"
        )
        return self._page(
            request,
            "desk",
            title=_("评论审核"),
            above=[],
            pending=pending,
            flagged=flagged,
            appeals=list(appeals.order_by("asked_at", "pk")[:PAGE]),
            problems=problems,
            ticked=_keys(request),
            typed=request.POST.get("reason", ""),
            switch=switch,
            turned=turned,
            alone=list(moderating.moderated_alone(user)),
            may_close=user.has_perm(moderating.CLOSE),
            may_see_words=user.has_perm("news.view_commentword"),
        )

    def _decide_many(self, request):
        """Do what was asked to each that is ticked; the sentences of what was not done."""
        user, reason = request.user, request.POST.get("reason", "")
        verbs = {
            "approve": (
                moderating.approve_comment,
                {"knows_words": False},
                _("已通过%(n)d条。"),
            ),
            "refuse": (
                moderating.refuse_comment,
                {"reason": reason},
                _("%(n)d条不予通过。"),
            ),
            "keep": (moderating.keep_comment, {}, _("%(n)d条予以保留。")),
            "hide": (
                moderating.hide_comment,
                {"reason": reason},
                _("已撤下%(n)d条。"),
            ),
        }
        verb, facts, said = verbs.get(request.POST.get("do", ""), (None, {}, ""))
        keys = _keys(request)[:PAGE]
        rows = Comment.objects.moderated_by(user).filter(pk__in=keys)
        chosen = list(rows.order_by("written_at", "pk"))
        if verb is None or not chosen:
            return [_("请先勾选评论。")]
        done, refused = moderating.each(chosen, verb, by=user, **facts)
        if done:
            self.message_user(request, said % {"n": done}, messages.SUCCESS)
        told = [
            _("“%(words)s”：%(why)s")
            % {"words": Truncator(comment.text).chars(15), "why": refusal}
            for comment, refusal in refused
        ]
        # one sentence where the same is wrong with all of them
        if refused and len({str(refusal) for _c, refusal in refused}) == 1 and not done:
            told = [str(refused[0][1])]
        return told

    # --- one comment

    @csrf_protect_m
    def work_view(self, request, pk):
        """One comment: its words with those of the list marked, who wrote it, what
        readers reported, the appeal, and what this person may do."""
        comment = self._comment(request, pk)
        problems = []
        if request.method == "POST":
            if not request.user.has_perm(MODERATE):
                raise PermissionDenied
            try:
                said = self._act(request, comment)
            except Refusal as refusal:
                problems = [str(reason) for reason in refusal.reasons]
                comment = self._comment(request, pk)
            else:
                if said:
                    self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(self._at("work", pk))
        _dress(comment, CommentWord.objects.folded())
        user = request.user
        is_theirs = (
            moderating.may_moderate(user, comment.article)
            and comment.user_id != user.pk
        )
        appeal = getattr(comment, "appeal", None)
        is_asked = appeal is not None and appeal.answered_at is None
        return self._page(
            request,
            "work",
            title=_("评论"),
            comment=comment,
            reports=comment.reports.select_related("user"),
            appeal=appeal,
            problems=problems,
            typed=request.POST.get("reason", ""),
            may_decide=is_theirs and comment.state == CommentState.PENDING,
            may_keep=is_theirs and comment.state == CommentState.FLAGGED,
            may_hide=is_theirs and comment.state in SHOWN,
            may_answer=is_theirs and is_asked and comment.decided_by_id != user.pk,
            awaits_other=is_theirs and is_asked and comment.decided_by_id == user.pk,
        )

    def _comment(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).for_desk().select_related("appeal")
        return get_object_or_404(rows, pk=pk)

    @staticmethod
    def _act(request, comment):
        by, reason = request.user, request.POST.get("reason", "")
        do = request.POST.get("do", "")
        if do == "approve":
            moderating.approve_comment(comment=comment, by=by)
            return _("已通过，读者现在可以看到。")
        if do == "refuse":
            moderating.refuse_comment(comment=comment, by=by, reason=reason)
            return _("不予通过，已告知作者。")
        if do == "keep":
            moderating.keep_comment(comment=comment, by=by)
            return _("予以保留，已告知举报人。")
        if do == "hide":
            moderating.hide_comment(comment=comment, by=by, reason=reason)
            return _("已撤下，已告知作者。")
        if do in ("uphold", "dismiss"):
            appeal = get_object_or_404(CommentAppeal, comment=comment)
            moderating.answer_appeal(
                appeal=appeal, is_upheld=do == "uphold", answer=reason, by=by
            )
            return _("已答复，已告知作者。")
        return ""

    # --- switches

    @csrf_protect_m
    def switch_view(self, request):
        """Comments of the whole site: open, closed, off."""
        if not request.user.has_perm(moderating.CLOSE):
            raise PermissionDenied
        return self._switch(request, None, CommentSwitch.objects.of_all())

    @csrf_protect_m
    def article_view(self, request, pk):
        """Comments of one article."""
        if not request.user.has_perm(MODERATE):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.managed_by(request.user), pk=pk)
        if not moderating.may_moderate(request.user, article):
            raise Http404
        switch = CommentSwitch.objects.filter(article=article)
        return self._switch(
            request, article, switch.select_related("changed_by").first()
        )

    def _switch(self, request, article, switch):
        problems, typed = [], request.POST
        if request.method == "POST":
            mode = typed.get("mode", "")
            if mode not in CommentMode.values:
                problems = [_("请选择评论的开关。")]
            else:
                try:
                    moderating.set_comments(
                        article=article,
                        mode=mode,
                        note=typed.get("note", ""),
                        by=request.user,
                    )
                except Refusal as refusal:
                    problems = [str(reason) for reason in refusal.reasons]
                else:
                    self.message_user(request, _("已生效。"), messages.SUCCESS)
                    return HttpResponseRedirect(request.path)
        now = switch.mode if switch else CommentMode.OPEN
        return self._page(
            request,
            "switch",
            title=_("本文的评论") if article else _("全站评论"),
            article=article,
            switch=switch,
            modes=CommentMode.choices,
            chosen=typed.get("mode", now),
            note=typed.get("note", switch.note if switch else ""),
            problems=problems,
        )


@admin.register(CommentWord)
class CommentWordAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["word", "note", "created_at"]
    search_fields = ["word", "note"]
    fields = ["word", "note"]

    def save_model(self, request, obj, form, change):
        commentwords.save_word(word=obj, by=request.user)

    def delete_model(self, request, obj):
        commentwords.remove_word(word=obj, by=request.user)

    def get_actions(self, request):
        return {}


def _dress(comment, words) -> None:
    """What the moderator reads beside the words: ``hits`` of the list, ``writer``."""
    comment.hits = commentwords.found_in(comment.text, words)
    author = comment.user
    comment.writer = str(author) if author else _("已注销账号")
    comment.last4 = phones.masked(author.phone_last4) if author else ""


def _page_of(rows, request, name, number):
    """``number``: how many there are."""
    pages = Paginator(rows.for_desk().order_by("written_at", "pk"), PAGE)
    pages.count = number
    return pages.get_page(request.GET.get(name, 1))


def _keys(request) -> list[int]:
    typed = request.POST.getlist("comment")
    return [int(key) for key in typed if is_key(key)]
