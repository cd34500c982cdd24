"""Many articles at once: each goes or stays for itself, and the answer names both."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from common.errors import Reason, Refusal
from common.letters import is_key
from news import services
from news.enums import LEVEL_OF, ColumnJob, Outcome
from news.models import ArticleVersion, WordingWaiver


class ArticleActions:
    """The actions of the list. The rows are those of ``get_queryset``: a foreign
    column's article is not among them, whatever was posted."""

    actions = ["send_chosen", "approve_chosen", "return_chosen", "withdraw_chosen"]

    def has_send_permission(self, request):
        return request.user.has_perm(ColumnJob.EDIT.right)

    def has_decide_permission(self, request):
        return any(request.user.has_perm(level.right) for level in LEVEL_OF.values())

    def one_by_one(self, request, rows, act, done_text):
        """``act`` for each; one message names those that went, one each says why
        another did not."""
        went = []
        for row in rows:
            try:
                act(row)
            except Refusal as refusal:
                said = _("《%(title)s》没有办：%(why)s") % {
                    "title": row,
                    "why": refusal,
                }
                self.message_user(request, said, messages.ERROR)
            else:
                went.append(_("《%(title)s》") % {"title": row})
        if went:
            said = done_text % {"n": len(went), "titles": "".join(map(str, went))}
            self.message_user(request, said, messages.SUCCESS)

    @admin.action(description=_("送审所选稿件"), permissions=["send"])
    def send_chosen(self, request, queryset):
        """Where there is something to be said before sending, it is said first."""
        rows = list(queryset)
        if "is_sure" not in request.POST:
            said = {article.pk: self.said_before(article) for article in rows}
            if any(said.values()):
                return self.ask_first(
                    request,
                    [_Seen(article, said[article.pk]) for article in rows],
                    title=_("送审所选稿件"),
                    consequence=_("送审前请看过下列提醒；规范用语须在终审前处理完。"),
                    confirm=_("就这样送审"),
                    leave=_("返回"),
                )

        def send(article):
            services.send(article=article, by=request.user)

        self.one_by_one(request, rows, send, _("已送审%(n)d篇：%(titles)s"))
        return None

    @admin.action(description=_("通过所选稿件"), permissions=["decide"])
    def approve_chosen(self, request, queryset):
        """What is decided about are the words that stood behind the question: a version
        that came between the question and the answer is refused."""
        rows = list(queryset)
        if "is_sure" not in request.POST:
            return self.ask_first(
                request,
                _seen(rows),
                title=_("通过所选稿件"),
                consequence=_(
                    "确认已经读过下列稿件的送审版本，逐篇记为您的审核意见“通过”。"
                ),
                confirm=_("通过"),
                leave=_("返回"),
                kept=[(f"seen-{a.pk}", a.review_version_id or "") for a in rows],
            )

        def approve(article):
            seen = request.POST.get(f"seen-{article.pk}", "")
            self.decide_row(request, article, seen, Outcome.APPROVED, "")

        self.one_by_one(request, rows, approve, _("已通过%(n)d篇：%(titles)s"))
        return None

    @admin.action(description=_("退改所选稿件"), permissions=["decide"])
    def return_chosen(self, request, queryset):
        rows = list(queryset)
        reason = request.POST.get("reason", "").strip()
        if "is_sure" not in request.POST or not reason:
            return self.ask_first(
                request,
                _seen(rows),
                title=_("退改所选稿件"),
                consequence=_("下列稿件退给编辑修改，再次送审从初审开始。"),
                label=_("意见"),
                error=_("请填写意见") if "is_sure" in request.POST else "",
                confirm=_("退改"),
                leave=_("返回"),
                kept=[(f"seen-{a.pk}", a.review_version_id or "") for a in rows],
            )

        def give_back(article):
            seen = request.POST.get(f"seen-{article.pk}", "")
            self.decide_row(request, article, seen, Outcome.RETURNED, reason)

        self.one_by_one(request, rows, give_back, _("已退改%(n)d篇：%(titles)s"))
        return None

    def decide_row(self, request, article, seen, outcome, reason):
        version = None
        if is_key(seen):
            version = ArticleVersion.objects.filter(article=article, pk=seen).first()
        level = LEVEL_OF.get(article.stage)
        if version is None or level is None:
            raise Refusal(Reason("not_under_review", _("不在审核中")))
        services.decide(
            version=version,
            level=level,
            outcome=outcome,
            by=request.user,
            reason=reason,
        )

    @admin.action(description=_("撤稿所选文章"), permissions=["publish"])
    def withdraw_chosen(self, request, queryset):
        reason = request.POST.get("reason", "").strip()
        if "is_sure" not in request.POST or not reason:
            return self.ask_first(
                request,
                list(queryset),
                title=_("撤稿所选文章"),
                consequence=_("公众将立即看不到下列文章和其中的照片。"),
                label=_("原因"),
                error=_("请填写原因") if "is_sure" in request.POST else "",
                confirm=_("撤稿"),
                leave=_("返回"),
            )

        def withdraw(article):
            services.withdraw(article=article, by=request.user, reason=reason)

        self.one_by_one(request, queryset, withdraw, _("已撤稿%(n)d篇：%(titles)s"))
        return None


def _seen(articles):
    """Articles as the question names them; with what somebody let stand in them, which
    a final review is to know. One query."""
    waivers = WordingWaiver.objects.filter(article__in=articles).select_related("by")
    given = {}
    for waiver in waivers:
        said = _("“%(found)s”由%(name)s放行：%(reason)s") % {
            "found": waiver.wrong,
            "name": waiver.by,
            "reason": waiver.reason,
        }
        given.setdefault(waiver.article_id, []).append(said)
    return [_Seen(article, given.get(article.pk, [])) for article in articles]


class _Seen:
    """An article in the question before an action, with what it is about."""

    def __init__(self, article, waived):
        self.pk = article.pk
        self.in_words = _("%(title)s（%(column)s，%(stage)s）") % {
            "title": article.title,
            "column": article.column,
            "stage": article.get_stage_display(),
        }
        if waived:
            self.in_words += "；" + "；".join(waived)
