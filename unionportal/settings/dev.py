"""Demonstration and development on one machine. Never reachable from outside.

The keys below are public: they protect invented people only. ``manage.py demo``
refuses to run under production settings, and production refuses these keys.
"""

from unionportal import embedded_postgres

from .base import *

# Only production reads these. Somebody loaded its environment and not its settings: the
# database that DATABASE_URL names would be served without a second factor.
env.refuse(
    "CSRF_TRUSTED_ORIGINS",
    "SMS_URL",
    "SMS_KEY",
    because="these are demonstration settings, and this is production's environment. "
    "For production set DJANGO_SETTINGS_MODULE=unionportal.settings.production.",
)

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY", "demonstration-only-" + "x" * 40)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1 localhost [::1]")
FIELD_KEYS = env.words("FIELD_KEYS", "ZGVtb25zdHJhdGlvbi1vbmx5LWtleS0wMDAwMDAwMDA=")
LOOKUP_KEY = env.text("LOOKUP_KEY", "demonstration-only-lookup-key")

DATABASES = {
    "default": env.joined(
        env.database(purpose="demonstration")
        or embedded_postgres.settings(VAR_DIR / "postgres"),
        DATABASE_OPTIONS,
    )
}

IS_DEMONSTRATION = True
HAS_STYLEGUIDE = True

# The demonstration accounts share a short password that everybody knows.
PASSWORD_RULES["staff"] = PASSWORD_RULES["worker"]
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR")
ROLES_NEED_SECOND_PERSON = env.flag("ROLES_NEED_SECOND_PERSON")

if DEBUG:
    PAGE_CACHE_BYTES = 0  # templates are being changed
    INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS]
    STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
