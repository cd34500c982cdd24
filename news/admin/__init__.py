"""The newsroom's back office: another caller of the verbs of ``services``.

``columns``    columns, series, and who works where
``articles``   the list, and the page on which an article is written
``parts``      credits and pictures on that page
``reviewing``  the pages of a review: read, compare, decide, publish, withdraw
``checking``   what is said before sending, and finds of the wording guard
``comments``   what readers said: the moderators' desk, switches, the list of words
``placements``  what is put forward; ``pages``: 机构概况 and 办事指南
``ledgers``    fixed wording, channels and inspections, articles of an old site
``actions``    many articles at once, answered row by row
"""

from news.admin.articles import ArticleAdmin
from news.admin.columns import ColumnAdmin, ColumnDutyAdmin, SeriesAdmin
from news.admin.comments import CommentAdmin, CommentWordAdmin
from news.admin.ledgers import (
    ChannelAdmin,
    ImportedArticleAdmin,
    InspectionAdmin,
    PhraseAdmin,
    WordingWaiverAdmin,
)
from news.admin.pages import StandingPageAdmin
from news.admin.placements import PlacementAdmin

__all__ = [
    "PlacementAdmin",
    "StandingPageAdmin",
    "ArticleAdmin",
    "ChannelAdmin",
    "ColumnAdmin",
    "ColumnDutyAdmin",
    "CommentAdmin",
    "CommentWordAdmin",
    "ImportedArticleAdmin",
    "InspectionAdmin",
    "PhraseAdmin",
    "SeriesAdmin",
    "WordingWaiverAdmin",
]
