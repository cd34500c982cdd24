"""Articles of an old site: DedeCMS dumps in both spellings, JSON lines, damaged files."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.errors import Refusal
from news import dedecms, oldarticles, services, sqldump
from news.ledgers import ImportedArticle
from news.models import Article, ArticleVersion, Column
from news.oldarticles import OldArticle
from news.services import importing
from tests.factories import make_user
from tests.news.factories import save_version
from unionportal.services import write_roles

CASES = Path(__file__).parents[1] / "cases" / "oldsite"
UPLOADS = CASES / "uploads"

pytestmark = pytest.mark.django_db


PHONE = "13900005555"


@pytest.fixture
def importer():
    write_roles()
    return make_user(roles=["终审"], is_staff=True, name="示例·终审", phone=PHONE)


def bring(file, importer=None, **options):
    """Run the command; (exit code, stdout, stderr)."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    if importer is not None:
        options |= {"by": PHONE, "reason": "旧站已发布"}
    try:
        call_command("import_articles", file, stdout=out, stderr=err, **options)
    except SystemExit as done:
        code = done.code
    return code, out.getvalue(), err.getvalue()


def put(importer, *articles, **options):
    """Bring these in by the verb; what became of each."""
    facts = {"source": "旧站", "importer": importer, "reason": "旧站已发布"}
    return list(importing.import_articles(articles=articles, **facts | options))


def old(**fields):
    fields = {
        "line": 1,
        "key": "1",
        "title": "旧闻",
        "column": "要闻",
        "published_at": datetime(2018, 6, 1, 0, 0, tzinfo=UTC),
        "body": "<p>正文。</p>",
    } | fields
    return OldArticle(**fields)


def test_import_of_a_gbk_dump_makes_live_articles_of_what_was_public(importer, client):
    code, said, told = bring(CASES / "gbk.sql", importer, uploads=UPLOADS)

    assert code == 2  # one has no text
    titles = set(Article.objects.live().values_list("title", flat=True))
    assert titles == {
        '示例市举办职工合唱"迎五一"展演',
        "誠信為本：O'Brien \\ 先生来访",
        "职工书屋开放时间",
    }
    article = Article.objects.get(title__contains="合唱")
    version = article.live_version
    assert article.publish_at == datetime(2018, 6, 1, 0, 0, tzinfo=UTC)  # 08:00 there
    assert article.column.name == "工会要闻"
    assert (version.source_name, version.bylines.get().name) == (
        "示例日报",
        "示例·王记者",
    )
    assert version.photos.get().alt == "合唱队在台上"
    assert version.photos.get().is_placed
    assert "<h2>奖项</h2>" in version.body
    for gone in ("script", "mso", "lost.jpg", "#p#", "plus/view"):
        assert gone not in version.body
    kept = ImportedArticle.objects.get(article=article)
    assert (kept.source, kept.external_key, kept.by) == ("dedecms", "11", importer)
    assert kept.reason == "旧站已发布"
    assert "未审核" in told
    assert "1张图片在上传目录中找不到" in told
    page = client.get(article.get_absolute_url())
    assert page.status_code == 200
    second = Article.objects.get(title__contains="信為本").live_version.body
    assert '他说："功夫在诗外"；(a),(b);' in second
    assert "C:\\temp 縗" in second


def test_import_again_changes_nothing(importer):
    bring(CASES / "utf8.sql", importer, uploads=UPLOADS)
    before = list(ArticleVersion.objects.values_list("pk", "sha256"))
    photos = list(Article.objects.values_list("lead_photo", "updated_at"))

    code, said, _told = bring(CASES / "utf8.sql", importer, uploads=UPLOADS)

    assert code == 0
    assert "未变2" in said
    assert list(ArticleVersion.objects.values_list("pk", "sha256")) == before
    assert list(Article.objects.values_list("lead_photo", "updated_at")) == photos


def test_import_of_json_lines_reports_each_article(importer, tmp_path):
    report = tmp_path / "report.csv"

    code, _said, _told = bring(
        CASES / "articles.jsonl", importer, uploads=UPLOADS, report=report
    )

    assert code == 2
    article = Article.objects.get()
    assert article.publish_at == datetime(2018, 6, 3, 1, 30, tzinfo=UTC)
    photo = article.live_version.photos.get()
    assert (photo.caption, photo.credit) == ("工地一角", "示例·赵摄影")
    rows = list(csv.reader(io.StringIO(report.read_text("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["2018-017", "2018-018", "2018-019"]
    assert [row[3] for row in rows[1:]] == ["新导入", "未导入", "未导入"]


def test_import_dry_run_changes_nothing_and_says_the_same():
    code, said, told = bring(CASES / "gbk.sql", dry_run=True, uploads=UPLOADS)

    assert code == 2
    assert "新导入3" in said
    assert "新建栏目“工会要闻”" in told
    assert not Article.objects.exists()
    assert not Column.objects.exists()


@pytest.mark.parametrize("name", ["gbk.sql", "utf8.sql"])
def test_import_of_a_dump_that_is_cut_off_brings_nothing_in(name, importer, tmp_path):
    whole = (CASES / name).read_bytes()
    cut = tmp_path / "cut.sql"
    for part in range(1, 12):
        cut.write_bytes(whole[: len(whole) * part // 12])
        with pytest.raises(CommandError, match="行|没有"):
            bring(cut, importer)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("old_text", "new_text"),
    [
        (b",'h',1,1,0,", b",'h',1,1,"),  # a value less
        (b"INSERT INTO `v57_archives`", b"\xff\xfeINSERT INTO `v57_archives`"),
        (b"),(", b") oops ("),
        (b"`v57_archives` VALUES", b"`v57_archives` SELECT"),
    ],
)
def test_import_of_a_damaged_dump_names_the_line(
    old_text, new_text, importer, tmp_path
):
    content = (CASES / "utf8.sql").read_bytes()
    assert old_text in content
    damaged = tmp_path / "damaged.sql"
    damaged.write_bytes(content.replace(old_text, new_text))

    with pytest.raises(CommandError, match="第[1-9][0-9]*行"):
        bring(damaged, importer)
    assert not Article.objects.exists()


def test_import_of_json_lines_with_a_broken_line_brings_nothing_in(importer, tmp_path):
    lines = (CASES / "articles.jsonl").read_text("utf-8").splitlines()
    broken = tmp_path / "broken.jsonl"
    broken.write_text("\n".join([lines[0], lines[1][:50]]), "utf-8")

    with pytest.raises(CommandError, match="第2行"):
        bring(broken, importer)
    assert not Article.objects.exists()


def test_import_needs_a_named_person_with_the_right_and_a_reason():
    write_roles()
    editor = make_user(roles=["编辑"], is_staff=True)
    for by, reason, codes in [
        (None, "旧站已发布", {"no_right"}),
        (editor, "旧站已发布", {"no_right"}),
        (editor, " ", {"no_right", "reason_missing"}),
    ]:
        with pytest.raises(Refusal) as refused:
            put(by, old(), reason=reason)
        assert refused.value.codes == codes
    assert not Article.objects.exists()


def test_import_of_a_changed_article_is_a_new_version_and_a_dated_correction(importer):
    put(importer, old())

    (outcome,) = put(importer, old(body="<p>改过的正文。</p>"))

    article = Article.objects.get()
    assert outcome.result == importing.CHANGED
    assert article.live_version.body == "<p>改过的正文。</p>"
    assert article.versions.count() == 2
    assert article.corrected_at is not None
    assert article.publish_at == datetime(2018, 6, 1, 0, 0, tzinfo=UTC)


def test_import_leaves_what_was_edited_here(importer):
    put(importer, old())
    article = Article.objects.get()
    content = services.Content(title="旧闻", body="<p>本站改的。</p>")
    save_version(article=article, content=content, by=None)

    (outcome,) = put(importer, old(body="<p>旧站改的。</p>"))

    assert outcome.result == importing.KEPT
    assert article.versions.count() == 2


def test_import_leaves_what_was_withdrawn_here(importer):
    put(importer, old())
    article = Article.objects.get()
    services.withdraw(article=article, by=None, reason="示例原因")

    (outcome,) = put(importer, old(body="<p>旧站改的。</p>"))

    article.refresh_from_db()
    assert outcome.result == importing.KEPT
    assert article.withdrawn_at is not None


def test_import_reports_a_bad_article_and_brings_the_others_in(importer):
    later = datetime.now(UTC) + timedelta(days=1)

    outcomes = put(
        importer,
        old(key="1", title="长" * 201),
        old(key="2", published_at=later),
        old(key="3", column="一二三四五六七八九十一二三四五六七八九十一"),
        old(key="4", source_url="javascript:alert(1)"),
        old(key="", title="没有编号"),
        old(key="6"),
    )

    assert [o.result for o in outcomes] == ["refused"] * 5 + ["new"]
    assert Article.objects.count() == 1


def test_import_calls_a_column_as_it_is_told(importer):
    column = Column.objects.create(name="工会新闻")

    put(importer, old(), columns={"要闻": "工会新闻"})

    assert Article.objects.get().column == column


@pytest.mark.parametrize(
    "src",
    [
        "../secret.jpg",
        "/..%2fsecret.jpg",
        "%2e%2e/secret.jpg",
        "link.jpg",
        "\x00",
        "//[",
    ],
)
def test_import_takes_no_picture_from_outside_the_folder(src, importer, tmp_path):
    picture = (UPLOADS / "allimg/180601/choir.jpg").read_bytes()
    (tmp_path / "secret.jpg").write_bytes(picture)
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")

    (outcome,) = put(
        importer, old(body=f'<p>字。</p><img src="{src}">'), uploads=folder
    )

    assert outcome.result == importing.NEW
    assert not Article.objects.get().live_version.photos.exists()


def test_import_uses_a_picture_again_when_the_words_change(importer):
    body = '<p>字。</p><p><img src="/uploads/allimg/180601/choir.jpg"></p>'
    put(importer, old(body=body), uploads=UPLOADS)

    put(importer, old(body=body, title="新题"), uploads=UPLOADS)

    first, second = ArticleVersion.objects.order_by("number")
    assert second.title == "新题"
    assert first.photos.get().key == second.photos.get().key


def test_rows_of_a_dump_are_the_same_however_it_is_cut_into_pieces(monkeypatch):
    def read(name, size):
        monkeypatch.setattr(sqldump, "_CHUNK", size)
        with (CASES / name).open("rb") as file:
            return list(dedecms.articles(file))

    for name in ("gbk.sql", "utf8.sql"):
        assert read(name, 3) == read(name, 1 << 16)


def test_rows_of_a_dump_written_byte_by_byte_are_read():
    """An old server that thought its GBK was latin1 escaped the second halves of
    characters: what was taken apart as GBK would end in the middle of a title."""
    title = "誠信"  # its first character ends in the byte of a backslash
    row = f"(1,1,1,0,'{title}',1527811200)".encode("gbk").replace(b"\\", b"\\\\")
    dump = (
        b"/*!40101 SET NAMES latin1 */;\n"
        b"INSERT INTO dede_archives (id, typeid, channel, arcrank, title, pubdate)"
        b" VALUES " + row + b";\n"
        b"INSERT INTO dede_arctype (id, typename) VALUES (1, 'x');\n"
        b"INSERT INTO dede_addonarticle (aid, body) VALUES (1, 'y');\n"
    )

    (article,) = dedecms.articles(io.BytesIO(dump))

    assert (article.title, article.trouble) == (title, "")


def test_dump_with_an_endless_text_is_refused_in_bounded_memory(monkeypatch):
    monkeypatch.setattr(sqldump, "LONGEST", 100_000)
    dump = io.BytesIO(b"INSERT INTO dede_archives (id) VALUES ('" + b"x" * 1_000_000)
    tokens = sqldump._Tokens(dump, "utf-8")

    with pytest.raises(sqldump.Damaged):
        list(tokens)
    assert len(tokens.held) < 400_000


def test_dump_of_two_sites_asks_which_is_meant(tmp_path):
    both = (CASES / "utf8.sql").read_bytes().replace(b"-- Dump completed", b"--")
    both += (CASES / "utf8.sql").read_bytes().replace(b"v57_", b"dede_")

    with pytest.raises(Refusal) as refused:
        list(dedecms.articles(io.BytesIO(both)))
    assert refused.value.codes == {"prefix_unclear"}
    assert len(list(dedecms.articles(io.BytesIO(both), prefix="dede"))) == 2


def test_json_lines_name_what_is_wrong_with_an_article(tmp_path):
    lines = [
        {"key": "1", "titel": "错字"},
        {"key": "2", "title": ["不是文字"]},
        {"key": "3", "title": "好", "published_at": "昨天"},
        {"key": "4", "title": "好", "published_at": "2018-06-01", "bylines": ["王"]},
        {"key": "5", "title": "好", "published_at": "2018-06-01", "photos": [{}]},
    ]
    file = io.BytesIO("\n".join(map(json.dumps, lines)).encode())

    found = list(oldarticles.from_json_lines(file))

    assert len(found) == 5
    assert all(article.trouble for article in found)
