"""The suite's settings: as production, but quick and with keys of its own.

The suite works as the owner of the tables: it makes, copies and empties databases.
``tests/unionportal/test_two_roles.py`` works as the application does.
"""

import sys

from unionportal import embedded_postgres

from .base import *

SECRET_KEY = "only-for-tests-" + "y" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
FIELD_KEYS = ["b25seS1mb3ItdGVzdHMta2V5LTAwMDAwMDAwMDAwMDA="]
LOOKUP_KEY = "only-for-tests-lookup-key"

_private = VAR_DIR / "postgres-test"
DATABASES = {
    "default": env.joined(
        env.database(as_owner=True)
        or embedded_postgres.settings(_private, durable=False, as_owner=True),
        DATABASE_OPTIONS | {"CONN_MAX_AGE": 0},
    )
}

IS_DEMONSTRATION = True
HAS_STYLEGUIDE = True

# As in the demonstration; tests of the rules switch them on.
PASSWORD_RULES["staff"] = PASSWORD_RULES["worker"]
STAFF_SECOND_FACTOR = False
ROLES_NEED_SECOND_PERSON = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = VAR_DIR / "test-media"
SMS_OUTBOX = VAR_DIR / "test-outbox" / "sms.jsonl"
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# lxml comes with a tool of the tests (requirements-dev). openpyxl takes it where it finds
# it, and the server has none: it is loaded here as it is there.
sys.modules["lxml"] = None
import openpyxl  # noqa: E402, F401

del sys.modules["lxml"]
