"""Pictures that are kept before a version names them."""

from common import picturestore
from news.content import KeptPicture
from news.models import ArticlePhoto


def keep_picture(upload) -> KeptPicture:
    """Verify an uploaded picture and store its renditions under a name of our own.

    Raises Refusal as ``common.images.read`` does. Nothing shows the files until a
    version names them.
    """
    key, picture = picturestore.keep("news", upload)
    return KeptPicture(key, picture.sha256, picture.width, picture.height)


def forget_pictures() -> int:
    """Delete the pictures of forms that were refused and never came back; how many."""
    return picturestore.sweep(
        "news", lambda key: ArticlePhoto.objects.filter(key=key).exists()
    )


def picture_path(key: str, width: int) -> str:
    return picturestore.path("news", key, width)
