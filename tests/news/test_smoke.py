import pytest

from news.models import *
from tests.news.factories import *

pytestmark = pytest.mark.django_db

def test_smoke(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    s = make_series(planned_parts=2)
    p = make_photo(caption="说明", credit="市总工会供图")
    a = make_article(series=s, series_no=1, subtitle="——副题", editor_note="按\n二", bylines=(reporter(),), photos=(p,), body=f'<p>　　x</p><p><img data-file="{p.picture.key}" src="/x"></p><p>——a。b</p>')
    b = make_article(column=a.column)
    for url in [a.get_absolute_url(), "/news/", a.column.get_absolute_url(), s.get_absolute_url(), "/news/feed/", f"/news/{a.pk}/qr.svg", a.lead_photo.small_url]:
        r = client.get(url)
        print(url, r.status_code)
        assert r.status_code == 200, r.content.decode()[:3000]
    print(client.get(a.get_absolute_url()).content.decode()[1000:])
