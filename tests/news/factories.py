"""Real news rows for tests, made by the verbs that the back office uses."""

import io
from datetime import timedelta
from itertools import count

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from members.models import User
from news import services
from news.enums import Level
from news.models import Article, ArticleVersion, Column, Series
from news.services import Content, Credit, PhotoWords
from tests.factories import make_user

_number = count(1)


def make_column(**fields) -> Column:
    n = next(_number)
    fields.setdefault("name", f"示例栏目{n}")
    fields.setdefault("order", n)
    return services.save_column(column=Column(**fields), by=None)


def make_series(**fields) -> Series:
    fields.setdefault("title", f"示例系列{next(_number)}")
    return services.save_series(series=Series(**fields), by=None)


def make_content(**fields) -> Content:
    fields.setdefault("title", f"示例标题{next(_number)}")
    fields.setdefault("body", "<p>示例正文。</p>")
    return Content(**fields)


def make_draft(*, column=None, content=None, **fields) -> Article:
    """An article that was typed and not sent. ``fields`` of ``Content`` go into its
    text, the others into its place."""
    words = {
        name: fields.pop(name)
        for name in list(fields)
        if name in Content.__dataclass_fields__
    }
    return services.create_article(
        column=column or make_column(),
        content=content or make_content(**words),
        by=None,
        **fields,
    )


def make_sent(*, by=None, **fields) -> Article:
    """An article of one version, which waits for its first review."""
    article = make_draft(**fields)
    services.send(article=article, by=by)
    article.refresh_from_db()
    return article


def save_version(*, article, content, by=None, seen=None) -> ArticleVersion:
    """A version more, as an editor makes one: typed, and sent."""
    services.save_draft(article=article, content=content, by=by, seen=seen)
    return services.send(article=article, by=by)


def make_reviewers(column=None) -> list[User]:
    """One for each review, in this column or in all."""
    made = []
    for level in Level:
        user = make_user(is_staff=True, name=f"示例{level.label}")
        rights = [level.right, "news.view_article"]
        if column is None:
            rights.append("news.all_columns")
        names = [right.partition(".")[2] for right in rights]
        found = Permission.objects.filter(
            content_type__app_label="news", codename__in=names
        )
        user.user_permissions.set(found)
        if column is not None:
            job = str(level.stage)
            services.give_duty(column=column, user=user, job=job, by=None)
        made.append(user)
    return made


def approve(version, reviewers=None) -> ArticleVersion:
    """All three reviews, after which it is public or waits for its time; fewer, where
    there are fewer ``reviewers``."""
    for level, by in zip(Level, reviewers or make_reviewers(), strict=False):
        services.decide(version=version, level=level, outcome="approved", by=by)
    return version


def publish_newest(*, article, by=None, at=None) -> Article:
    """What was sent last is on the page, as if it came from an archive: most tests care
    for what is public and not for who read it."""
    version = ArticleVersion.objects.newest_of(article)
    if version is None:
        version = services.send(article=article, by=by)
    return services.file_version(version=version, at=at, by=by, reason="示例来历")


def make_article(*, at=None, **fields) -> Article:
    """A public article, since an hour unless ``at`` says when."""
    article = make_sent(**fields)
    at = at or timezone.now() - timedelta(hours=1)
    return publish_newest(article=article, at=at)


def make_upload(width=640, height=400, *, name="photo.jpg", kind="JPEG", **options):
    """A picture as a browser sends it."""
    mode = options.pop("mode", "RGB")
    colour = options.pop("colour", 128 if mode == "L" else (180, 20, 30))
    out = io.BytesIO()
    Image.new(mode, (width, height), colour).save(out, kind, **options)
    return SimpleUploadedFile(name, out.getvalue(), f"image/{kind.lower()}")


def make_photo(**words) -> PhotoWords:
    words.setdefault("alt", "示例画面")
    return PhotoWords(services.keep_picture(make_upload()), **words)


def reporter(name="示例·王记者") -> Credit:
    return Credit("reporter", name)
