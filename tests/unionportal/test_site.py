"""网站设置: what staff write there stands on every page at once, and goes grey and back
by the clock alone."""

import io
from datetime import date, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from common import pagecache
from common.errors import Refusal
from common.models import Change
from tests.news.factories import make_article, make_column
from tests.pages import markup
from unionportal import services, site
from unionportal.models import (
    FooterLink,
    GreyPeriod,
    SiteMark,
    SiteSettings,
    mark_path,
)
from unionportal.roles import ADMINISTRATOR

pytestmark = pytest.mark.django_db

CHANGE = "/admin/unionportal/sitesettings/1/change/"
ADD_MARK = "/admin/unionportal/sitemark/add/"
FILLED = {
    "slogan": "实干兴工",
    "organiser": "示例信息中心",
    "address": "示例路1号",
    "postcode": "617000",
    "phone": "0812-0000000",
    "hotline": "12351",
    "report_phone": "0812-0000001",
    "report_email": "jubao@example.com",
    "icp": "蜀ICP备00000000号-1",
    "police_record": "川公网安备51040200000000号",
    "id_code": "5104000001",
    "greyperiod_set-TOTAL_FORMS": 0,
    "greyperiod_set-INITIAL_FORMS": 0,
    "footerlink_set-TOTAL_FORMS": 0,
    "footerlink_set-INITIAL_FORMS": 0,
}


def page(client, address="/"):
    return markup(client.get(address))


def picture(mode="RGBA", colour=(200, 0, 0, 0), size=(900, 600), kind="PNG"):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind)
    return SimpleUploadedFile("mark.png", out.getvalue())


def grey(starts_on, ends_on):
    row = GreyPeriod(starts_on=starts_on, ends_on=ends_on, occasion="哀悼")
    return services.save_site_part(row=row, by=None)


def today():
    return timezone.localdate()


# --- words -----------------------------------------------------------------------------


def test_site_settings_before_anything_is_written_let_every_page_stand(client):
    html = page(client)

    assert "职工服务热线" in html
    assert not SiteSettings.objects.exists()
    for empty in ("备案", "地址：", "举报", "网站标识码", "友情链接"):
        assert empty not in html.partition("<footer")[2], empty


def test_site_settings_stand_on_every_page_with_the_save(client, enter):
    enter(ADMINISTRATOR)
    before = page(client, "/honors/")

    answer = client.post(CHANGE, FILLED)

    assert answer.status_code == 302, answer.context["adminform"].errors
    after = page(client, "/honors/")
    assert "示例路1号" not in before
    for words in FILLED.values():
        if isinstance(words, str):
            assert words in after, words
    assert 'href="https://beian.miit.gov.cn/"' in after
    assert "beian.mps.gov.cn/#/query/webSearch?code=51040200000000" in after
    assert 'href="tel:0812-0000001"' in after
    assert 'href="mailto:jubao@example.com"' in after


def test_site_settings_say_once_what_was_saved(client, enter):
    enter(ADMINISTRATOR)

    said = client.post(CHANGE, FILLED, follow=True).context["messages"]

    assert [str(message) for message in said] == ["已保存网站设置。"]


def test_site_settings_saved_again_change_the_one_row_and_are_on_record(client, enter):
    user = enter(ADMINISTRATOR)
    client.post(CHANGE, FILLED)
    client.post(CHANGE, FILLED | {"slogan": "又一句"})

    row = SiteSettings.objects.get()
    last = Change.objects.of(row).last()
    assert (row.pk, row.slogan) == (1, "又一句")
    assert last.by == user


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("hotline", "", "请填写"),
        ("hotline", "打一二三", "电话只能由数字和“-”组成"),
        ("postcode", "61700", "邮编应为6位数字"),
        ("report_email", "举报", "邮箱"),
        ("icp", "备案中", "蜀ICP备12345678号-1"),
        ("police_record", "公安局", "川公网安备51040202000001号"),
        ("id_code", "标识", "只能是数字和字母"),
    ],
)
def test_site_settings_report_a_slip_at_its_field_and_store_nothing(
    client, enter, field, typed, sentence
):
    enter(ADMINISTRATOR)

    answer = client.post(CHANGE, FILLED | {field: typed})

    errors = answer.context["adminform"].errors
    assert list(errors) == [field]
    assert sentence in str(errors[field])
    assert "示例路1号" in answer.content.decode()  # what was typed is still there
    assert not SiteSettings.objects.exists()


def test_site_settings_links_stand_in_their_groups(client, enter):
    enter(ADMINISTRATOR)
    rows = [
        ("media", "示例日报", "https://news.example.com/"),
        ("superior", "示例总工会", "https://up.example.com/"),
        ("media", "示例电视台", "https://tv.example.com/"),
    ]
    sent = {"footerlink_set-TOTAL_FORMS": 3}
    for number, row in enumerate(rows):
        names = zip(("group", "name", "url"), row, strict=True)
        sent |= {f"footerlink_set-{number}-{name}": value for name, value in names}
        sent[f"footerlink_set-{number}-position"] = number

    client.post(CHANGE, FILLED | sent)

    assert site.current(pagecache.moment()).friend_links == [
        ("上级工会", [("示例总工会", "https://up.example.com/")]),
        (
            "本地媒体",
            [
                ("示例日报", "https://news.example.com/"),
                ("示例电视台", "https://tv.example.com/"),
            ],
        ),
    ]
    assert 'href="https://tv.example.com/"' in page(client)


def test_remove_site_part_takes_a_link_from_every_page(client, enter):
    link = FooterLink(group="media", name="旧报", url="https://old.example.com/")
    services.save_site_part(row=link, by=None)
    enter(ADMINISTRATOR)
    assert "旧报" in page(client)
    sent = {
        "footerlink_set-TOTAL_FORMS": 1,
        "footerlink_set-INITIAL_FORMS": 1,
        "footerlink_set-0-id": link.pk,
        "footerlink_set-0-site": 1,
        "footerlink_set-0-group": "media",
        "footerlink_set-0-name": "旧报",
        "footerlink_set-0-url": "https://old.example.com/",
        "footerlink_set-0-position": 0,
        "footerlink_set-0-DELETE": "on",
    }

    client.post(CHANGE, FILLED | sent)

    assert not FooterLink.objects.exists()
    assert "旧报" not in page(client)


def test_site_settings_verbs_drop_the_cached_pages(client, media):
    row = FooterLink(group="media", name="报", url="https://old.example.com/")
    mark = SiteMark(kind="emblem")
    verbs = [
        lambda: services.save_site(settings=SiteSettings(), by=None),
        lambda: services.save_site_part(row=row, by=None),
        lambda: services.remove_site_part(row=row, by=None),
        lambda: services.save_mark(mark=mark, upload=picture(), by=None),
        lambda: services.remove_mark(mark=mark, by=None),
    ]
    numbers = [pagecache.moment().generation]
    for verb in verbs:
        verb()
        numbers.append(pagecache.moment().generation)

    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://x/"])
def test_site_settings_links_lead_to_a_web_page_and_nowhere_else(client, enter, url):
    enter(ADMINISTRATOR)
    sent = {
        "footerlink_set-TOTAL_FORMS": 1,
        "footerlink_set-0-group": "media",
        "footerlink_set-0-name": "报",
        "footerlink_set-0-url": url,
        "footerlink_set-0-position": 0,
    }

    answer = client.post(CHANGE, FILLED | sent)

    assert "网址应以 https:// 或 http:// 开头" in answer.content.decode()
    row = FooterLink(group="media", name="报", url=url)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.save_site_part(row=row, by=None)


def test_site_settings_are_one_row(db):
    services.save_site(settings=SiteSettings(slogan="一"), by=None)
    services.save_site(settings=SiteSettings(slogan="二"), by=None)

    assert SiteSettings.objects.get().slogan == "二"
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteSettings.objects.create(pk=2)


@pytest.mark.parametrize("role", ["编辑", "终审", "工会干部", "审计员"])
def test_site_settings_are_changed_by_who_runs_the_site_only(client, enter, role):
    enter(role)

    answers = [client.post(CHANGE, FILLED), client.post(ADD_MARK, {"kind": "emblem"})]

    assert [answer.status_code for answer in answers] in ([403, 403], [302, 403])
    assert not SiteSettings.objects.exists()
    assert not SiteMark.objects.exists()


# --- grey ------------------------------------------------------------------------------

GREY = "<html"


def is_grey(client, address="/"):
    return " data-grey>" in page(client, address).partition("<head")[0]


def test_mourning_period_turns_public_pages_grey_and_not_the_back_office(client, enter):
    article = make_article()
    pages = ["/", article.get_absolute_url(), "/accounts/login/", "/no-such-page/"]
    assert not any(is_grey(client, address) for address in pages)

    grey(today(), today())

    assert all(is_grey(client, address) for address in pages)
    enter(ADMINISTRATOR)
    assert not is_grey(client, "/admin/")


def test_mourning_period_that_is_over_or_to_come_leaves_the_colours(client):
    grey(today() - timedelta(days=3), today() - timedelta(days=1))
    grey(today() + timedelta(days=1), today() + timedelta(days=3))

    assert not is_grey(client)


def moment(day, hour, minute, second=0):
    """A moment by the clock of Shanghai, in the generation that holds now."""
    when = datetime(2018, 4, day, hour, minute, second)
    now = timezone.make_aware(when)
    return pagecache.Moment(pagecache.moment().generation, now)


def test_mourning_period_comes_and_goes_at_midnight_with_nobody_there(db):
    """Asked in this order, so that what one asking keeps is not the next one's answer."""
    grey(date(2018, 4, 4), date(2018, 4, 5))
    grey(date(2018, 4, 7), date(2018, 4, 7))
    asked = [
        (3, 23, 59, 59),
        (4, 0, 0),
        (5, 23, 59, 59),
        (6, 0, 0),
        (6, 23, 59, 59),
        (7, 0, 0),
        (7, 23, 59, 59),
        (8, 0, 0),
    ]

    seen = [site.current(moment(*when)).is_grey for when in asked]

    assert seen == [False, True, True, False, False, True, True, False]


def test_mourning_period_ends_no_earlier_than_it_begins(client, enter):
    enter(ADMINISTRATOR)
    sent = {
        "greyperiod_set-TOTAL_FORMS": 1,
        "greyperiod_set-0-starts_on": "2018-04-05",
        "greyperiod_set-0-ends_on": "2018-04-04",
        "greyperiod_set-0-occasion": "哀悼",
    }

    answer = client.post(CHANGE, FILLED | sent)

    periods = next(
        inline.formset
        for inline in answer.context["inline_admin_formsets"]
        if inline.opts.model is GreyPeriod
    )
    assert periods.errors == [{"ends_on": ["结束日期不能早于开始日期。"]}]
    with pytest.raises(IntegrityError), transaction.atomic():
        grey(date(2018, 4, 5), date(2018, 4, 4))


# --- marks -----------------------------------------------------------------------------


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_save_mark_puts_an_emblem_in_the_banner_of_every_page(client, enter, media):
    enter(ADMINISTRATOR)
    before = page(client)

    answer = client.post(ADD_MARK, {"kind": "emblem", "file": picture()})

    assert answer.status_code == 302
    mark = SiteMark.objects.get()
    address = reverse("site-mark", args=[mark.key])
    banner = page(client).partition("</header>")[0]
    assert "banner__slot" not in before  # nothing drawn by us where an emblem belongs
    assert f'src="{address}" alt="" width="480" height="320"' in banner
    served = client.get(address)
    assert served["Content-Type"] == "image/png"
    shown = Image.open(io.BytesIO(served.content))
    assert shown.size == (480, 320)
    assert shown.getpixel((0, 0))[3] == 0  # clear parts stay clear


def test_save_mark_links_marks_of_the_footer_and_the_badges(client, media):
    for kind, link in [("wechat", ""), ("badge", "https://badge.example.com/")]:
        mark = SiteMark(kind=kind, link=link)
        services.save_mark(mark=mark, upload=picture(), by=None)

    foot = page(client).partition("<footer")[2]

    assert "扫码关注公众号" in foot
    assert 'href="https://badge.example.com/"' in foot


def test_save_mark_gives_another_picture_another_address_and_removes_the_old(
    client, media, django_capture_on_commit_callbacks
):
    mark = services.save_mark(mark=SiteMark(kind="emblem"), upload=picture(), by=None)
    old = mark.key
    with django_capture_on_commit_callbacks(execute=True):
        services.save_mark(mark=mark, upload=picture(size=(90, 90)), by=None)

    assert mark.key != old
    assert client.get(reverse("site-mark", args=[old])).status_code == 404
    assert not default_storage.exists(mark_path(old))
    assert default_storage.exists(mark_path(mark.key))


def test_remove_mark_takes_it_from_the_page_and_the_disk(
    client, enter, media, django_capture_on_commit_callbacks
):
    mark = services.save_mark(mark=SiteMark(kind="emblem"), upload=picture(), by=None)
    enter(ADMINISTRATOR)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/unionportal/sitemark/{mark.pk}/delete/", {"post": "yes"})

    assert not SiteMark.objects.exists()
    assert not default_storage.exists(mark_path(mark.key))
    assert "banner__slot" not in page(client)


def test_mark_page_shows_no_file_that_is_nobodys_mark(client, media):
    mark = services.save_mark(mark=SiteMark(kind="emblem"), upload=picture(), by=None)
    address = reverse("site-mark", args=[mark.key])
    assert client.get(address).content.startswith(b"\x89PNG")

    SiteMark.objects.all().delete()

    assert default_storage.exists(mark_path(mark.key))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "upload, sentence",
    [
        (None, "请选择图片文件"),
        (
            SimpleUploadedFile("a.png", b"<svg onload=alert(1)>"),
            "只支持 JPG、PNG、WebP",
        ),
        (SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\nrubbish"), "打不开这个文件"),
    ],
)
def test_save_mark_reports_what_is_no_picture_at_the_field(
    client, enter, media, upload, sentence
):
    enter(ADMINISTRATOR)

    answer = client.post(
        ADD_MARK, {"kind": "emblem"} | ({"file": upload} if upload else {})
    )

    assert sentence in str(answer.context["adminform"].errors["file"])
    assert not SiteMark.objects.exists()


def test_save_mark_refuses_a_second_emblem_in_words(client, enter, media):
    services.save_mark(mark=SiteMark(kind="emblem"), upload=picture(), by=None)
    enter(ADMINISTRATOR)

    answer = client.post(ADD_MARK, {"kind": "emblem", "file": picture()})

    assert "这一用处已经有图片" in answer.content.decode()


def test_save_mark_stores_nothing_of_the_uploaded_file_but_its_pixels(media):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret words"
    Image.new("RGB", (50, 40), "red").save(out, "JPEG", exif=exif)
    upload = SimpleUploadedFile("a.jpg", out.getvalue() + b"<script>trailing</script>")

    mark = services.save_mark(mark=SiteMark(kind="badge"), upload=upload, by=None)

    with default_storage.open(mark_path(mark.key)) as file:
        content = file.read()
    assert b"secret" not in content
    assert b"trailing" not in content
    assert (mark.width, mark.height) == (50, 40)  # never blown up


def test_save_mark_refuses_a_mark_without_a_picture():
    with pytest.raises(Refusal, match="请选择图片文件"):
        services.save_mark(mark=SiteMark(kind="emblem"), upload=None, by=None)


# --- pages -----------------------------------------------------------------------------


def test_site_map_leads_to_every_section(client):
    article = make_article()  # in a column beside the menu
    empty = make_column(in_menu=True)
    html = page(client, "/site-map/").partition("<main")[2].partition("</main")[0]

    for name in ("news:article-list", "activities:hub", "honors:honoree-list"):
        assert f'href="{reverse(name)}"' in html
    assert article.column.name in html
    assert empty.name not in html
    for address in {part.partition('"')[0] for part in html.split('href="')[1:]}:
        assert client.get(address).status_code in (200, 302), address


def test_site_map_costs_the_same_however_much_there_is(
    client, django_assert_max_num_queries
):
    for _ in range(4):
        make_article()
    page(client)
    with django_assert_max_num_queries(5):
        page(client, "/site-map/")


@pytest.mark.parametrize("address", ["/site-map/", "/statement/", "/accounts/privacy/"])
def test_site_map_is_linked_from_every_footer(client, address):
    assert f'href="{address}"' in page(client).partition("<footer")[2]
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_security_txt_says_where_to_report_and_is_still_good(client):
    answer = client.get("/.well-known/security.txt")

    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"].startswith("text/plain")
    assert lines["Contact"].startswith(("tel:", "http"))
    assert datetime.fromisoformat(lines["Expires"]) > timezone.now()
    assert lines["Canonical"].endswith("/.well-known/security.txt")
