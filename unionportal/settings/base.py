"""What holds everywhere. No secret has a default here."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("PORTAL_VAR", str(BASE_DIR / "var")))

DEBUG = False
HAS_STYLEGUIDE = False  # /styleguide/, for who builds pages
ROOT_URLCONF = "unionportal.urls"
WSGI_APPLICATION = "unionportal.wsgi.application"

INSTALLED_APPS = [
    "unionportal.apps.PortalConfig",
    "unionportal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",  # FORM_RENDERER looks for Django's own widgets through it
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_prose_editor",
    "pgtrigger",
    "django_tasks_db",
    "common",
    "members",
    "signups",
    "news",
    "activities",
    "activities.venues",
    "activities.training",
    "honors",
    "volunteers",
]

MIDDLEWARE = [
    "common.middleware.RefuseBadInput",
    "common.middleware.RequestId",
    "common.middleware.AuditScene",
    "common.publicpages.PublicPages",
    "django.middleware.security.SecurityMiddleware",
    "common.middleware.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "common.middleware.RefuseBadBody",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "members.security.middleware.Authentication",
    "common.middleware.PrivatePages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "members.security.middleware.SayWhy",
    "allauth.account.middleware.AccountMiddleware",
    "members.middleware.RateLimited",
    "common.pace.OnePerson",
    "common.middleware.Display",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "unionportal.context.chrome",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_TEMPLATE_PACK = "forms"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("forms",)
CRISPY_FAIL_SILENTLY = False

# --- language and time ---------------------------------------------------------
# One language: LocaleMiddleware is left out, it costs a fifth of a bare page.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["unionportal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- database ------------------------------------------------------------------
# ATOMIC_REQUESTS stays off: a transaction begins and ends inside one service
# function, where a reader can see what it protects.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_OPTIONS = {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 3,
        # A server that is cut off, where it is on another machine: the system gives up
        # waiting too. On a socket of this machine ``common.following`` alone does.
        "tcp_user_timeout": 4000,
        "keepalives_idle": 10,
        # A lock is waited for ten seconds at most. The one prepared statement (taking
        # a seat) is planned once a connection, not for each of its first five runs.
        "options": "-c lock_timeout=10s -c plan_cache_mode=force_generic_plan",
    },
}

# --- background tasks -------------------------------------------------------------
TASKS = {
    "default": {"BACKEND": "common.tasks.Queue", "QUEUES": ["default", "long"]},
}

# --- people and sessions ---------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["members.backends.WorkerBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
LOGOUT_REDIRECT_URL = "home"
SESSION_ENGINE = "common.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # since the log-in; no session is older
# Staff are logged out when they did nothing for so long (GB/T 22239).
STAFF_IDLE_SECONDS = 30 * 60
# How often a session notes that it is used: a write for staff, and hardly one for
# workers, whose list of devices shows days only.
SESSION_NOTED_SECONDS = {"staff": 60, "worker": 24 * 3600}
# A form that met an ended session is kept so long, and no larger (bytes).
KEPT_FORM_SECONDS = 24 * 3600
KEPT_FORM_BYTES = 64 * 1024
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "unionportal.views.csrf_failure"
MESSAGE_STORAGE = "common.messagecookie.SealedCookieStorage"

ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Our own pages see to that: no account exists before its number is proven.
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_FORMS = {"login": "members.forms.LoginForm"}
# Five wrong passwords lock that number for ten minutes (GB/T 22239); an address
# may fail far more often, since a whole factory shares one.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "5/10m/key"}

# What one person may ask to be done: so often in so many seconds, in each process.
PERSON_PACE = (30, 60)
# What one address may ask of the search, behind which a whole office may sit; and while
# somebody types, which asks for itself.
SEARCH_PACE, SUGGESTION_PACE = (120, 60), (600, 60)

# --- passwords and the second factor -----------------------------------------------
# docs/decisions/0007-passwords.md. Workers: OWASP ASVS. Staff: GB/T 22239. ``kinds``
# counts small letters, capitals, digits and anything else; ``days`` is the age at
# which the next log-in asks for a new one (None: never); ``barred`` how many of the
# last ones may not come back, the current one among them.
PASSWORD_RULES = {
    "worker": {"length": 8, "kinds": 1, "days": None, "barred": 0},
    "staff": {"length": 12, "kinds": 3, "days": 90, "barred": 5},
}
AUTH_PASSWORD_VALIDATORS = [{"NAME": "members.services.passwords.HouseRules"}]
PASSWORD_HASHERS = [
    "common.hashers.Argon2Hasher",
    # what was stored before: read, and replaced when its owner logs in
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Staff need a code of their telephone's app after the password (GB/T 22239, level 3).
STAFF_SECOND_FACTOR = True
# Roles and the way into the back office wait for a second administrator.
ROLES_NEED_SECOND_PERSON = True
# A number that lay unused so long may have another owner: a code alone does not open
# the account of a verified worker any more.
RESTED_DAYS = 180
STAFF_UNUSED_DAYS = 90  # after which a staff account waits for an administrator
MFA_ADAPTER = "members.security.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {"authenticate": "members.security.forms.CodeForm"}
MFA_TOTP_ISSUER = "攀枝花市总工会"
MFA_TOTP_TOLERANCE = 1  # half a minute early or late: telephones' clocks differ

# --- text messages ---------------------------------------------------------------
# Production sends through a gateway and reads the first three from the environment.
SMS_BACKEND = "outbox"  # a file and the console: for invented people only
SMS_URL = SMS_KEY = ""
SMS_SUCCESS = "status=ok"  # the field of the gateway's answer that says yes
SMS_OUTBOX = VAR_DIR / "outbox" / "sms.jsonl"
SMS_SIGNATURE = _("攀枝花市总工会")
SMS_SECONDS = 4  # of the whole call: nobody waits longer than five for an answer
SMS_CIRCUIT_FAILURES, SMS_CIRCUIT_SECONDS = 3, 30
SMS_NUMBER_SECONDS = 60  # between two texts to a number
SMS_NUMBER_HOURLY = 5
SMS_ACCOUNT_HOURLY = 10  # asked for by who is logged in, to whatever numbers
# Then a captcha, whose work doubles with every five more: a factory shares one address.
SMS_ADDRESS_HOURLY = 5
SMS_ADDRESS_DAILY = 300
SMS_SITE_HOURLY = env.number("SMS_SITE_HOURLY", 2000)
SMS_SITE_KEPT = 0.25  # of it for numbers that have an account
# Texts beside notices wait for the morning, in hours of Shanghai; equal hours: never.
SMS_QUIET_FROM = env.number("SMS_QUIET_FROM", 22)
SMS_QUIET_UNTIL = env.number("SMS_QUIET_UNTIL", 8)
# Whether the gateway sends a text once, however often its key is handed over.
SMS_KNOWS_KEYS = env.flag("SMS_KNOWS_KEYS", True)
SMS_CODE_SECONDS, SMS_CODE_TRIES = 600, 5  # ASVS 6.5.5, 6.6.3
# CAPTCHA_WORK is that of level 0, doubled with each level up to CAPTCHA_MOST. A sum,
# which a program answers in no time, takes a wait from level 1 on: so many seconds since
# the last text to this address, doubled as well.
CAPTCHA_SECONDS, CAPTCHA_WORK, CAPTCHA_MOST, CAPTCHA_SUM_SECONDS = 600, 50_000, 3, 10
# Raised when the notice changes in substance: everybody is asked again at log-in.
PRIVACY_VERSION = "2026-11"

# Reading needs no context in the audit trail, and costs a page a third of a query.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- cache -----------------------------------------------------------------------
# Rate limits count here, so it must be shared by all processes; the table comes
# with common's migrations. Keys are hashed with a key: allauth would put a plain
# hash of the phone number there.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "common_cache",
        "KEY_FUNCTION": "common.crypto.cache_key",
        # Past this number a third of the entries is thrown away, whatever they count:
        # at Django's 300, failures at other numbers would lift a number's lock.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# Finished pages for visitors, in the memory of each process: bytes. With 0
# nothing is kept and nothing stands in front of Django.
PAGE_CACHE_BYTES = env.number("PAGE_CACHE_BYTES", 16 * 1024 * 1024)

# Who reads an article is counted, once a day (docs/decisions/0037-readers.md).
COUNTS_READERS = True

# --- files -----------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"  # never served as such: a view asks whether the page is visible
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "common.links.StaticFiles"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# How long a request's body may be: of anybody on any page, of who is logged in on a
# form of the back office, and there with files (each kind of file has its own limit).
# ``deploy/nginx.conf`` says the same in front.
BODY_BYTES = {"anybody": 256 * 1024, "staff": 1024 * 1024, "upload": 20 * 1024 * 1024}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2560 * 1024  # the words of a form with files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- news ------------------------------------------------------------------------
# Working days that each review of an article may take.
NEWS_REVIEW_DAYS = {"first": 1, "second": 1, "final": 1}

# --- headers ---------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The nonce is sent only where a page asks for it (admin pages, never cached).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- logs ------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "common.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "common.logs.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "json",
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "portal": {"level": "INFO"},
    },
}
