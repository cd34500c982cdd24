from django.urls import path

from signups import arrivals, drawviews, feeds, views

app_name = "signups"

urlpatterns = [
    path(
        "offerings/<int:pk>/sign-up/",
        views.SignupCreateView.as_view(),
        name="signup-create",
    ),
    path("check-in/<int:pk>/", arrivals.CheckInView.as_view(), name="check-in"),
    path("calendar/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
    path("<int:pk>/", views.SignupDetailView.as_view(), name="signup-detail"),
    path(
        "<int:pk>/calendar.ics",
        views.SignupCalendarView.as_view(),
        name="signup-calendar",
    ),
    path("<int:pk>/accept/", views.SignupAcceptView.as_view(), name="signup-accept"),
    path("<int:pk>/decline/", views.SignupDeclineView.as_view(), name="signup-decline"),
    path("conduct/", views.ConductView.as_view(), name="conduct"),
    path(
        "conduct/<int:pk>/appeal/",
        views.AppealCreateView.as_view(),
        name="appeal-create",
    ),
    path("<int:pk>/cancel/", views.SignupCancelView.as_view(), name="signup-cancel"),
    path("draws/draw.py", drawviews.DrawScriptView.as_view(), name="draw-script"),
    path("draws/<int:pk>/", drawviews.DrawDetailView.as_view(), name="draw-detail"),
    path("draws/<int:pk>/draw.csv", drawviews.DrawFileView.as_view(), name="draw-file"),
    path("draws/<int:pk>/order/", drawviews.DrawOrderView.as_view(), name="draw-order"),
]
