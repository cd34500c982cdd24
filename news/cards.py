"""What the shared partials print of an article, as plain values that can be cached."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news import services
from news.enums import LEVEL_OF, ArticleState, Outcome, Stage, Step
from news.ledgers import WordingWaiver
from news.models import (
    Article,
    ArticleFile,
    ArticlePhoto,
    ArticleStep,
    ArticleVideo,
    Decision,
    Series,
)


def thumb(photo: ArticlePhoto | None) -> dict | None:
    """The small rendition beside a row. Its words are in the title, so ``alt`` is
    empty: a screen reader need not hear them twice."""
    if photo is None:
        return None
    return {
        "url": photo.small_url,
        "srcset": photo.srcset,
        "width": photo.width,
        "height": photo.height,
        "alt": "",
    }


def row(article: Article, *, is_pinning: bool = False) -> dict:
    """One article for ``includes/_article_row.html`` and its kin; of ``for_rows()``.
    ``is_pinning``: in a list that puts pinned ones first, and so says which are."""
    chips = [_("置顶")] if article.is_pinned and is_pinning else []
    if article.part:
        chips.append(_("系列%(part)s") % {"part": article.part})
    # a draft has no time yet; a list prints days, and formatting one in a template
    # twice a row is a fifth of the page
    day = article.publish_at and timezone.localtime(article.publish_at).date()
    return {
        "pk": article.pk,
        "url": article.get_absolute_url(),
        "title": article.title,
        "subtitle": article.subtitle,
        "summary": article.summary,
        "source": article.source_name,
        "day": day.isoformat() if day else "",
        "short_day": f"{day:%m-%d}" if day else "",
        "chips": chips,
        "thumb": thumb(article.lead_photo),
    }


def series_entry(series: Series) -> dict:
    """A series of ``opened()``, and how much of it is out."""
    out = {"n": series.parts_out}
    running = series.awaits_more(series.parts_out)
    return {
        "title": series.title,
        "note": (_("已刊发%(n)d篇，待续") if running else _("共%(n)d篇")) % out,
        "url": series.get_absolute_url(),
    }


def article_linked(article: Article, version, *, base, photo, authors, publisher):
    """A public article in words of schema.org, and the way to it."""
    address = f"{base}{article.get_absolute_url()}"
    organisation = {"@type": "Organization", "name": publisher}
    thing = {
        "@type": "NewsArticle",
        "headline": version.title,
        "description": article.summary or version.title,
        "url": address,
        "mainEntityOfPage": address,
        "inLanguage": "zh-CN",
        "datePublished": timezone.localtime(article.publish_at).isoformat(
            "T", "seconds"
        ),
        "dateModified": timezone.localtime(
            article.corrected_at or article.publish_at
        ).isoformat("T", "seconds"),
        "articleSection": article.column.name,
        "author": [{"@type": "Person", "name": name} for name in authors]
        or [organisation],
        "publisher": organisation,
    }
    if article.keywords:
        thing["keywords"] = ",".join(article.keywords)
    if photo is not None:
        thing["image"] = [f"{base}{photo.large_url}"]
    if version.is_reprint and version.source_url:
        thing["isBasedOn"] = version.source_url
    return thing


def crumbs_linked(crumbs: list[tuple[str, str]], base: str) -> dict:
    """The way to a page, without the page itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": str(title),
                "item": f"{base}{url}",
            }
            for place, (title, url) in enumerate(crumbs, 1)
            if url
        ],
    }


# --- for the back office ----------------------------------------------------------------


def standing_in_words(article: Article) -> str:
    """What the public reads of it and where its newest version stands; of
    ``with_state()``."""
    if article.state == ArticleState.SCHEDULED:
        moment = timezone.localtime(article.publish_at).strftime("%Y-%m-%d %H:%M")
        public = _("定于%(when)s发布") % {"when": moment}
    elif article.state == ArticleState.DRAFT:
        public = ""
    else:
        public = ArticleState(article.state).label
    stage = Stage(article.stage)
    if stage == Stage.NONE:
        return str(public or ArticleState.DRAFT.label)
    if not public:
        return str(stage.label)
    return _("%(public)s，新版本%(stage)s") % {"public": public, "stage": stage.label}


def due_in_words(article: Article) -> str:
    """By when the review is due, and who is looking at it just now."""
    if article.stage not in LEVEL_OF:
        return "—"
    said = []
    if article.due_on:
        late = timezone.localdate() > article.due_on
        day = article.due_on.strftime("%m-%d")
        said.append((_("%(day)s已超期") if late else "%(day)s") % {"day": day})
    held = getattr(article, "claim", None)
    if services.is_claimed(held):
        said.append(_("%(name)s正在审阅") % {"name": held.user})
    return "，".join(said) or "—"


def returned_with(article: Article | None) -> str:
    """The words with which a reviewer gave it back, or nothing."""
    if article is None or article.stage != Stage.RETURNED:
        return ""
    decision = (
        article.review_version.decisions.filter(outcome=Outcome.RETURNED)
        .select_related("reviewer")
        .last()
    )
    if decision is None:
        return ""
    return _("%(level)s%(name)s退改：%(reason)s") % {
        "level": decision.get_level_display(),
        "name": decision.reviewer,
        "reason": decision.reason,
    }


def decided_in_words(decision: Decision) -> str:
    said = _("%(level)s%(name)s%(outcome)s") % {
        "level": decision.get_level_display(),
        "name": decision.reviewer,
        "outcome": decision.get_outcome_display(),
    }
    return f"{said}：{decision.reason}" if decision.reason else said


_STEPS = {
    Step.SENT: gettext_lazy("%(name)s送审第%(n)d版"),
    Step.RECALLED: gettext_lazy("%(name)s撤回送审的第%(n)d版：%(reason)s"),
    Step.URGENT: gettext_lazy("%(name)s批准第%(n)d版紧急发布（三审待补）：%(reason)s"),
    Step.FILED: gettext_lazy("%(name)s补录第%(n)d版：%(reason)s"),
    Step.PUBLISHED: gettext_lazy("%(name)s发布第%(n)d版，公开时间%(when)s"),
    Step.WITHDRAWN: gettext_lazy("%(name)s撤稿（第%(n)d版）：%(reason)s"),
}


def step_in_words(step: ArticleStep) -> str:
    when = step.from_at and timezone.localtime(step.from_at).strftime("%Y-%m-%d %H:%M")
    return _STEPS[Step(step.kind)] % {
        "name": step.by or _("系统"),
        "n": step.version.number,
        "reason": step.reason,
        "when": when,
    }


def waived_in_words(waiver: WordingWaiver) -> str:
    said = _("%(name)s放行%(place)s“%(found)s”（规范写法“%(right)s”）：%(reason)s")
    return said % {
        "name": waiver.by,
        "place": waiver.place,
        "found": waiver.wrong,
        "right": waiver.right,
        "reason": waiver.reason,
    }


def history_of(article: Article, most: int = 300) -> list[tuple]:
    """(moment, sentence) of everything that happened to an article, newest first."""
    steps = article.steps.select_related("by", "version").order_by("-pk")[:most]
    decisions = (
        Decision.objects.filter(version__article=article)
        .select_related("reviewer", "version")
        .order_by("-pk")[:most]
    )
    lines = [(step.at, 0, step.pk, step_in_words(step)) for step in steps]
    for one in decisions:
        said = _("第%(n)d版：%(said)s") % {
            "n": one.version.number,
            "said": decided_in_words(one),
        }
        lines.append((one.at, 1, one.pk, said))
    waivers = article.waivers.select_related("by").order_by("-pk")[:most]
    lines += [(one.at, 2, one.pk, waived_in_words(one)) for one in waivers]
    lines.sort(key=lambda line: line[:3], reverse=True)
    return [(at, said) for at, _kind, _pk, said in lines[:most]]


def attached(version) -> dict[str, list]:
    """What a page shows beside the words of a version that came ``with_parts``."""
    files = [ArticleFile(**row) for row in version.file_rows]
    return {
        "films": [file for file in files if file.is_film],
        "files": [file for file in files if not file.is_film],
        "videos": [ArticleVideo(**row) for row in version.video_rows],
    }
