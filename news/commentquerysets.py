"""Questions about comments. What readers see is asked here and nowhere else."""

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _

from news.enums import SHOWN, TURNED_DOWN, CommentMode, CommentState

MODERATE = "news.moderate_comment"


def _articles(queryset):
    return queryset.model._meta.get_field("article").related_model.objects


class CommentQuerySet(models.QuerySet):
    def shown(self):
        """Those that a moderator let through and nobody has taken away since. Whether
        their article and the switches let them be read is asked by who shows them."""
        return self.filter(state__in=SHOWN)

    def of_public(self):
        """Those of articles that the public reads now."""
        out = _articles(self).live().order_by().values("pk")
        return self.filter(article__in=out)

    def for_page(self):
        """Everything a page prints of each, the newest first: one query. ``likes`` is
        how many people gave their vote."""
        votes = self.model._meta.get_field("votes").related_model.objects
        given = votes.filter(comment=OuterRef("pk")).values("comment")
        number = given.annotate(n=Count("pk")).values("n")
        return (
            self.select_related("user")
            .annotate(likes=Coalesce(Subquery(number), 0))
            .order_by("-pk")
        )

    def liked_by(self, user) -> set[int]:
        """The keys of those that already have this person's vote. One query."""
        votes = self.model._meta.get_field("votes").related_model.objects
        keys = [comment.pk for comment in self]
        found = votes.filter(user=user, comment__in=keys)
        return set(found.values_list("comment", flat=True))

    def managed_by(self, user):
        """Those under articles of the columns that this person works in."""
        mine = _articles(self).managed_by(user)
        return self.filter(article__in=mine.order_by().values("pk"))

    def moderated_by(self, user):
        """Those that this person decides on: of others, in the columns they work in,
        if their role moderates."""
        if not user.has_perm(MODERATE):
            return self.none()
        columns = _articles(self).model._meta.get_field("column").related_model.objects
        mine = columns.worked_in_by(user).order_by().values("pk")
        return self.filter(article__column__in=mine).exclude(user=user)

    def pending(self):
        return self.of_public().filter(state=CommentState.PENDING)

    def flagged(self):
        return self.of_public().filter(state=CommentState.FLAGGED)

    def how_many_wait(self) -> dict[str, int]:
        """How many are ``pending`` and how many ``flagged``, in one query."""
        states = {"pending": CommentState.PENDING, "flagged": CommentState.FLAGGED}
        rows = self.of_public().order_by()
        return rows.aggregate(
            **{name: Count("pk", filter=Q(state=one)) for name, one in states.items()}
        )

    def for_desk(self):
        """What a moderator reads of each: one query. ``reports_open``: how many readers
        reported it and had no answer."""
        open_ones = Count("reports", filter=Q(reports__closed_at=None))
        return self.select_related("article__column", "user", "decided_by").annotate(
            reports_open=open_ones
        )

    def written_by(self, user):
        """This person's own, the newest first, with the article and the appeal;
        ``is_public``: whether the article can be read."""
        out = _articles(self).live().filter(pk=OuterRef("article"))
        return (
            self.filter(user=user)
            .select_related("article", "appeal")
            .annotate(is_public=Exists(out))
            .order_by("-pk")
        )

    def facts_of(self, user) -> list[dict]:
        """What is kept of somebody's comments, for their own eyes."""
        return [
            {
                _("文章"): row.article.title if row.is_public else _("原文已下线"),
                _("评论"): row.text,
                _("匿名"): row.hides_name,
                _("发表时间"): row.written_at,
                _("状态"): row.get_state_display(),
                _("原因"): row.reason,
                _("申诉"): row.appeal.text if hasattr(row, "appeal") else "",
                _("申诉答复"): row.appeal.answer if hasattr(row, "appeal") else "",
            }
            for row in self.written_by(user)
        ]

    def may_be_appealed(self):
        """Turned down, and never appealed yet."""
        return self.filter(state__in=TURNED_DOWN, appeal=None)


class CommentAppealQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)

    def answered_by(self, user):
        """Open ones that this person may answer: a moderator of the column who did not
        turn the comment down themselves."""
        comments = self.model._meta.get_field("comment").related_model.objects
        mine = comments.moderated_by(user).of_public()
        mine = mine.filter(Q(decided_by=None) | ~Q(decided_by=user))
        return self.open().filter(comment__in=mine.order_by().values("pk"))


class CommentVoteQuerySet(models.QuerySet):
    def facts_of(self, user) -> list[dict]:
        """The comments of others that somebody gave their vote, without their words."""
        rows = self.filter(user=user).order_by("pk")
        return [
            {_("评论编号"): row.comment_id, _("时间"): row.at}
            for row in rows.only("comment", "at")
        ]


class CommentReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def facts_of(self, user) -> list[dict]:
        return [
            {
                _("评论编号"): row.comment_id,
                _("原因"): row.get_kind_display(),
                _("说明"): row.note,
                _("举报时间"): row.at,
                _("处理时间"): row.closed_at,
            }
            for row in self.filter(user=user).order_by("pk")
        ]


class CommentSwitchQuerySet(models.QuerySet):
    def mode_of(self, article_id: int) -> CommentMode:
        """What holds for the comments of an article: the stricter of its own switch and
        of that for all. One query."""
        rows = self.filter(Q(article=None) | Q(article=article_id))
        return CommentMode.strictest(rows.values_list("mode", flat=True))

    def of_all(self):
        """The switch of all articles, or None where nobody ever touched it."""
        return self.filter(article=None).select_related("changed_by").first()

    def for_desk(self, user, most: int):
        """(the switch of all articles or None, up to ``most`` of articles of theirs whose
        comments are not simply open, the latest first); one query."""
        mine = self.model._meta.get_field("article").related_model.objects
        turned = Q(article__in=mine.managed_by(user).order_by().values("pk"))
        rows = list(
            self.filter(Q(article=None) | turned & ~Q(mode=CommentMode.OPEN))
            .select_related("article", "changed_by")
            .order_by(IsNull(F("article"), True).desc(), "-changed_at")[: most + 1]
        )
        if rows and rows[0].article_id is None:
            return rows[0], rows[1:]
        return None, rows[:most]


class CommentWordQuerySet(models.QuerySet):
    def folded(self) -> list[tuple[str, str]]:
        """(as it is compared, as it was typed) of every word. One query."""
        return list(self.order_by("pk").values_list("folded", "word"))
