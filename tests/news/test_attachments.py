"""Attachments and films of an article: checked by what they are, part of the version,
there for exactly those who may read the article."""

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from news import content as news_content
from news import services
from news.comparison import compare
from news.enums import ColumnJob
from news.models import Article, ArticleFile, ArticleVideo
from news.services import FileWords, VideoLink
from tests.filesamples import film, office, pdf, upload
from tests.news.back_office import ADD, WRITES, change_url, kept, typed, with_rights
from tests.news.factories import (
    make_article,
    make_column,
    make_content,
    make_draft,
    make_sent,
    publish_newest,
    save_version,
)

pytestmark = pytest.mark.django_db
NEW = "/admin/news/article/file/"
WATCH = "https://v.qq.com/x/page/a1.html"


def make_file(content=None, name="报名表") -> FileWords:
    stored = services.keep_file(upload(content or pdf(), f"{name}.pdf"))
    return FileWords(replace(stored, name=""), name)


def address(file: FileWords) -> str:
    return f"/news/files/{file.file.key}/"


def writer_in(column):
    user = with_rights(*WRITES)
    user.user_permissions.set(user.user_permissions.exclude(codename="all_columns"))
    services.give_duty(column=column, user=user, job=ColumnJob.EDIT, by=None)
    client = Client()
    client.force_login(user)
    return client


def test_attachment_is_there_exactly_as_long_as_its_article(client):
    later = timezone.now() + timedelta(days=1)
    files = [make_file() for _number in range(5)]
    make_draft(files=(files[0],))
    make_sent(files=(files[1],))
    publish_newest(article=make_sent(files=(files[2],)), at=later)
    gone = make_article(files=(files[3],))
    services.withdraw(article=gone, by=None, reason="示例")
    live = make_article(files=(files[4],))

    def seen():
        return [client.get(address(file)).status_code for file in files]

    assert seen() == [404, 404, 404, 404, 200]
    without = replace(services.content_of(live.live_version), files=())
    save_version(article=live, content=without)
    assert seen()[4] == 200  # not out yet
    publish_newest(article=live)
    assert seen()[4] == 404
    assert client.get("/news/files/" + "0" * 32 + "/").status_code == 404


def test_attachment_of_a_draft_opens_for_who_works_in_its_column_only():
    column, foreign = make_column(), make_column()
    file = make_file()
    article = make_draft(column=column, files=(file,))

    assert writer_in(column).get(address(file)).status_code == 200
    assert writer_in(foreign).get(address(file)).status_code == 404
    make_sent(column=column, files=(file,))
    assert writer_in(foreign).get(address(file)).status_code == 404
    assert article.draft


def test_attachment_is_saved_under_its_chinese_name_and_runs_nowhere(client):
    file = make_file(office("xlsx"), "2018年 报名表")
    make_article(files=(file,))

    response = client.get(address(file))

    said = response["Content-Disposition"]
    assert said == (
        "attachment; filename*=utf-8''2018%E5%B9%B4_%E6%8A%A5%E5%90%8D%E8%A1%A8.xlsx"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "public, max-age=60"
    assert response.content == office("xlsx")


def test_film_is_given_piece_by_piece(client):
    file = make_file(film(), "开幕式")
    make_article(files=(file,))
    whole = client.get(address(file))
    content = whole.content

    def part(asked, **more):
        return client.get(address(file), headers={"range": asked, **more})

    assert whole["Accept-Ranges"] == "bytes"
    assert whole["Content-Disposition"].startswith("inline")
    first = part("bytes=0-99")
    assert (first.status_code, first.content) == (206, content[:100])
    assert first["Content-Range"] == f"bytes 0-99/{len(content)}"
    assert part("bytes=100-").content == content[100:]
    assert part("bytes=-10").content == content[-10:]
    assert part("bytes=0-99999999").content == content
    beyond = part(f"bytes={len(content)}-")
    assert beyond.status_code == 416
    assert beyond["Content-Range"] == f"bytes */{len(content)}"
    for odd in ("bytes=9-2", "bytes=-0"):
        assert part(odd).status_code == 416
    for ignored in ("bytes=0-1,3-4", "bytes=a-b", "lines=0-1", "bytes=-"):
        assert part(ignored).status_code == 200
    other = part("bytes=0-1", **{"if-range": '"another"'})
    assert other.status_code == 200
    same = client.get(address(file), headers={"if-none-match": whole["ETag"]})
    assert same.status_code == 304


def test_page_offers_attachments_with_type_and_weight_and_loads_no_other_site(client):
    article = make_article(
        files=(make_file(), make_file(film(), "开幕式")),
        videos=(VideoLink(WATCH, "工匠访谈"),),
    )

    page = client.get(article.get_absolute_url()).content.decode()

    assert "PDF，1KB" in page
    assert "<video" in page
    assert f'href="{WATCH}"' in page
    for word in ("src", "poster", "data", "action"):
        assert f'{word}="https://' not in page


def test_version_keeps_its_attachments_for_good_and_older_ones_their_digest():
    file, video = make_file(), VideoLink(WATCH, "工匠访谈")
    article = make_article(files=(file,), videos=(video,))
    version = article.live_version
    content = services.content_of(version)

    assert (content.files, content.videos) == ((file,), (video,))
    for number in (1, 2):
        assert news_content.digest(content, number) == news_content.digest(
            replace(content, files=(), videos=()), number
        )
    for other in (
        replace(content, files=()),
        replace(content, files=(replace(file, name="别名"),)),
        replace(content, videos=(replace(video, title="别名"),)),
        replace(content, files=(make_file(pdf(b"/X 1 ")),)),
    ):
        assert news_content.digest(other, 3) != version.sha256
    ArticleFile.objects.create(
        version=version, key="f" * 32, sha256="", size=1, kind="pdf", name="后来加的"
    )
    with pytest.raises(ValueError, match="not what was saved"):
        publish_newest(article=article)


@pytest.mark.parametrize("model", [ArticleFile, ArticleVideo])
def test_parts_of_a_version_never_change(model):
    make_sent(files=(make_file(),), videos=(VideoLink(WATCH, "片"),))

    with pytest.raises(Exception, match="Cannot update or delete"):
        model.objects.update(order=9)


def test_file_of_a_kind_that_nobody_knows_is_refused_by_the_table():
    version = make_sent().versions.get()

    with pytest.raises(IntegrityError, match="kind_is_known"):
        ArticleFile.objects.create(
            version=version, key="a" * 32, sha256="", size=1, kind="html", name="x"
        )


def test_upload_becomes_an_attachment_of_the_draft(writer):
    column = make_column()
    made = writer.post(NEW, {"file": upload(office(), "报名 表.docx")}).json()
    row = {name: made[name] for name in ("key", "receipt", "name")}
    link = {"url": WATCH, "title": "工匠访谈"}

    writer.post(ADD, typed(column, files=[row], videos=[link]))

    content = kept(Article.objects.get())
    assert [one.in_words for one in content.files] == ["报名_表（DOCX，1KB）"]
    assert content.videos == (VideoLink(WATCH, "工匠访谈"),)
    article = Article.objects.get()
    again = typed(column, files=[{"key": made["key"], "name": "申请表"}])
    assert writer.post(change_url(article), again).status_code == 302
    assert [one.name for one in kept(article).files] == ["申请表"]


def test_attachment_without_a_script_comes_by_its_box_and_survives_a_mistake(writer):
    column = make_column()
    bad = typed(
        column, title="", files=[{"file": upload(pdf(), "通知.pdf"), "name": ""}]
    )

    back = writer.post(ADD, bad)

    form = back.context["inline_admin_formsets"][2].formset.forms[0]
    receipt = form["receipt"].value()
    row = {"receipt": receipt, "name": ""}
    assert writer.post(ADD, typed(column, files=[row])).status_code == 302
    assert [one.name for one in kept(Article.objects.get()).files] == ["通知"]


def test_attachment_that_is_none_is_refused_at_its_box_and_nothing_stays(writer):
    column = make_column()
    page = upload(b"<script>act()</script>", "a.pdf")

    by_script = writer.post(NEW, {"file": page})
    page.seek(0)
    by_form = writer.post(ADD, typed(column, files=[{"file": page, "name": ""}]))

    assert by_script.status_code == 400
    errors = by_form.context["inline_admin_formsets"][2].formset.errors
    assert "只收PDF" in errors[0]["file"][0]
    assert not default_storage.exists(services.FILE_SHELF)
    assert not Article.objects.exists()


def test_attachment_of_another_receipt_is_not_taken(writer):
    column = make_column()
    photo = writer.post(
        "/admin/news/article/picture/", {"file": upload(pdf(), "x.pdf")}
    )
    assert photo.status_code == 400
    for row in ({"key": "0" * 32, "name": "x"}, {"receipt": "a:b:c", "name": "x"}):
        answer = writer.post(ADD, typed(column, files=[row]))
        errors = answer.context["inline_admin_formsets"][2].formset.errors
        assert errors[0]["file"]


def test_upload_of_an_attachment_is_for_who_writes_in_the_column():
    column = make_column()
    mine, foreign = make_draft(column=column), make_draft()
    client = writer_in(column)

    def up(article):
        place = f"/admin/news/article/{article.pk}/file/"
        return client.post(place, {"file": upload(pdf(), "x.pdf")}).status_code

    assert (up(mine), up(foreign)) == (200, 404)
    assert Client().post(NEW).status_code == 302


LOOKALIKES = [
    "http://v.qq.com/x/page/a.html",
    "https://v.qq.com/",
    "https://v.qq.com.evil.example/x",
    "https://evil.example/v.qq.com/x",
    "https://v.qq.com@evil.example/x",
    "https://v.qq.com:8443/x",
    "https://V.QQ.com\\@evil.example/x",
    "//v.qq.com/x",
    "javascript:act()//https://v.qq.com/x",
    "JaVaScRiPt:act()",
    "data:text/html,<script>act()</script>",
    'https://v.qq.com/x" onclick="act()',
    "https://v.qq.com/<script>act()</script>",
    "https://v.qq.com/\u202eact",
    "https://v．qq．com/x",
    "https://[v.qq.com/x",
    "https://v.qq.com\n.evil.example/x",
]


def test_video_link_of_another_site_is_refused_by_page_and_verb(writer):
    column = make_column()
    for url in LOOKALIKES:
        row = {"url": url, "title": "片"}
        answer = writer.post(ADD, typed(column, videos=[row]))
        errors = answer.context["inline_admin_formsets"][3].formset.errors
        assert errors[0]["url"], url
        bad = make_content(videos=(VideoLink(url, "片"),))
        reasons = news_content.content_reasons(bad)
        assert {reason.code for reason in reasons} == {"video_unknown"}, url


def test_comparison_names_attachments_that_came_went_or_only_changed_inside():
    one, other = make_file(), make_file(pdf(b"/X 1 "))
    link = VideoLink(WATCH, "工匠访谈")
    old = make_content(title="题", files=(one,))
    new = make_content(title="题", files=(other,), videos=(link,))

    rows = {row.label: row for row in compare(old, new).rows}

    assert rows["附件"].old != rows["附件"].new
    assert "报名表（PDF，1KB）" in rows["附件"].new
    assert rows["视频链接"].old == ""
    assert WATCH in rows["视频链接"].new


def test_file_that_nobody_came_to_name_is_swept(settings):
    lost, typed_in, sent = make_file(), make_file(), make_file()
    make_draft(files=(typed_in,))
    make_sent(files=(sent,))
    old = time.time() - 3 * 24 * 3600
    for file in (lost, typed_in, sent):
        mark = Path(settings.MEDIA_ROOT, "pending", services.FILE_SHELF, file.file.key)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
        os.utime(mark, (old, old))

    assert services.forget_files() == 1
    shelf = Path(settings.MEDIA_ROOT, services.FILE_SHELF)
    assert not (shelf / lost.file.key).exists()
    assert (shelf / typed_in.file.key).exists()
    assert (shelf / sent.file.key).exists()
