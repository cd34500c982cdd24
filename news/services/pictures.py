"""Pictures that are kept before a version names them."""

from common import picturestore
from common.picturestore import Kept
from news.models import Article, ArticlePhoto, Draft


def keep_picture(upload) -> Kept:
    """Verify an uploaded picture and store its renditions under a name of our own.

    Raises Refusal as ``common.images.read`` does. Nothing shows the files until a
    version names them.
    """
    return picturestore.keep("news", upload)


def pictures_of(article: Article | None) -> dict[str, Kept]:
    """Every picture of every version of an article, by its name. One query."""
    if article is None or not article.pk:
        return {}
    fields = ("key", "sha256", "width", "height")
    rows = ArticlePhoto.objects.filter(version__article=article).order_by("key")
    return {row[0]: Kept(*row) for row in rows.values_list(*fields).distinct()}


def forget_pictures() -> int:
    """Delete the pictures of forms that were refused and never came back; how many."""

    def is_named(key):
        drafts = Draft.objects.filter(picture_keys__contains=[key])
        return ArticlePhoto.objects.filter(key=key).exists() or drafts.exists()

    return picturestore.sweep("news", is_named)
