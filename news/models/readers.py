"""How many people read an article. Who they are is nowhere: a day's marks are thrown
away with the key that made them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from news.models.articles import Article
from news.querysets import ArticleReadersQuerySet


class ReadingDay(models.Model):
    """The secret of one day, without which its marks lead to nobody."""

    day = models.DateField(primary_key=True)
    secret = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("阅读统计日")

    def __str__(self):
        return str(self.day)


class ReaderMark(models.Model):
    """The mark of one reader of one article, kept while the day lasts, and in no log or
    archive of the database: its table and that of the secrets are unlogged (0015)."""

    day = models.DateField()
    # what is public is asked in the statement that inserts: no look-up for each row
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    mark = models.UUIDField()

    class Meta:
        verbose_name = verbose_name_plural = _("当日读者")
        constraints = [
            models.UniqueConstraint(
                name="news_readermark_once", fields=["day", "article", "mark"]
            )
        ]

    def __str__(self):
        return f"{self.day} {str(self.mark)[:4]}"


class ReadersOfDay(models.Model):
    """How many read an article on one day."""

    day = models.DateField()
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="readers_of_day"
    )
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("每日阅读")
        constraints = [
            models.UniqueConstraint(
                name="news_readersofday_once", fields=["article", "day"]
            )
        ]
        indexes = [models.Index(name="news_readersofday_day", fields=["day"])]

    def __str__(self):
        return f"{self.day} {self.number}"


class ArticleReaders(models.Model):
    """How often an article was read in all, once a reader and day."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="readers", primary_key=True
    )
    number = models.PositiveIntegerField()

    objects = ArticleReadersQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("阅读数")

    def __str__(self):
        return str(self.number)


class Ranked(models.Model):
    """An article's place among the most read of the last ``days`` days, as it was
    counted last: so many rows as lists print, and a few to spare."""

    days = models.PositiveSmallIntegerField()
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="ranked"
    )
    number = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    place_in_column = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("点击排行")
        constraints = [
            models.UniqueConstraint(
                name="news_ranked_once", fields=["article", "days"]
            ),
            models.CheckConstraint(
                name="news_ranked_days", condition=models.Q(days__in=[7, 30])
            ),
        ]

    def __str__(self):
        return f"{self.days} {self.number}"
