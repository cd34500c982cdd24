"""Addresses of the newsroom: integers, since Chinese titles have no slug."""

from django.urls import path, register_converter

from news import commentviews, feeds, views


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
    path("rss/", feeds.latest_rss, name="rss"),
    path("columns/<int:pk>/", views.ColumnDetailView.as_view(), name="column-detail"),
    path("columns/<int:pk>/feed/", feeds.latest_of_column, name="column-feed"),
    path("columns/<int:pk>/rss/", feeds.latest_of_column_rss, name="column-rss"),
    path("series/<int:pk>/", views.SeriesDetailView.as_view(), name="series-detail"),
    path("photos/<key:key>/<int:width>.jpg", views.PhotoView.as_view(), name="photo"),
    path("files/<key:key>/", views.FileView.as_view(), name="file"),
    path("comments/", commentviews.MyCommentsView.as_view(), name="my-comments"),
    path(
        "comments/<int:pk>/vote/", commentviews.VoteView.as_view(), name="comment-vote"
    ),
    path(
        "comments/<int:pk>/report/",
        commentviews.ReportView.as_view(),
        name="comment-report",
    ),
    path(
        "comments/<int:pk>/delete/",
        commentviews.DeleteView.as_view(),
        name="comment-delete",
    ),
    path(
        "comments/<int:pk>/appeal/",
        commentviews.AppealView.as_view(),
        name="comment-appeal",
    ),
    path("<int:pk>/comments/", commentviews.CommentsView.as_view(), name="comments"),
    path("<int:pk>/", views.ArticleDetailView.as_view(), name="article-detail"),
    path(
        "<int:pk>/preview/", views.ArticlePreviewView.as_view(), name="article-preview"
    ),
    path("<int:pk>/qr.svg", views.article_qr, name="article-qr"),
]
