"""Pictures and files that are kept before a version names them."""

from common import filestore, picturestore
from common.picturestore import Kept
from news.content import from_json
from news.models import Article, ArticleFile, ArticlePhoto, Draft
from news.services.versions import FILE_SHELF, new_files


def keep_picture(upload) -> Kept:
    """Verify an uploaded picture and store its renditions under a name of our own.

    Raises Refusal as ``common.images.read`` does. Nothing shows the files until a
    version names them.
    """
    return picturestore.keep("news", upload)


def keep_file(upload) -> filestore.Kept:
    """Check an uploaded document or film by its content and store it under a name of
    our own. Raises Refusal as ``common.filekinds.read`` does."""
    return filestore.keep(FILE_SHELF, upload)


def files_of(article: Article | None) -> dict[str, filestore.Kept]:
    """Every file of every version of an article, by its name. One query."""
    if article is None or not article.pk:
        return {}
    fields = ("key", "sha256", "size", "kind")
    rows = ArticleFile.objects.filter(version__article=article).order_by("key")
    rows = rows.values_list(*fields).distinct()
    return {row[0]: filestore.Kept(*row) for row in rows}


def file_in_draft(key: str) -> ArticleFile | None:
    """A file that only drafts name yet, as a row that is not stored; None if there is
    none of this name."""
    draft = Draft.objects.filter(picture_keys__contains=[key]).first()
    if draft is None:
        return None
    files = new_files(from_json(draft.content), None)
    return next((file for file in files if file.key == key), None)


def pictures_of(article: Article | None) -> dict[str, Kept]:
    """Every picture of every version of an article, by its name. One query."""
    if article is None or not article.pk:
        return {}
    fields = ("key", "sha256", "width", "height")
    rows = ArticlePhoto.objects.filter(version__article=article).order_by("key")
    return {row[0]: Kept(*row) for row in rows.values_list(*fields).distinct()}


def forget_pictures() -> int:
    """Delete the pictures of forms that were refused and never came back; how many."""

    return picturestore.sweep("news", _named_by(ArticlePhoto))


def forget_files() -> int:
    """The same of attachments."""
    return filestore.sweep(FILE_SHELF, _named_by(ArticleFile))


def _named_by(model):
    def is_named(key):
        drafts = Draft.objects.filter(picture_keys__contains=[key])
        return model.objects.filter(key=key).exists() or drafts.exists()

    return is_named
