"""Production: nothing here has a default worth guessing."""

from django.core.exceptions import ImproperlyConfigured

from .base import *

env.refuse("DEBUG", because="it shows secrets to whoever makes a page fail.")

SECRET_KEY = env.key("SECRET_KEY")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
# The first key encrypts, all decrypt: put a new one in front to rotate.
FIELD_KEYS = env.fernet_keys("FIELD_KEYS")
LOOKUP_KEY = env.key("LOOKUP_KEY")
if LOOKUP_KEY == SECRET_KEY:
    # the one is changed after a break-in, the other can never be
    raise ImproperlyConfigured("LOOKUP_KEY must be another key than SECRET_KEY.")

DATABASES = {"default": env.joined(env.guarded_database(), DATABASE_OPTIONS)}
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))

IS_DEMONSTRATION = False

SMS_BACKEND = env.text("SMS_BACKEND", "gateway")
if SMS_BACKEND != "gateway":
    raise ImproperlyConfigured("SMS_BACKEND must be gateway in production.")
SMS_URL = env.https("SMS_URL")
SMS_KEY = env.text("SMS_KEY")
SMS_SUCCESS = env.text("SMS_SUCCESS", SMS_SUCCESS)
if not all(SMS_SUCCESS.partition("=")):
    raise ImproperlyConfigured("SMS_SUCCESS must be a field and its value: status=ok.")
SMS_SIGNATURE = env.text("SMS_SIGNATURE", "") or SMS_SIGNATURE

# nginx terminates TLS on the same machine and sets this header itself.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# It also sets X-Forwarded-For to the visitor's address. Without this every visitor
# would be 127.0.0.1 to the log-in's limit, and one of them could use it up for all.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
