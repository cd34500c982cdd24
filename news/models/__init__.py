"""News and feature reports.

``articles``   what is read: columns, series, articles and their versions
``attachments``  files that go with a version, and films on other sites
``placements``  what is put forward; ``pages``: what stays, 机构概况 and 办事指南
``readers``    how many people read an article
``comments``   what readers say under it, and what moderators need
``reviewing``  what leads to it: drafts, who works in which column, three reviews
"""

from news.ledgers import (
    Channel,
    ImportedArticle,
    Inspection,
    Phrase,
    WordingWaiver,
)
from news.models.articles import (
    Article,
    ArticlePhoto,
    ArticleVersion,
    Byline,
    Column,
    Series,
)
from news.models.attachments import ArticleFile, ArticleVideo
from news.models.comments import (
    Comment,
    CommentAppeal,
    CommentReport,
    CommentSwitch,
    CommentVote,
    CommentWord,
)
from news.models.pages import StandingPage
from news.models.placements import Placement
from news.models.readers import (
    ArticleReaders,
    Ranked,
    ReaderMark,
    ReadersOfDay,
    ReadingDay,
)
from news.models.reviewing import (
    ArticleStep,
    Claim,
    ColumnDuty,
    Decision,
    Draft,
    VersionEditor,
)

__all__ = [
    "ReadingDay",
    "Ranked",
    "ReadersOfDay",
    "ReaderMark",
    "ArticleReaders",
    "Article",
    "ArticleFile",
    "ArticlePhoto",
    "ArticleStep",
    "ArticleVersion",
    "ArticleVideo",
    "Byline",
    "Channel",
    "Claim",
    "Column",
    "ColumnDuty",
    "Comment",
    "CommentAppeal",
    "CommentReport",
    "CommentSwitch",
    "CommentVote",
    "CommentWord",
    "Decision",
    "Draft",
    "ImportedArticle",
    "Inspection",
    "Phrase",
    "Placement",
    "Series",
    "StandingPage",
    "VersionEditor",
    "WordingWaiver",
]
