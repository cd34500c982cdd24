from django.urls import path

from volunteers import views

app_name = "volunteers"

urlpatterns = [
    path("", views.TeamListView.as_view(), name="team-list"),
    path("teams/<int:pk>/", views.TeamDetailView.as_view(), name="team-detail"),
    path("teams/<int:pk>/join/", views.JoinView.as_view(), name="team-join"),
    path("teams/<int:pk>/leave/", views.LeaveView.as_view(), name="team-leave"),
    path(
        "teams/<int:pk>/membership/",
        views.MembershipView.as_view(),
        name="team-membership",
    ),
    path("joining/<int:pk>/", views.JoinAnswerView.as_view(), name="join-answer"),
    path("teams/<int:pk>/hours/", views.TeamHoursView.as_view(), name="team-hours"),
    path("events/<int:pk>/", views.EventDetailView.as_view(), name="event-detail"),
    path(
        "events/<int:pk>/calendar.ics",
        views.EventCalendarView.as_view(),
        name="event-calendar",
    ),
    path("photos/<str:key>/<int:width>/", views.PhotoView.as_view(), name="photo"),
    path("services/", views.MyServicesView.as_view(), name="my-services"),
    path("hours/<int:pk>/dispute/", views.DisputeView.as_view(), name="hours-dispute"),
    path(
        "countersign/<str:token>/", views.CountersignView.as_view(), name="countersign"
    ),
    path("certificates/", views.CertificatesView.as_view(), name="certificates"),
    path(
        "certificates/<str:number>/",
        views.HoursCertificateView.as_view(),
        name="certificate",
    ),
    path(
        "certificates/<str:number>/code.svg",
        views.HoursCertificateCodeView.as_view(),
        name="certificate-code",
    ),
    path("indicators/", views.IndicatorsView.as_view(), name="indicators"),
]
