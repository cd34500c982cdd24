"""What an editor types, as the pages of the back office would send it."""

from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import ArticleVersion
from tests.factories import make_user

ADD = "/admin/news/article/add/"
EVIL = '"><script>alert(1)</script>'


def with_rights(*names):
    """Somebody with these rights, in all columns."""
    user = make_user(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="news", codename__in=[*names, "all_columns"]
        )
    )
    return user


WRITES = ("view_article", "add_article", "change_article", "view_column", "view_series")


def typed(column, *, bylines=(), photos=(), files=(), videos=(), **words):
    """A POST as the page would send it."""
    data = {
        "base": "",
        "column": column.pk,
        "title": "示例标题",
        "subtitle": "",
        "source_name": "示例社",
        "source_url": "",
        "editor_note": "",
        "body": "<p>示例正文</p>",
        "summary": "",
        "series": "",
        "series_no": "",
        "publish_at_0": "",
        "publish_at_1": "",
        "expire_at_0": "",
        "expire_at_1": "",
    }
    data |= words
    parts = {
        "byline": bylines,
        "articlephoto": photos,
        "articlefile": files,
        "articlevideo": videos,
    }
    for prefix, rows in parts.items():
        data[f"{prefix}-INITIAL_FORMS"] = sum("id" in row for row in rows)
        data[f"{prefix}-TOTAL_FORMS"] = len(rows)
        for number, row in enumerate(rows):
            for name, value in row.items():
                data[f"{prefix}-{number}-{name}"] = value
    return data


def moment(at):
    local = timezone.localtime(at)
    return {
        "publish_at_0": local.strftime("%Y-%m-%d"),
        "publish_at_1": local.strftime("%H:%M:%S"),
    }


def in_all_columns(user):
    user.user_permissions.add(Permission.objects.get(codename="all_columns"))
    return user


def change_url(article):
    return reverse("admin:news_article_change", args=[article.pk])


def errors_at(response, field):
    return response.context["adminform"].form.errors.get(field, [])


def photo_errors(response):
    photos = response.context["inline_admin_formsets"][1].formset
    return photos.errors


def newest(article):
    return ArticleVersion.objects.newest_of(article)


def kept(article):
    """What an editor goes on with: the draft, or what was sent last."""
    return services.working_on(article).content


def photo_row(**words):
    return {"caption": "", "credit": "", "alt": "画面", "order": "", **words}
