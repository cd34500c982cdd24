"""Real news rows for tests, made by the verbs that the back office uses."""

import io
from datetime import timedelta
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from news import services
from news.models import Article, ArticleVersion, Column, Series
from news.services import Content, Credit, PhotoWords

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
    """``fields`` of ``Content`` go into its text, the others into its place."""
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


def publish_newest(*, article, by=None, at=None) -> Article:
    """Publish what was saved last, as somebody who has just looked at it."""
    version = ArticleVersion.objects.newest_of(article)
    return services.publish(article=article, version=version, by=by, at=at)


def make_article(*, at=None, **fields) -> Article:
    """A public article, since an hour unless ``at`` says when."""
    article = make_draft(**fields)
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
