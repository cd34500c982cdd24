"""Production refuses to start half-configured, and Django finds nothing to warn of."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.covers("settings")

ROOT = Path(__file__).resolve().parents[2]

WHOLE = {
    "DJANGO_SETTINGS_MODULE": "unionportal.settings.production",
    "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "portal.example",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example",
    "FIELD_KEYS": "mUZ0-3-tNR1NENVcPTVy37o0GHzZPvPp_nVbEuqT8Yc=",
    "LOOKUP_KEY": "l" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal",
    "SMS_URL": "https://sms.example/send",
    "SMS_KEY": "a-key",
}


def manage(*arguments, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


# Reads production's settings again for each of the environments, in a process of its own.
READ = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
found, bare = [], dict(os.environ)
for environment in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(bare | environment)
    for name in [name for name in sys.modules if name.startswith("unionportal")]:
        del sys.modules[name]
    try:
        read = importlib.import_module("unionportal.settings.production")
        entry = read.DATABASES["default"]
        found.append([
            None, len(read.FIELD_KEYS), str(read.MEDIA_ROOT),
            entry["OPTIONS"].get("sslmode"), entry["USER"], entry["OWNER"]["USER"],
        ])
    except ImproperlyConfigured as refused:
        found.append([str(refused)])
print(json.dumps(found))
"""


def production(*environments):
    """For each, what is said against it, or None and some of the settings."""
    done = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        input=json.dumps([WHOLE | environment for environment in environments]),
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout or done.stderr)


def test_settings_of_production_pass_the_deploy_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **WHOLE)

    assert "no issues" in done.stdout, done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("missing", sorted(WHOLE.keys() - {"DJANGO_SETTINGS_MODULE"}))
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_settings_of_production_do_not_start_without(missing, how):
    environment = {name: value for name, value in WHOLE.items() if name != missing}
    if how == "empty":
        environment[missing] = ""

    done = manage("check", **environment)

    assert done.returncode != 0
    assert f"Environment variable {missing} is required." in done.stderr


DEMONSTRATION_FIELD_KEY = "ZGVtb25zdHJhdGlvbi1vbmx5LWtleS0wMDAwMDAwMDA="
WEAK = [
    ("SECRET_KEY", "demonstration-only-" + "x" * 40),
    ("SECRET_KEY", "short"),
    ("LOOKUP_KEY", "demonstration-only-lookup-key"),
    ("LOOKUP_KEY", "k"),
    ("LOOKUP_KEY", "ab" * 30),
    ("LOOKUP_KEY", WHOLE["SECRET_KEY"]),
    ("FIELD_KEYS", DEMONSTRATION_FIELD_KEY),
    ("FIELD_KEYS", f"{WHOLE['FIELD_KEYS']},{DEMONSTRATION_FIELD_KEY}"),
    ("FIELD_KEYS", "no-fernet-key"),
    ("FIELD_KEYS", "A" * 43 + "="),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "portal.example,*"),
    ("ALLOWED_HOSTS", "https://portal.example"),
    ("CSRF_TRUSTED_ORIGINS", "http://portal.example"),
    ("CSRF_TRUSTED_ORIGINS", "https://*.example"),
    ("SMS_URL", "http://sms.example/send"),
    ("SMS_URL", "https://"),
    ("SMS_BACKEND", "outbox"),
    ("SMS_SUCCESS", "ok"),
    ("SMS_SITE_HOURLY", "0"),
    ("DEBUG", "1"),
    ("DATABASE_URL", "postgres://portal:password@127.0.0.1/portal"),
    ("DATABASE_URL", "postgres://postgres:secret@127.0.0.1/portal"),
    ("DATABASE_OWNER_URL", WHOLE["DATABASE_URL"]),
    ("DATABASE_OWNER_URL", "postgres://owner:owner@127.0.0.1:1/portal"),
    ("DATABASE_OWNER_URL", "postgres://owner:secret@127.0.0.1:1/another"),
    ("DATABASE_OWNER_URL", "postgres://owner:secret@another:1/portal"),
]


def test_settings_of_production_refuse_what_is_public_or_can_be_guessed():
    said = production(*({name: value} for name, value in WEAK))

    for (name, value), (complaint, *_) in zip(WEAK, said, strict=True):
        assert complaint, f"{name}={value} is taken"
        assert complaint.startswith(name)
        assert " must " in complaint
        assert "\n" not in complaint
        may_be_told = name.endswith(("HOSTS", "ORIGINS"))
        assert may_be_told or len(value) < 10 or value not in complaint


def test_settings_of_production_take_a_rotated_key_empty_lines_two_roles_and_tls():
    kept = f"{WHOLE['FIELD_KEYS']} 1_4vMNrqzyyvrQZQ-cnQWThQ0ACFzVmtbfOmjW6pvZQ="

    said = production(
        {
            "FIELD_KEYS": kept,
            "MEDIA_ROOT": "",
            "PORTAL_VAR": "",
            "DEBUG": "0",
            "DATABASE_URL": "postgres://portal:secret@db/portal?sslmode=verify-full",
            "DATABASE_OWNER_URL": "postgres://portal_owner:secret@db/portal",
        }
    )

    media = str(ROOT / "var" / "media")
    assert said == [[None, 2, media, "verify-full", "portal", "portal_owner"]]


@pytest.mark.parametrize("name", ["SMS_KEY", "SMS_URL", "CSRF_TRUSTED_ORIGINS"])
def test_settings_of_the_demonstration_do_not_start_in_productions_environment(name):
    """Else ``make run`` would serve production's database without a second factor."""
    done = manage("check", **{name: WHOLE[name]})

    assert done.returncode != 0
    assert f"{name} must not be set here" in done.stderr


WHO = """
from allauth.account.adapter import get_adapter
from django.test import RequestFactory
heard = {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "REMOTE_ADDR": "127.0.0.1"}
print(get_adapter().get_client_ip(RequestFactory().get("/", **heard)))
"""


def test_settings_behind_the_proxy_give_each_visitor_their_own_address():
    """Else the limit on log-ins would count the whole city as one visitor."""
    done = manage("shell", "--no-imports", "-c", WHO, **WHOLE)

    assert done.stdout.strip() == "203.0.113.9", done.stderr


@pytest.mark.parametrize("url", ["mysql://a:b@c/d", "sqlite:///x", "nonsense"])
def test_settings_take_only_postgres(url):
    done = manage("check", **WHOLE | {"DATABASE_URL": url})

    assert done.returncode != 0
    assert "DATABASE_URL" in done.stderr


def test_settings_of_production_never_make_demonstration_content():
    done = manage("demo", **WHOLE)

    assert done.returncode != 0
    assert "production" in done.stderr.lower() or "demonstration" in done.stderr.lower()


@pytest.mark.django_db
def test_settings_let_the_database_read_what_is_committed():
    """The desk's guarded statements are right under READ COMMITTED only."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)


@pytest.mark.django_db
def test_settings_set_the_clock_of_the_pages_to_shanghai():
    from django.utils import timezone

    assert timezone.get_current_timezone_name() == "Asia/Shanghai"


def test_settings_of_production_count_visitors_apart_and_protect_cookies():
    """Behind nginx every visitor comes from 127.0.0.1: without the header that nginx
    sets, one of them could use up everybody's attempts to log in."""
    ask = (
        "from django.conf import settings as s; from django.test import RequestFactory;"
        "from allauth.account.adapter import get_adapter;"
        "asked = RequestFactory().get('/', headers={'x-forwarded-for': '203.0.113.7'});"
        "print(get_adapter().get_client_ip(asked), s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_NAME)"
    )

    done = manage("shell", "-v", "0", "-c", ask, **WHOLE)

    assert done.stdout.split() == [
        *("203.0.113.7", "__Host-sessionid", "True", "True", "Lax"),
        "__Host-csrftoken",
    ], done.stderr


def test_settings_of_production_have_no_style_page():
    ask = "from django.urls import reverse; print(reverse('styleguide'))"

    done = manage("shell", "-v", "0", "-c", ask, **WHOLE)

    assert "NoReverseMatch" in done.stderr


RULES = """
import json
from django.conf import settings as s
print(json.dumps([
    s.STAFF_SECOND_FACTOR, s.PASSWORD_RULES["staff"], s.PASSWORD_RULES["worker"],
    s.STAFF_UNUSED_DAYS, s.STAFF_IDLE_SECONDS, s.SESSION_COOKIE_AGE,
    s.SMS_BACKEND, s.SMS_SECONDS < 5, s.SMS_SITE_HOURLY,
]))
"""


def test_settings_of_production_keep_the_log_in_rules_that_the_demonstration_relaxes():
    """GB/T 22239 for staff, ASVS for workers; the suite's own settings are lax."""
    more = {"SMS_SITE_HOURLY": "321", "STAFF_SECOND_FACTOR": "0"}  # no switch there

    done = manage("shell", "--no-imports", "-c", RULES, **WHOLE | more)

    assert json.loads(done.stdout) == [
        True,
        {"length": 12, "kinds": 3, "days": 90, "barred": 5},
        {"length": 8, "kinds": 1, "days": None, "barred": 0},
        90,
        30 * 60,
        7 * 24 * 3600,
        "gateway",
        True,
        321,
    ], done.stderr
