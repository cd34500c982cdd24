from django.urls import path

from honors import views

app_name = "honors"

urlpatterns = [
    path("", views.HonoreeListView.as_view(), name="honoree-list"),
    path("<int:pk>/", views.HonoreeDetailView.as_view(), name="honoree-detail"),
    path(
        "portraits/<slug:key>/<int:width>.jpg",
        views.PortraitView.as_view(),
        name="portrait",
    ),
    path(
        "editions/<int:pk>/", views.EditionDetailView.as_view(), name="edition-detail"
    ),
    path("editions/<int:pk>/nominate/", views.NominateView.as_view(), name="nominate"),
    path("editions/<int:pk>/propose/", views.ProposeView.as_view(), name="propose"),
    path("nominations/", views.NominationListView.as_view(), name="nomination-list"),
    path(
        "nominations/<int:pk>/",
        views.NominationDetailView.as_view(),
        name="nomination-detail",
    ),
    path(
        "nominations/<int:pk>/edit/<int:step>/",
        views.NominationEditView.as_view(),
        name="nomination-edit",
    ),
    path("documents/<int:pk>/", views.DocumentView.as_view(), name="document"),
    path("proposals/<int:pk>/", views.ProposalView.as_view(), name="proposal"),
    path("editions/<int:pk>/vote/", views.VoteView.as_view(), name="vote"),
    path("jury/", views.JuryListView.as_view(), name="jury-list"),
    path("jury/<int:pk>/", views.BallotView.as_view(), name="ballot"),
    path("notices/", views.NoticeListView.as_view(), name="notice-list"),
    path("notices/<int:pk>/", views.NoticeDetailView.as_view(), name="notice-detail"),
    path(
        "notices/<int:pk>/object/",
        views.ObjectionView.as_view(),
        name="objection-create",
    ),
    path("objections/", views.ObjectionStateView.as_view(), name="objection-state"),
    path(
        "certificates/<slug:number>/",
        views.HonourCertificateView.as_view(),
        name="certificate",
    ),
    path(
        "certificates/<slug:number>/qr.svg",
        views.HonourCertificateCodeView.as_view(),
        name="certificate-qr",
    ),
]
