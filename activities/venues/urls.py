from django.urls import path

from activities.venues import views

app_name = "venues"

urlpatterns = [
    path("", views.VenueListView.as_view(), name="venue-list"),
    path("<int:pk>/", views.VenueDetailView.as_view(), name="venue-detail"),
]
