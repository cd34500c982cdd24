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
    path("indicators/", views.IndicatorsView.as_view(), name="indicators"),
]
