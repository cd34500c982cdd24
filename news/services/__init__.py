"""Verbs of the newsroom. The only code here that writes to its tables.

``articles``    beginning one, and its place
``versions``    what it says: a version more, never one changed
``publishing``  the public reads it, and no longer does
``filing``      many at once, from an archive
``columns``     columns and series
``pictures``    kept before a version names them

Lock order: Series, then Article. The review in three levels will stand between
``save_version`` and ``publish``: a version is what it will decide about.
"""

from news.content import Content, Credit, PhotoWords
from news.services.articles import create_article, place, place_reasons
from news.services.columns import save_column, save_series
from news.services.filing import Filing, file_articles
from news.services.pictures import forget_pictures, keep_picture
from news.services.publishing import publish, withdraw
from news.services.versions import content_of, save_version

__all__ = [
    "Content",
    "Credit",
    "Filing",
    "PhotoWords",
    "content_of",
    "create_article",
    "file_articles",
    "forget_pictures",
    "keep_picture",
    "place",
    "place_reasons",
    "publish",
    "save_column",
    "save_series",
    "save_version",
    "withdraw",
]
