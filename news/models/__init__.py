"""News and feature reports.

``articles``   what is read: columns, series, articles and their versions
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
from news.models.reviewing import (
    ArticleStep,
    Claim,
    ColumnDuty,
    Decision,
    Draft,
    VersionEditor,
)

__all__ = [
    "Article",
    "ArticlePhoto",
    "ArticleStep",
    "ArticleVersion",
    "Byline",
    "Channel",
    "Claim",
    "Column",
    "ColumnDuty",
    "Decision",
    "Draft",
    "ImportedArticle",
    "Inspection",
    "Phrase",
    "Series",
    "VersionEditor",
    "WordingWaiver",
]
