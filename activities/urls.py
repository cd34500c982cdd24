from django.urls import include, path

from activities import views

app_name = "activities"

urlpatterns = [
    path("", views.HubView.as_view(), name="hub"),
    path("venues/", include("activities.venues.urls")),
    path("training/", include("activities.training.urls")),
]
