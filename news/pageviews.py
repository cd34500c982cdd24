"""机构概况 and 办事指南, as the public reads them."""

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from common import pagecache
from common.publicpages import PublicPage
from news import pieces
from news.enums import PageKind


class AboutView(TemplateView):
    """Who we are, leaders, offices, how to reach us: one page of all its parts."""

    public_page = PublicPage()
    template_name = "news/about.html"

    def get_context_data(self, **kwargs):
        at = pagecache.moment_of(self.request)
        return super().get_context_data(
            pages=pieces.standing_pages(at, PageKind.ABOUT),
            crumbs=[(PageKind.ABOUT.label, "")],
            **kwargs,
        )


class GuideListView(TemplateView):
    public_page = PublicPage()
    template_name = "news/guide_list.html"

    def get_context_data(self, **kwargs):
        at = pagecache.moment_of(self.request)
        return super().get_context_data(
            guides=pieces.standing_pages(at, PageKind.GUIDE),
            crumbs=[(PageKind.GUIDE.label, "")],
            **kwargs,
        )


class GuideDetailView(TemplateView):
    """One thing to be done: for whom, steps, papers, where. The number of a part of
    机构概况 leads to its place there, since the search knows pages by number."""

    public_page = PublicPage()
    template_name = "news/guide_detail.html"

    def get(self, request, pk):
        at = pagecache.moment_of(request)
        for part in pieces.standing_pages(at, PageKind.ABOUT):
            if part["pk"] == pk:
                return HttpResponseRedirect(part["url"])
        return super().get(request, pk=pk)

    def get_context_data(self, pk, **kwargs):
        at = pagecache.moment_of(self.request)
        guides = pieces.standing_pages(at, PageKind.GUIDE)
        guide = next((one for one in guides if one["pk"] == pk), None)
        if guide is None:
            raise Http404
        return super().get_context_data(
            guide=guide,
            others=[one for one in guides if one["pk"] != pk],
            crumbs=[
                (PageKind.GUIDE.label, reverse("guide-list")),
                (guide["title"], ""),
            ],
            **kwargs,
        )
