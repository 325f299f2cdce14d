"""All settings of a.VAZ's desk; docs/deploy.md explains each name. No secret has a default."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from imas.environ import BASE_DIR, env_bool, env_int, env_list, env_text

django_stubs_ext.monkeypatch()

# --- who we are -----------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = env_text("AVAZ_SECRET_KEY")
SECRET_KEY_FALLBACKS = env_list("AVAZ_SECRET_KEY_FALLBACKS", "")
# Shared with the main system, which signs what it asks (avaz/link.py).
AVAZ_LINK_SECRET = env_text("AVAZ_LINK_SECRET")
if not (len(SECRET_KEY) >= 32 and len(AVAZ_LINK_SECRET) >= 32):
    raise ImproperlyConfigured("AVAZ_SECRET_KEY, AVAZ_LINK_SECRET: at least 32 characters each.")
AVAZ_URL: str = env_text("AVAZ_URL").rstrip("/")
IS_HTTPS = AVAZ_URL.startswith("https://")
ALLOWED_HOSTS = env_list("AVAZ_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [AVAZ_URL]
# Where the main system is, told to people, and which of its addresses says that it is well.
SITE_URL: str = env_text("SITE_URL", "http://localhost:8000").rstrip("/")
AVAZ_WATCHED_URL = env_text("AVAZ_WATCHED_URL", f"{SITE_URL}/readyz")
AVAZ_WATCH_SECONDS = env_int("AVAZ_WATCH_SECONDS", 15)
# So many answers in a row that are missing, or good, begin and end an outage.
AVAZ_WATCH_TIMES = env_int("AVAZ_WATCH_TIMES", 4)

# --- what the desk is made of ---------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "imas.web",
    "avaz.desk",
]
MIDDLEWARE = [
    "imas.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "imas.web.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "imas.web.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "imas.fallback.urls"
WSGI_APPLICATION = "imas.fallback.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "avaz.desk.context.frame",
            ],
        },
    },
]

# --- data -----------------------------------------------------------------------------------------
# One file, one small writer at a time (docs/decisions/0015-a-fallback-on-sqlite.md). Written
# through to the disk before an ARN is given.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(env_text("AVAZ_DATABASE", "var/avaz/avaz.sqlite3")).resolve(),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    },
}
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# --- doors ----------------------------------------------------------------------------------------
# Wrong codes and messages are counted for an address or phone, and for where they come from.
AVAZ_ATTEMPTS = env_int("AVAZ_ATTEMPTS", 5)
AVAZ_ATTEMPTS_PER_ADDRESS = env_int("AVAZ_ATTEMPTS_PER_ADDRESS", 50)
AVAZ_LOCK_SECONDS = env_int("AVAZ_LOCK_SECONDS", 900)
# Messages of one phone that are answered in a minute.
AVAZ_TEXTS_PER_MINUTE = env_int("AVAZ_TEXTS_PER_MINUTE", 10)
# Registrations of one access in an hour.
AVAZ_ARNS_PER_HOUR = env_int("AVAZ_ARNS_PER_HOUR", 200)
# How long ago trouble may have begun that somebody tells of.
AVAZ_TROUBLE_DAYS = env_int("AVAZ_TROUBLE_DAYS", 3)
# What the gateway shows with each message (Kannel's get-url); empty: that door is shut.
AVAZ_SMS_KEY = env_text("AVAZ_SMS_KEY", "")
AVAZ_SMS_NUMBER = env_text("AVAZ_SMS_NUMBER", "1882")
# The operator's SMSC: host:port, who we are there, and whether TLS is spoken; empty: none.
AVAZ_SMPP = env_text("AVAZ_SMPP", "")
AVAZ_SMPP_SYSTEM = env_text("AVAZ_SMPP_SYSTEM", "imas")
AVAZ_SMPP_PASSWORD = env_text("AVAZ_SMPP_PASSWORD", "")
AVAZ_SMPP_TLS = env_bool("AVAZ_SMPP_TLS", default=False)
# The gateway that takes messages for phones, as of the main system.
SMS_GATEWAY_URL = env_text("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = env_text("SMS_GATEWAY_TOKEN", "")
# How long what is sent is tried again.
AVAZ_SENDING_HOURS = env_int("AVAZ_SENDING_HOURS", 72)
# Proxies in front of the desk that add to X-Forwarded-For.
AVAZ_PROXIES = env_int("AVAZ_PROXIES", 0)

# --- sessions, cookies, transport -----------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-avaz" if IS_HTTPS else "avaz"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env_int("AVAZ_SESSION_SECONDS", 3600)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-avaz-csrf" if IS_HTTPS else "avaz-csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "imas.web.views.csrf_failure"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SECURE_SSL_REDIRECT = IS_HTTPS and env_bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
if env_bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- language, time, static files -----------------------------------------------------------------
LANGUAGES = [("lt", "Lietuvių"), ("en", "English")]
LANGUAGE_CODE = "lt"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["imas.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Vilnius"
USE_THOUSAND_SEPARATOR = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- mail and logs --------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env_text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env_int("EMAIL_PORT", 1025)
EMAIL_HOST_USER = env_text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env_text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "i.MAS a.VAZ <avaz@localhost>")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"trace": {"()": "imas.web.logging.TraceFilter"}},
    "formatters": {"json": {"()": "imas.web.logging.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["trace"]},
    },
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "INFO")},
}
