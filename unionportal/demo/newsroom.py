"""Columns, a series and articles, from the text files of ``articles/``.

A file is one column: a head, then articles divided by ``====``. Head and articles
begin with lines ``key: value`` up to an empty line. In a body, empty lines part the
paragraphs; ``## `` opens a subhead, ``- `` an item of a list, ``> `` a quotation,
``[图2]`` puts the second picture there; ``{+9}`` is the day nine days from now and
``{term}`` the first lesson of the term in sign-up.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from html import escape
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from common import dates
from news import services
from news.enums import BylineRole, ColumnJob, Level, Outcome
from news.models import Article, ArticleVersion, Column, Series
from news.services import Content, Credit, FileWords, PhotoWords, VideoLink
from unionportal.demo.album import Album
from unionportal.demo.members import City
from unionportal.demo.training import first_lesson

TEXTS = Path(__file__).parent / "articles"
FILES = Path(__file__).parent / "files"
SERIES_TITLE = "五年同行：职工文化工作纪实"
SERIES_INTRO = (
    "三期纪实，回看五年来市总工会怎样把思想引领、职工文化和志愿服务做到职工身边。"
)
EDITOR, SECOND_EDITOR = 1, 15
# who reviews, in the order of the reviews; the last has the second editor's columns
# beside the first reviewer
REVIEWERS, SECOND_REVIEWER = (2, 3, 4), 16
SECOND_COLUMNS = {"基层动态", "媒体关注"}
# older articles came from the old site; newer ones went through three reviews here
_REVIEWED_SINCE = timedelta(days=12)
_STANDS = {"first": 0, "second": 1, "final": 2, "returned": 1, "urgent": 0}
_BYLINES = {
    "reporter": BylineRole.REPORTER,
    "correspondent": BylineRole.CORRESPONDENT,
    "photographer": BylineRole.PHOTOGRAPHER,
    "editor": BylineRole.EDITOR,
    "responsible": BylineRole.RESPONSIBLE,
}
_KEYWORDS = [
    "培训",
    "才艺",
    "瑜伽",
    "茶艺",
    "书法",
    "文化",
    "运动会",
    "五送",
    "书屋",
    "劳模",
    "工匠",
    "志愿",
    "座谈会",
    "报名",
    "技能",
]
_DAY = re.compile(r"\{([+-]\d+)\}")
_PICTURE = re.compile(r"\[图(\d)\]")


@dataclass
class Text:
    """One article as its file tells it: each key's values in order, and the body."""

    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    body: str = ""

    def fact(self, key: str) -> str:
        return self.facts[key][0] if key in self.facts else ""


@dataclass(frozen=True)
class Written:
    articles: int
    pictures: int


def make(city: City) -> Written:
    """Every column, article and picture, oldest first, by the two editors, and what
    waits for each of the reviewers."""
    columns: dict[str, Column] = {}
    texts = []
    for number, path in enumerate(sorted(TEXTS.glob("*.txt"))):
        head, *articles = map(_read, path.read_text(encoding="utf-8").split("\n====\n"))
        name = head.fact("column")
        if name not in columns:
            columns[name] = services.save_column(
                column=Column(
                    name=name,
                    description=head.fact("about"),
                    order=number,
                    in_menu=head.fact("menu") == "yes",
                ),
                by=None,
            )
            _employ(city, columns[name])
        texts += [(columns[name], text) for text in articles]
    series = services.save_series(
        series=Series(
            title=SERIES_TITLE,
            intro=SERIES_INTRO,
            planned_parts=3,
            announces_next=True,
        ),
        by=None,
    )
    texts.sort(key=lambda pair: _moment(pair[1]))
    album, taken = Album(), 0
    for column, text in texts:
        by = city.staff[SECOND_EDITOR if column.name in SECOND_COLUMNS else EDITOR]
        photos = [_photo(line, album) for line in text.facts["picture"]]
        taken += len(photos)
        article = _write(column, text, photos, series, by)
        _pass_on(article, text, by, [city.staff[number] for number in REVIEWERS])
    _correct(city)
    return Written(len(texts), taken)


def _employ(city: City, column: Column) -> None:
    """Who writes and who reviews in a column."""
    is_second = column.name in SECOND_COLUMNS
    duties = [(SECOND_EDITOR if is_second else EDITOR, ColumnJob.EDIT)]
    duties += zip(REVIEWERS, list(ColumnJob)[1:], strict=True)
    if is_second:
        duties.append((SECOND_REVIEWER, ColumnJob.FIRST))
    for number, job in duties:
        services.give_duty(column=column, user=city.staff[number], job=job, by=None)


def _read(chunk: str) -> Text:
    head, _gap, body = chunk.strip().partition("\n\n")
    text = Text(body=body.strip())
    for line in head.splitlines():
        key, _colon, value = line.partition(": ")
        text.facts[key].append(value)
    return text


def _moment(text: Text, key: str = "at") -> datetime:
    """``3 09:30`` is three days ago, ``+1 09:00`` tomorrow; a draft has none: now."""
    if not (at := text.fact(key)):
        return timezone.now()
    days, clock = at.split()
    ahead = int(days) if days.startswith("+") else -int(days)
    day = timezone.localdate() + timedelta(days=ahead)
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def _dated(words: str) -> str:
    def day(match):
        return dates.day(timezone.localdate() + timedelta(days=int(match[1])))

    return _DAY.sub(day, words).replace("{term}", dates.day(first_lesson()))


def _photo(line: str, album: Album) -> PhotoWords:
    motif, caption, credit, alt = (word.strip() for word in line.split(" |"))
    picture = services.keep_picture(album.next(motif))
    return PhotoWords(picture, caption, credit, alt)


def _file(line: str) -> FileWords:
    """``docx | 名称``: the file of this ending in ``files/``."""
    kind, name = line.split(" | ")
    path = FILES / f"sample.{kind}"
    kept = services.keep_file(SimpleUploadedFile(path.name, path.read_bytes()))
    return FileWords(kept, name)


def _write(column, text: Text, photos, series: Series, by) -> Article:
    content = Content(
        title=text.fact("title"),
        subtitle=text.fact("subtitle"),
        is_reprint=text.fact("reprint") == "yes",
        source_name=text.fact("source"),
        summary=text.fact("summary"),
        editor_note=_dated(text.fact("note")),
        body=_html(_dated(text.body), photos),
        bylines=tuple(
            Credit(role, name)
            for key, role in _BYLINES.items()
            for name in text.facts[key]
        ),
        photos=tuple(photos),
        files=tuple(_file(line) for line in text.facts["file"]),
        videos=tuple(VideoLink(*line.split(" | ")) for line in text.facts["video"]),
    )
    part = text.fact("series")
    flags = text.fact("flags").split()
    return services.create_article(
        column=column,
        content=content,
        by=by,
        series=series if part else None,
        series_no=int(part) if part else None,
        publish_at=_moment(text) if text.fact("at") else None,
        is_pinned="pinned" in flags,
        is_headline="headline" in flags,
        keywords=[word for word in _KEYWORDS if word in text.fact("title")],
    )


def _pass_on(article: Article, text: Text, by, reviewers) -> None:
    """As far on its way to the public as the file says."""
    state = text.fact("state")
    if state == "draft":
        return
    version = services.send(article=article, by=by)
    if state in _STANDS:
        approve(version, reviewers[: _STANDS[state]])
        final = reviewers[-1]
        if state == "returned":
            services.decide(
                version=version,
                level=Level.SECOND,
                outcome=Outcome.RETURNED,
                by=reviewers[1],
                reason=text.fact("reason"),
            )
        if state == "urgent":
            services.release_urgently(
                version=version, by=final, reason=text.fact("reason")
            )
        return
    at = _moment(text)
    if at < timezone.now() - _REVIEWED_SINCE:
        services.file_version(version=version, at=at, by=by, reason="从旧网站迁入")
    else:
        approve(version, reviewers)
    if state == "withdrawn":
        services.withdraw(article=article, by=by, reason="场馆调整，原赛程作废")
    if text.fact("until"):
        _end(article, _moment(text, "until"), by)


def _end(article: Article, moment: datetime, by) -> None:
    """It has left the page by itself since."""
    article.refresh_from_db()
    place = ["series", "series_no", "publish_at", "is_pinned", "is_headline"]
    where = {name: getattr(article, name) for name in place}
    services.place(
        article=article, column=article.column, expire_at=moment, by=by, **where
    )


def approve(version: ArticleVersion, reviewers) -> None:
    """These people approve, one review after the other."""
    for level, by in zip(Level, reviewers, strict=False):
        services.decide(version=version, level=level, outcome=Outcome.APPROVED, by=by)


def _correct(city: City) -> None:
    """Of the two newest articles of the first column one was corrected, in public; a
    correction of the other waits for its second review."""
    by, reviewers = city.staff[EDITOR], [city.staff[number] for number in REVIEWERS]
    out = Article.objects.live().filter(column=Column.objects.first()).order_by("-pk")
    for article, words, some in zip(
        out[:2],
        ["参加人数应为八十六人，已改正", "承办单位应为“市工人文化宫”，已改正"],
        [reviewers[:1], reviewers],
        strict=True,
    ):
        content = services.working_on(article).content
        body = content.body + f"<p>（{words}。）</p>"
        content = replace(content, body=body, correction=words)
        services.save_draft(article=article, content=content, by=by)
        approve(services.send(article=article, by=by), some)


def _html(body: str, photos: list[PhotoWords]) -> str:
    return "\n".join(_block(block.strip(), photos) for block in body.split("\n\n"))


def _block(block: str, photos: list[PhotoWords]) -> str:
    if found := _PICTURE.fullmatch(block):
        key = photos[int(found[1]) - 1].picture.key
        return f'<img data-file="{key}">'
    if block.startswith("## "):
        return f"<h2>{escape(block[3:])}</h2>"
    if block.startswith("> "):
        return f"<blockquote><p>{escape(block[2:])}</p></blockquote>"
    if block.startswith("- "):
        items = "".join(f"<li>{escape(line[2:])}</li>" for line in block.splitlines())
        return f"<ul>{items}</ul>"
    return f"<p>{escape(block)}</p>"
