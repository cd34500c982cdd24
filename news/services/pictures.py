"""Pictures that are kept before a version names them."""

from common import picturestore
from common.picturestore import Kept
from news.models import ArticlePhoto


def keep_picture(upload) -> Kept:
    """Verify an uploaded picture and store its renditions under a name of our own.

    Raises Refusal as ``common.images.read`` does. Nothing shows the files until a
    version names them.
    """
    return picturestore.keep("news", upload)


def forget_pictures() -> int:
    """Delete the pictures of forms that were refused and never came back; how many."""
    return picturestore.sweep(
        "news", lambda key: ArticlePhoto.objects.filter(key=key).exists()
    )
