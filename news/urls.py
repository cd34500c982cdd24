"""Addresses of the newsroom: integers, since Chinese titles have no slug."""

from django.urls import path, register_converter

from news import feeds, views


class KeyConverter:
    """The random name of a picture's folder."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(KeyConverter, "key")

app_name = "news"
urlpatterns = [
    path("", views.ArticleListView.as_view(), name="article-list"),
    path("feed/", feeds.latest, name="feed"),
    path("columns/<int:pk>/", views.ColumnDetailView.as_view(), name="column-detail"),
    path("columns/<int:pk>/feed/", feeds.latest_of_column, name="column-feed"),
    path("series/<int:pk>/", views.SeriesDetailView.as_view(), name="series-detail"),
    path("photos/<key:key>/<int:width>.jpg", views.PhotoView.as_view(), name="photo"),
    path("files/<key:key>/", views.FileView.as_view(), name="file"),
    path("<int:pk>/", views.ArticleDetailView.as_view(), name="article-detail"),
    path(
        "<int:pk>/preview/", views.ArticlePreviewView.as_view(), name="article-preview"
    ),
    path("<int:pk>/qr.svg", views.article_qr, name="article-qr"),
]
