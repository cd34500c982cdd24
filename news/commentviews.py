"""Comments: read, written, voted for, reported; and one's own."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from common import pagecache
from common.errors import Refusal
from common.publicpages import PublicPage
from news import commentpieces, pieces
from news.commentforms import AppealForm, CommentForm, ReportForm
from news.enums import SHOWN, CommentMode
from news.models import Article, Comment, CommentSwitch
from news.services import comments

MINE = "news:my-comments"
PAGE = 20


class CommentsView(View):
    """Every comment under an article, page by page; its POST hands one in."""

    public_page = PublicPage(("page",))

    def get(self, request, pk, form=None):
        article = self._article(request, pk)
        if article is None:
            response = render(request, "news/article_gone.html", status=410)
            add_never_cache_headers(response)
            return response
        page = request.GET.get("page", 1)
        context = {
            "article": article,
            "section": commentpieces.section(request, article, page=page, form=form),
            "crumbs": [
                (_("新闻"), reverse("news:article-list")),
                (article.title, article.get_absolute_url()),
                (_("评论"), ""),
            ],
        }
        return TemplateResponse(request, "news/comments.html", context)

    def post(self, request, pk):
        address = reverse("news:comments", args=[pk])
        if not request.user.is_authenticated:
            return redirect_to_login(address)
        article = get_object_or_404(Article.objects.live(), pk=pk)
        form = CommentForm(request.POST)
        if form.is_valid():
            try:
                comments.write_comment(
                    article=article, by=request.user, **form.cleaned_data
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                said = _("评论已提交，审核后显示，结果会发消息告诉您。")
                messages.success(request, said)
                return redirect(address)
        return self.get(request, pk, form)

    @staticmethod
    def _article(request, pk):
        """The article that the public reads; None for one that was withdrawn."""
        try:
            return pieces.public_article(pagecache.moment_of(request), pk)
        except Article.DoesNotExist:
            withdrawn = Article.objects.filter(pk=pk, withdrawn_at__isnull=False)
            if withdrawn.exists():
                return None
            raise Http404 from None


def _shown(pk):
    """A comment that readers have before them. 404 for any other, whoever asks."""
    rows = Comment.objects.shown().of_public().select_related("article", "user")
    comment = get_object_or_404(rows, pk=pk)
    if CommentSwitch.objects.mode_of(comment.article_id) == CommentMode.OFF:
        raise Http404
    return comment


def _place(request, comment):
    """Where the button stood: under the article, or on a page of all comments."""
    back = request.POST.get("back", "")
    at = f"#comment-{comment.pk}"
    if back.isascii() and back.isdigit() and len(back) < 9:
        address = reverse("news:comments", args=[comment.article_id])
        return f"{address}?page={back}{at}"
    return comment.article.get_absolute_url() + at


class VoteView(LoginRequiredMixin, View):
    """赞, and taking it back."""

    http_method_names = ["get", "head", "post"]

    def get(self, request, pk):
        return redirect(_place(request, _shown(pk)))

    def post(self, request, pk):
        comment = _shown(pk)
        gives = request.POST.get("do") != "back"
        verb = comments.like_comment if gives else comments.unlike_comment
        try:
            verb(comment=comment, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(_place(request, comment))


class ReportView(LoginRequiredMixin, View):
    """举报 of what somebody else said."""

    http_method_names = ["get", "head", "post"]

    def get(self, request, pk, form=None):
        comment = _shown(pk)
        context = {
            "comment": comment,
            "who": commentpieces.who(comment),
            "form": form or ReportForm(),
            "crumbs": [
                (_("新闻"), reverse("news:article-list")),
                (comment.article.title, comment.article.get_absolute_url()),
                (_("举报评论"), ""),
            ],
        }
        return TemplateResponse(request, "news/comment_report.html", context)

    def post(self, request, pk):
        comment = _shown(pk)
        form = ReportForm(request.POST)
        if form.is_valid():
            try:
                comments.report_comment(
                    comment=comment, by=request.user, **form.cleaned_data
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                messages.success(request, _("已收到举报，处理后会发消息告诉您。"))
                return redirect("news:comments", comment.article_id)
        return self.get(request, pk, form)


class MyCommentsView(LoginRequiredMixin, View):
    """我的评论: every one of one's own, where it stands and why."""

    http_method_names = ["get", "head"]

    def get(self, request):
        rows = Comment.objects.written_by(request.user).exclude(text="")
        rows = rows.exclude(state="deleted")
        pages = Paginator(rows, PAGE).get_page(request.GET.get("page", 1))
        appealable = set(rows.may_be_appealed().values_list("pk", flat=True))
        for comment in pages:
            comment.may_appeal = comment.pk in appealable
            comment.is_shown = comment.state in SHOWN
            # that somebody reported it is not for its author
            comment.said = (
                _("已显示") if comment.is_shown else comment.get_state_display()
            )
            comment.asked = getattr(comment, "appeal", None)
        context = {
            "page_obj": pages,
            "crumbs": [(_("我的"), reverse("my")), (_("我的评论"), "")],
        }
        return TemplateResponse(request, "news/my_comments.html", context)


class _OfMine(LoginRequiredMixin, View):
    """A verb on a comment of one's own. Any other is 404."""

    http_method_names = ["get", "head", "post"]
    crumb = ""
    template = ""

    def own(self, pk):
        rows = Comment.objects.written_by(self.request.user).exclude(state="deleted")
        return get_object_or_404(rows, pk=pk)

    def show(self, comment, **more):
        context = {
            "comment": comment,
            "crumbs": [
                (_("我的"), reverse("my")),
                (_("我的评论"), reverse(MINE)),
                (self.crumb, ""),
            ],
            **more,
        }
        return TemplateResponse(self.request, self.template, context)


class DeleteView(_OfMine):
    """Says the consequence; its POST takes the comment back."""

    crumb = gettext_lazy("删除评论")
    template = "news/comment_delete.html"

    def get(self, request, pk):
        return self.show(self.own(pk))

    def post(self, request, pk):
        comment = get_object_or_404(Comment, pk=pk, user=request.user)
        comments.delete_comment(comment=comment, by=request.user)
        messages.success(request, _("评论已删除。"))
        return redirect(MINE)


class AppealView(_OfMine):
    """申诉 against what a moderator decided."""

    crumb = gettext_lazy("申诉")
    template = "news/comment_appeal.html"

    def get(self, request, pk, form=None):
        return self.show(self.own(pk), form=form or AppealForm())

    def post(self, request, pk):
        comment = self.own(pk)
        form = AppealForm(request.POST)
        if form.is_valid():
            try:
                comments.appeal(comment=comment, by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                if refusal.codes == {"already_appealed"}:
                    messages.error(request, str(refusal))
                    return redirect(MINE)
                refusal.show_in(form)
            else:
                said = _("申诉已提交，由另一位审核人员答复，结果会发消息告诉您。")
                messages.success(request, said)
                return redirect(MINE)
        return self.get(request, pk, form)
