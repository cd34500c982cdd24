"""Production: nothing here has a default worth guessing."""

from django.core.exceptions import ImproperlyConfigured

from .base import *

SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# The first key encrypts, all decrypt: put a new one in front to rotate.
FIELD_KEYS = env.words("FIELD_KEYS")
LOOKUP_KEY = env.text("LOOKUP_KEY")

DATABASES = {"default": env.database(env.text("DATABASE_URL")) | DATABASE_OPTIONS}
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))

IS_DEMONSTRATION = False

SMS_BACKEND = env.text("SMS_BACKEND", "gateway")
if SMS_BACKEND != "gateway":
    raise ImproperlyConfigured("SMS_BACKEND must be gateway in production.")
SMS_URL = env.text("SMS_URL")
if not SMS_URL.startswith("https://"):
    raise ImproperlyConfigured("SMS_URL must begin with https://.")
SMS_KEY = env.text("SMS_KEY")
SMS_SUCCESS = env.text("SMS_SUCCESS", SMS_SUCCESS)
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
