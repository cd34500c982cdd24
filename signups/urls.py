from django.urls import path

from signups import arrivals, feeds, views

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
    path("<int:pk>/cancel/", views.SignupCancelView.as_view(), name="signup-cancel"),
]
