"""Every address of the portal. ``tests/architecture/test_doors.py`` lists who may open
each of them."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from members.views import notices
from news import pageviews
from unionportal import mine, passport, searchviews, sitemaps, views
from volunteers import views as volunteering

handler400 = "unionportal.views.bad_request"
handler403 = "unionportal.views.forbidden"
handler404 = "unionportal.views.not_found"
handler500 = "unionportal.views.server_error"

urlpatterns = [
    # tried in turn: those of the busiest hour first
    path("", views.HomeView.as_view(), name="home"),
    path("signups/", include("signups.urls")),
    path("activities/", include("activities.urls")),
    path("news/", include("news.urls")),
    path("search/", searchviews.page, name="search"),
    path("search/suggestions/", searchviews.suggest, name="search-suggestions"),
    path("my/", views.MyView.as_view(), name="my"),
    path("my/messages/", notices.InboxView.as_view(), name="my-messages"),
    path("my/messages/<int:pk>/", notices.NoticeOpenView.as_view(), name="my-message"),
    path("my/messages/read/", notices.ReadAllView.as_view(), name="my-messages-read"),
    path("my/messages/texts/", notices.TextsView.as_view(), name="my-texts"),
    path("my/verify/", mine.VerifyView.as_view(), name="my-verify"),
    path("my/data/", mine.DataView.as_view(), name="my-data"),
    path("my/data/download/", mine.DataDownloadView.as_view(), name="my-data-download"),
    path("my/data/name/", mine.NameView.as_view(), name="my-name"),
    path("my/data/correction/", mine.CorrectionView.as_view(), name="my-correction"),
    path(
        "my/data/consent/withdraw/",
        mine.ConsentWithdrawView.as_view(),
        name="my-consent-withdraw",
    ),
    path(
        "my/volunteering/",
        volunteering.MyVolunteeringView.as_view(),
        name="my-volunteering",
    ),
    path("my/passport/", passport.PassportView.as_view(), name="my-passport"),
    path(
        "passport/<str:token>/", passport.SharedPassportView.as_view(), name="passport"
    ),
    path("my/calendar/", mine.CalendarView.as_view(), name="my-calendar"),
    path("my/close/", mine.CloseView.as_view(), name="my-close"),
    path("verify/", views.CertificateView.as_view(), name="verify"),
    path("about/", pageviews.AboutView.as_view(), name="about"),
    path("guides/", pageviews.GuideListView.as_view(), name="guide-list"),
    path("guides/<int:pk>/", pageviews.GuideDetailView.as_view(), name="guide-detail"),
    path("site-map/", views.SiteMapView.as_view(), name="site-map"),
    path("statement/", views.StatementView.as_view(), name="statement"),
    path("marks/<str:key>.png", views.MarkView.as_view(), name="site-mark"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("opensearch.xml", sitemaps.opensearch, name="opensearch"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap-section"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("members.urls")),
    path("accounts/", include("members.security.urls")),
    path("honors/", include("honors.urls")),
    path("volunteers/", include("volunteers.urls")),
    path("admin/", admin.site.urls),
]
if settings.HAS_STYLEGUIDE:
    from unionportal.styleguide import StyleguideView

    urlpatterns += [path("styleguide/", StyleguideView.as_view(), name="styleguide")]
