from django.urls import path

from activities.training import views

app_name = "training"

urlpatterns = [
    path("", views.TermCurrentView.as_view(), name="term-current"),
    path("terms/<int:pk>/", views.TermDetailView.as_view(), name="term-detail"),
    path("classes/<int:pk>/", views.ClassDetailView.as_view(), name="class-detail"),
    path(
        "classes/<int:pk>/calendar.ics",
        views.ClassCalendarView.as_view(),
        name="class-calendar",
    ),
]
