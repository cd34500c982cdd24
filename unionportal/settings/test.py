"""The suite's settings: as production, but quick and with keys of its own."""

from unionportal import embedded_postgres

from .base import *

SECRET_KEY = "only-for-tests-" + "y" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
FIELD_KEYS = ["b25seS1mb3ItdGVzdHMta2V5LTAwMDAwMDAwMDAwMDA="]
LOOKUP_KEY = "only-for-tests-lookup-key"

if url := env.text("DATABASE_URL", ""):
    DATABASES = {"default": env.database(url)}
else:
    DATABASES = {
        "default": embedded_postgres.settings(VAR_DIR / "postgres-test", durable=False)
    }
DATABASES["default"].update(DATABASE_OPTIONS)
DATABASES["default"]["CONN_MAX_AGE"] = 0

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
