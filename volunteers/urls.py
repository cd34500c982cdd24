from django.urls import path

from volunteers import views

app_name = "volunteers"

urlpatterns = [
    path("", views.TeamListView.as_view(), name="team-list"),
    path("teams/<int:pk>/", views.TeamDetailView.as_view(), name="team-detail"),
]
