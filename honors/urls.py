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
]
