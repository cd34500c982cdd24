"""Verbs of the newsroom. The only code here that writes to its tables.

``articles``    beginning one, and its place
``drafts``      what is typed, kept at every moment
``versions``    what it says: a version more, never one changed
``reviewing``   sent, read by three people, released
``publishing``  the public reads it, and no longer does
``filing``      many at once, from an archive
``wording``     what departs from the list of fixed wording, and who lets it stand
``channels``    the union's channels, and inspections of them
``columns``     columns and series; ``duties``: who does what in them
``placements``  what is put forward; ``pages``: 机构概况 and 办事指南
``readers``     how many people read what, and what is read most
``pictures``    and files: kept before a version names them

Lock order: Series, then Article.
"""

from news.content import Content, Credit, FileWords, PhotoWords, VideoLink
from news.services.articles import create_article, place, place_reasons
from news.services.columns import save_column, save_series
from news.services.drafts import Working, discard_draft, save_draft, working_on
from news.services.duties import give_duty, levels_of, may, take_duty
from news.services.filing import Filing, file_articles
from news.services.pages import approve_page, save_page, take_down_page
from news.services.pictures import (
    file_in_draft,
    files_of,
    forget_files,
    forget_pictures,
    keep_file,
    keep_picture,
    pictures_of,
)
from news.services.placements import (
    approve_placement,
    drop_placement,
    save_placement,
)
from news.services.publishing import (
    file_version,
    is_released,
    publish,
    publish_now,
    withdraw,
)
from news.services.readers import count_readers, forget_readers, rank
from news.services.reviewing import (
    claim,
    decide,
    decision_reasons,
    is_claimed,
    passed_over,
    recall,
    release_urgently,
    send,
    sending_reasons,
    urgent_reasons,
)
from news.services.versions import (
    FILE_SHELF,
    as_version,
    cleaned,
    content_of,
    photos_of,
    print_words,
)
from news.services.wording import sending_advice, waive, wording_reasons

__all__ = [
    "approve_page",
    "approve_placement",
    "drop_placement",
    "save_page",
    "save_placement",
    "take_down_page",
    "FILE_SHELF",
    "as_version",
    "Content",
    "Credit",
    "FileWords",
    "Filing",
    "PhotoWords",
    "VideoLink",
    "Working",
    "claim",
    "cleaned",
    "content_of",
    "count_readers",
    "create_article",
    "decide",
    "decision_reasons",
    "discard_draft",
    "file_articles",
    "file_in_draft",
    "file_version",
    "files_of",
    "forget_files",
    "forget_pictures",
    "forget_readers",
    "give_duty",
    "is_claimed",
    "is_released",
    "keep_file",
    "keep_picture",
    "levels_of",
    "may",
    "passed_over",
    "photos_of",
    "pictures_of",
    "place",
    "place_reasons",
    "print_words",
    "publish",
    "publish_now",
    "rank",
    "recall",
    "release_urgently",
    "save_column",
    "save_draft",
    "save_series",
    "send",
    "sending_advice",
    "sending_reasons",
    "take_duty",
    "urgent_reasons",
    "waive",
    "withdraw",
    "wording_reasons",
    "working_on",
]
