"""Pages of the newsroom. Public ones cost two or three queries once their cached pieces
are there: the moment, the page's own rows."""

from datetime import timedelta

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import (
    Http404,
    HttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, ListView, View

from common import facets, filestore, images, pagecache, picturestore, qr
from common.paging import ShortInLargePrint
from common.publicpages import PublicPage
from common.readercount import UNCOUNTED
from news import cards, commentpieces, feeds, pieces, services
from news.enums import SIGNERS, WRITERS, ArticleState, BylineRole, ColumnJob
from news.forms import ListFilterForm
from news.models import (
    Article,
    ArticleFile,
    ArticlePhoto,
    ArticleVersion,
    Series,
)

PICTURE_HOLDS = timedelta(minutes=1)


class ReadsMoment:
    """Read generation and clock before anything else is built."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        pagecache.moment_of(request)


class ArticleListView(ReadsMoment, ShortInLargePrint, ListView):
    """The newest of all columns, narrowed by the address."""

    public_page = PublicPage((*ListFilterForm.base_fields, "page"))
    paginate_by = 20
    paginator_class = pieces.KeptCountPaginator
    is_pinning = False
    template_name = "news/article_list.html"
    context_object_name = "articles"
    column = None

    def articles(self):
        """What this list is about, before any filter."""
        return Article.objects.live()

    def in_order(self, articles):
        return articles

    def get_queryset(self):
        self.chosen = ListFilterForm(self.request.GET).chosen
        articles = self.articles().for_rows()
        if "year" in self.chosen:
            articles = articles.published_in(
                self.chosen["year"], self.chosen.get("month")
            )
        if "pictures" in self.chosen:
            articles = articles.with_pictures()
        return self.in_order(articles)

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        paginator.at = self.request.moment
        paginator.name = f"{self.key}{facets.address(self.chosen)}"
        paginator.asked = self.request.GET.get(self.page_kwarg, 1)
        return paginator

    @property
    def key(self):
        return f"column-{self.column.pk}" if self.column else "all"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        at, page = self.request.moment, context["page_obj"]
        rows = page.paginator.per_page
        key = f"{self.key}{facets.address(self.chosen)}:{rows}"
        return context | {
            "column": self.column,
            "crumbs": [
                (_("新闻"), reverse("news:article-list")),
                (str(self.column), ""),
            ],
            "listing": pieces.listing(
                at, f"{key}:{page.number}", lambda: self.listing(page)
            ),
            "columns": pieces.columns(at),
            "keep": pieces.keeper(at, f"news:list:{self.key}"),
            "rail": pieces.rail(at, self.column and self.column.pk),
        }

    def listing(self, page):
        """What _list.html prints. The page is a lazy one: its articles are asked for
        only here."""
        return {
            "rows": [
                cards.row(article, is_pinning=self.is_pinning) for article in page
            ],
            "facets": self.facets(),
            "year": self.chosen.get("year"),
            "month": self.chosen.get("month"),
            "is_narrowed": bool(self.chosen),
            "query": facets.address(self.chosen).lstrip("?"),
            "page_obj": page,
            "clear_url": self.request.path,
        }

    def facets(self):
        """Years, the months of the year, pictures: whatever leaves a choice."""
        at, articles, chosen = self.request.moment, self.articles(), self.chosen
        years = pieces.years(at, self.key, articles)
        if not years:
            return []
        year = chosen.get("year") or (years[0][0] if len(years) == 1 else None)
        months = pieces.months(at, self.key, articles, year) if year else []
        other = {name: value for name, value in chosen.items() if name != "month"}
        found = []
        if len(years) > 1 or "year" in chosen:
            rows = [
                (y, _("%(year)d年") % {"year": y}, pieces.at_most(number))
                for y, number in years
            ]
            found.append(facets.facet(_("年份"), "year", rows, other, whole=_("全部")))
        if len(months) > 1 or "month" in chosen:
            rows = [
                (m, _("%(m)d月") % {"m": m}, pieces.at_most(number))
                for m, number in months
            ]
            of_year = chosen | {"year": year}
            found.append(
                facets.facet(_("月份"), "month", rows, of_year, whole=_("不限"))
            )
        rows = [(1, _("只看有图"), None)]
        found.append(facets.facet(_("图片"), "pictures", rows, chosen, whole=_("全部")))
        return found


class ColumnDetailView(ArticleListView):
    """A column's articles, pinned ones first."""

    is_pinning = True
    template_name = "news/column_detail.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.column = pieces.column(request.moment, kwargs["pk"])
        if self.column is None:
            raise Http404

    def articles(self):
        return Article.objects.live().filter(column=self.column)

    def in_order(self, articles):
        return articles.pinned_first()


class SeriesDetailView(ReadsMoment, DetailView):
    """A series and its public parts; 404 before the first one is out."""

    public_page = PublicPage()
    queryset = Series.objects.all()
    template_name = "news/series_detail.html"
    context_object_name = "series"

    def get_context_data(self, **kwargs):
        parts = pieces.parts(self.request.moment, self.object)
        if not parts:
            raise Http404
        return super().get_context_data(
            parts=parts,
            is_running=self.object.awaits_more(len(parts)),
            coming=self.object.coming([part["number"] for part in parts]),
            crumbs=[
                (_("新闻"), reverse("news:article-list")),
                (self.object.title, ""),
            ],
            **kwargs,
        )


class ArticleDetailView(ReadsMoment, DetailView):
    """An article as the public reads it; staff see what is not public yet under a
    strip that says so."""

    public_page = PublicPage()
    queryset = Article.objects.for_page()
    template_name = "news/article_detail.html"
    context_object_name = "article"

    def get(self, request, *args, **kwargs):
        try:
            self.object = pieces.public_article(request.moment, self.kwargs["pk"])
        except Article.DoesNotExist:
            return self.not_public(request)
        if request.user.is_staff:
            request.META[UNCOUNTED] = True
        version = pieces.version(request.moment, self.object.live_version_id)
        return self.page(version)

    def not_public(self, request):
        self.object = article = self.get_object()
        if may_preview(request.user, article):
            return self.preview()
        if article.state == ArticleState.WITHDRAWN:
            response = render(request, "news/article_gone.html", status=410)
            add_never_cache_headers(response)
            return response
        raise Http404

    def preview(self, *, is_framed=False):
        response = self.page(self.newest(), is_preview=True, is_framed=is_framed)
        add_never_cache_headers(response)
        return response

    def newest(self):
        """What an editor is typing; for all others what was sent last."""
        article, user = self.object, self.request.user
        version = ArticleVersion.objects.with_parts().newest_of(article)
        is_editor = services.may(user, article.column_id, ColumnJob.EDIT)
        if version is None or is_editor:
            working = services.working_on(article)
            if working.draft:
                return services.as_version(working.content)
        return version

    def page(self, version, *, is_preview=False, is_framed=False):
        article, at = self.object, self.request.moment
        base = f"{self.request.scheme}://{self.request.get_host()}"
        chosen = self.request.display.split()
        font = next((word for word in chosen if word.startswith("font-")), "")
        bylines = version.byline_rows
        photos = [ArticlePhoto(**row) for row in version.photo_rows]
        if is_preview:
            corrections = list(ArticleVersion.objects.corrections_of(article))
            if version.pk != article.live_version_id and version.correction:
                corrections.insert(0, (version.correction, None))
        else:
            corrections = pieces.corrections(at, article)
        crumbs = [
            (_("新闻"), reverse("news:article-list")),
            (article.column.name, article.column.get_absolute_url()),
            (_("正文"), ""),
        ]
        lead_photo = photos[0] if photos else None
        context = self.get_context_data(
            version=version,
            linked=[]
            if is_preview
            else [
                cards.article_linked(
                    article,
                    version,
                    base=base,
                    photo=lead_photo,
                    authors=[b["name"] for b in bylines if b["role"] in WRITERS[:3]],
                    publisher=str(feeds.PUBLISHER),
                ),
                cards.crumbs_linked(crumbs, base),
            ],
            is_preview=is_preview,
            is_framed=is_framed,
            # asked of a preview only: who reads what is public need not be looked up
            may_change=is_preview
            and services.may(self.request.user, article.column_id, ColumnJob.EDIT),
            authors=_names(bylines, WRITERS[:3]),
            written_by=_credits(bylines, WRITERS),
            signed_by=_credits(bylines, SIGNERS),
            photos=[photo for photo in photos if not photo.is_placed],
            crumbs=crumbs,
            lead_photo=lead_photo,
            **cards.attached(version),
            corrections=corrections,
            note=[line for line in version.editor_note.splitlines() if line.strip()],
            around={} if is_preview else pieces.around(at, article),
            comments="" if is_preview else commentpieces.section(self.request, article),
            base=base,
            font=font,
            readers="" if is_preview else pieces.readers(at, article),
            keep=None
            if is_preview
            else pieces.keeper(at, f"news:page:{article.pk}:{base}:{font}"),
        )
        return self.render_to_response(context)


class ArticlePreviewView(ArticleDetailView):
    """The newest version, whatever the public reads; 404 for whoever may not."""

    public_page = None

    def get(self, request, *args, **kwargs):
        """``?as=`` says how it is looked at: on a desk; on a phone, in a frame of its
        width; as the card of a shared link."""
        self.object = self.get_object()
        if not may_preview(request.user, self.object):
            raise Http404
        seen_as = request.GET.get("as")
        if seen_as == "framed":
            return self.framed(request)
        if seen_as in ("phone", "card"):
            return self.beside(seen_as)
        return self.preview()

    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    def framed(self, request):
        """What our own page, and no other, shows in a frame; no other page of ours may
        stand in one, so its links leave it."""
        return self.preview(is_framed=True)

    def beside(self, seen_as):
        version = self.newest()
        photos = [ArticlePhoto(**row) for row in version.photo_rows]
        working = Article()
        services.print_words(working, version)
        context = {
            "article": self.object,
            "version": version,
            "seen_as": seen_as,
            "summary": working.summary,
            "lead_photo": photos[0] if photos else None,
            "crumbs": [
                (_("新闻"), reverse("news:article-list")),
                (_("预览"), ""),
            ],
        }
        response = render(self.request, "news/article_preview.html", context)
        add_never_cache_headers(response)
        return response


class PhotoView(View):
    """One rendition of a picture, as long as its article is public.

    Whoever has it caches it for a minute only, so that a withdrawal reaches it.
    """

    http_method_names = ["get", "head"]

    def get(self, request, key, width):
        if width not in images.WIDTHS:
            raise Http404
        is_public = ArticlePhoto.objects.filter(key=key).public().exists()
        if not is_public and not may_see_picture(request.user, key):
            raise Http404
        holds = int(PICTURE_HOLDS.total_seconds()) if is_public else 0
        return picturestore.show(request, "news", key, width, public_for=holds)


@require_safe
def article_qr(request, pk):
    """The address of a public article as a QR code, to be read by a phone."""
    article = get_object_or_404(Article.objects.live().only("pk"), pk=pk)
    address = request.build_absolute_uri(article.get_absolute_url())
    response = HttpResponse(qr.svg(address), content_type="image/svg+xml")
    patch_cache_control(response, public=True, max_age=60)
    return response


class FileView(View):
    """A file of an article, as long as the article is public: a document to be saved, a
    film that the page plays, piece by piece."""

    http_method_names = ["get", "head"]

    def get(self, request, key):
        files = ArticleFile.objects.filter(key=key)
        row = files.public().first()
        holds = int(PICTURE_HOLDS.total_seconds()) if row else 0
        if row is None:
            if not may_see_named(request.user, Article.objects.naming_file(key)):
                raise Http404
            row = files.order_by("-pk").first() or services.file_in_draft(key)
        if row is None:
            raise Http404
        return filestore.answer(
            request,
            services.FILE_SHELF,
            row,
            name=row.file_name,
            is_shown=row.is_film,
            public_for=holds,
        )


def may_preview(user, article) -> bool:
    """May this person read what is not public yet? In the columns where they work."""
    if not (user.is_active and user.is_staff and user.has_perm("news.view_article")):
        return False
    return services.may(user, article.column_id)


def may_see_picture(user, key) -> bool:
    """May this person see a picture that is not public? One that no version and no draft
    names yet is found by who knows its random name only: whoever has just put it into
    a text."""
    return may_see_named(user, Article.objects.naming_picture(key))


def may_see_named(user, named) -> bool:
    """The same of what these articles name."""
    if not (user.is_active and user.is_staff and user.has_perm("news.view_article")):
        return False
    return not named.exists() or named.managed_by(user).exists()


def _names(bylines, roles) -> str:
    return "、".join(row["name"] for row in bylines if row["role"] in roles)


def _credits(bylines, roles) -> list[tuple[str, str]]:
    """(记者, “王刚 李四”) for each of ``roles`` that somebody has."""
    found = (
        (BylineRole(role).label, [b["name"] for b in bylines if b["role"] == role])
        for role in roles
    )
    return [(label, " ".join(names)) for label, names in found if names]
