"""Logs say what happened and lead to nobody."""

import json
import logging
import sys

import pytest

from common import logs
from tests.conftest import is_personal


def line_of(message, *args, exc_info=None):
    record = logging.LogRecord("portal", 20, __file__, 1, message, args, exc_info)
    return logs.JsonFormatter().format(record)


@pytest.mark.parametrize(
    "secret",
    [
        "13912345678",
        "+86 139 1234 5678",
        "139-1234-5678",
        "139.1234.5678",
        "１３９１２３４５６７８",
        "51049919900101001X",
        "510499199001010018",
        "510499900101001",
    ],
)
@pytest.mark.parametrize(
    "frame", ["number %s", "number=%s&x=1", "（%s）", '{"p":"%s"}']
)
def test_logs_mask_numbers_that_lead_to_a_person(secret, frame):
    line = line_of(frame, secret)

    assert secret not in line
    assert "***" in line


@pytest.mark.parametrize(
    "text",
    [
        "password=demo-2018",
        "'password': 'demo-2018'",
        '"code": "demo-2018"',
        "sessionid=demo-2018;",
        "csrfmiddlewaretoken=demo-2018",
    ],
)
def test_logs_mask_secrets_by_name(text):
    assert "demo-2018" not in line_of(text)


@pytest.mark.parametrize("text", ["【示例】验证码482913，10分钟", "验证码：482913"])
def test_logs_mask_the_code_of_a_text_message(text):
    assert "482913" not in line_of(text)


def test_logs_mask_a_traceback_too():
    try:
        raise ValueError("13912345678")
    except ValueError:
        line = line_of("failed", exc_info=sys.exc_info())

    assert "ValueError" in line
    assert "13912345678" not in line


@pytest.mark.parametrize(
    "text",
    ["2018-06-01 09:00", "共1,234条", "id 17239", "第6期", "192.168.1.100", "1.3.5"],
)
def test_logs_leave_ordinary_figures(text):
    assert json.loads(line_of(text))["message"] == text


def test_logs_have_one_json_object_a_line_with_the_requests_id():
    token = logs.request_id.set("abc")
    try:
        line = line_of("two\nlines")
    finally:
        logs.request_id.reset(token)

    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["request"], entry["level"]) == ("abc", "INFO")


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("sent to 13912345678", True),
        ("sent to +8613912345678", True),
        ("510499199001010018 is new", True),
        ("the code is 482913", True),
        ('{"message": "482913"}', True),
        ("2018-06-01T09:00:00.482913+08:00", False),
        ("f482913 and 4829130", False),
        ("the code is 482914", False),
    ],
)
def test_logs_of_the_whole_run_are_searched_for_people(line, is_found):
    """The control of the last line that every run of these tests prints."""
    assert is_personal(line, {"482913"}) is is_found


@pytest.mark.django_db
def test_log_in_leaves_no_number_and_no_password_in_the_logs(client, caplog):
    """The real handlers' formatter over everything that was logged on the way."""
    with caplog.at_level(logging.DEBUG):
        client.post(
            "/accounts/login/?next=/x&phone=13912345678",
            {"login": "13912345678", "password": "demo-2018"},
        )
        client.get("/no-such-page/13912345678/")
    lines = "\n".join(logs.JsonFormatter().format(record) for record in caplog.records)

    assert "no-such-page" in lines
    assert "13912345678" not in lines
    assert "demo-2018" not in lines


@pytest.mark.django_db
def test_logs_name_the_request_of_a_404(client, caplog):
    caplog.handler.addFilter(logs.RequestIdFilter())
    with caplog.at_level(logging.WARNING):
        response = client.get("/no-such-page/")

    named = {record.request_id for record in caplog.records}
    assert named == {response["X-Request-Id"]}
