"""What is dropped or pasted into the editor of an article goes up by itself, before the
page is saved: the answer is a receipt that the form brings back."""

from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _

from common.errors import Reason, Refusal
from common.receipts import receipt_of
from news import services
from news.enums import ColumnJob
from news.forms import FileForm, PhotoForm
from news.models import ArticleFile, ArticlePhoto, Column


class Uploads:
    """For ``ArticleAdmin``: nothing here belongs to an article yet, and what no draft
    or version comes to name is swept away after two days."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("picture/", wrap(self.picture_new), name="news_article_picture_new"),
            path(
                "<int:pk>/picture/",
                wrap(self.picture_view),
                name="news_article_picture",
            ),
            path("file/", wrap(self.file_new), name="news_article_file_new"),
            path("<int:pk>/file/", wrap(self.file_view), name="news_article_file"),
            *super().get_urls(),
        ]

    @csrf_protect_m
    def picture_new(self, request):
        return self.taken_anew(request, keep_photo)

    @csrf_protect_m
    def file_new(self, request):
        return self.taken_anew(request, keep_file)

    def taken_anew(self, request, keep):
        """For an article that is not kept yet: of whoever writes in some column."""
        columns = Column.objects.worked_in_by(request.user, ColumnJob.EDIT)
        if not self.has_add_permission(request) or not columns.exists():
            raise PermissionDenied
        return self.taken(request, keep)

    @csrf_protect_m
    def picture_view(self, request, pk):
        return self.taken_for(request, pk, keep_photo)

    @csrf_protect_m
    def file_view(self, request, pk):
        return self.taken_for(request, pk, keep_file)

    def taken_for(self, request, pk, keep):
        article = self.found(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return self.taken(request, keep)

    def taken(self, request, keep):
        """What ``keep`` says of the one file that was sent, or why it was not taken."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            upload = request.FILES.get("file")
            if upload is None:
                raise Refusal(Reason("no_file", _("没有收到文件，请再试一次")))
            return JsonResponse(keep(upload))
        except Refusal as refusal:
            return JsonResponse({"refused": str(refusal)}, status=400)


def keep_photo(upload) -> dict:
    kept = services.keep_picture(upload)
    photo = ArticlePhoto(key=kept.key)
    return {
        "key": kept.key,
        "receipt": receipt_of(PhotoForm.SHELF, kept),
        "small": photo.small_url,
        "medium": photo.medium_url,
    }


def keep_file(upload) -> dict:
    kept = services.keep_file(upload)
    row = ArticleFile(size=kept.size, kind=kept.kind)
    return {
        "key": kept.key,
        "receipt": receipt_of(FileForm.SHELF, kept),
        "name": kept.name,
        "said": f"{row.get_kind_display()}，{row.weight}",
    }
