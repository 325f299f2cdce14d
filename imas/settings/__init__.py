"""All settings, read top to bottom; what differs between places comes from the environment.

`environment` reads it; `browser`, `doors`, `mailbox`, `people` and `rest` hold the settings of
their subjects, the rest is here. docs/deploy.md explains each name. No secret has a default.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from accounts.providers.configuring import read_providers
from imas.celery import QUEUES, timetable
from imas.settings.avaz import *  # noqa: F403 - settings are names, and these are settings
from imas.settings.browser import *  # noqa: F403 - settings are names, and these are settings
from imas.settings.doors import *  # noqa: F403 - the same
from imas.settings.environment import (
    BASE_DIR,
    EMBEDDED,
    VAR_DIR,
    env_bool,
    env_int,
    env_list,
    env_text,
)
from imas.settings.exchange import *  # noqa: F403 - the same
from imas.settings.isaf import *  # noqa: F403 - the same
from imas.settings.ivaz import *  # noqa: F403 - settings are names, and these are settings
from imas.settings.mailbox import *  # noqa: F403 - the same
from imas.settings.people import *  # noqa: F403 - the same
from imas.settings.rest import *  # noqa: F403 - the same

django_stubs_ext.monkeypatch()

# --- who we are -----------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = env_text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS", "")
# The first key encrypts, every key decrypts: put a new key in front to change it.
PERSONAL_DATA_KEYS = env_list("PERSONAL_DATA_KEYS")
# Finds a person by personal code; changing it means fingerprinting all codes anew.
PERSONAL_LOOKUP_KEY = env_text("PERSONAL_LOOKUP_KEY")
if not (SECRET_KEY and PERSONAL_DATA_KEYS and PERSONAL_LOOKUP_KEY):
    raise ImproperlyConfigured(
        "SECRET_KEY, PERSONAL_DATA_KEYS, PERSONAL_LOOKUP_KEY: none is empty."
    )
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

# --- what the house is made of --------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_otp",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "imas.web",
    "accounts",
    "representation",
    "mailbox",
    "intake",
    "isaf",
    "ivaz",
    "avaz",
    "exchange",
    "exchange.desk",
]

# The commands that make up an economy to try the house with; never in production by itself.
if env_bool("DEMO", default=EMBEDDED):
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    "imas.web.middleware.RequestIdMiddleware",
    "imas.web.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "imas.web.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.sso.middleware.SharedSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "accounts.middleware.ReadyMiddleware",
    "representation.middleware.ActingMiddleware",
    "imas.web.middleware.RefusalMiddleware",
]

# Forms are drawn by the templates of the house where it has one, else by Django's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

ROOT_URLCONF = "imas.urls"
WSGI_APPLICATION = "imas.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "imas.web.context.frame",
                "mailbox.context.unread",
                "mailbox.context.unreachable",
                "avaz.context.outages",
            ],
        },
    },
]

# --- data -----------------------------------------------------------------------------------------
_connection_seconds = env_int("DATABASE_CONNECTION_SECONDS", 300)
# Behind a pooler, where connections are not kept, no statement is prepared either.
DATABASE_PREPARES = _connection_seconds != 0
DATABASES = {
    "default": {
        **dj_database_url.parse(
            env_text("DATABASE_URL"),
            conn_max_age=_connection_seconds,
            conn_health_checks=True,
        ),
        "ATOMIC_REQUESTS": False,
    },
}
REDIS_URL = env_text("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "imas.web.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "imas",
    },
}
STORAGES = {
    "default": {
        "BACKEND": "intake.storage.DurableStorage",
        "OPTIONS": {"location": env_text("DOCUMENTS_DIR", str(VAR_DIR / "documents"))},
    },
    # Scans of documents of people who apply for access: apart, encrypted, for a while.
    "scans": {
        "BACKEND": "intake.storage.DurableStorage",
        "OPTIONS": {"location": env_text("SCANS_DIR", str(VAR_DIR / "scans"))},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- long work ------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = QUEUES
CELERY_TASK_DEFAULT_QUEUE = "intake"
CELERY_TASK_ROUTES = {
    "accounts.*": {"queue": "mail"},
    # A receiver that is slow to answer must not keep letters waiting.
    "mailbox.call_webhook": {"queue": "webhooks"},
    # Looks at every taxpayer, so it waits where long work waits.
    "mailbox.remind": {"queue": "checks"},
    "representation.*": {"queue": "mail"},
    "mailbox.*": {"queue": "mail"},
    "intake.*": {"queue": "intake"},
    "isaf.*": {"queue": "checks"},
    "ivaz.*": {"queue": "checks"},
    "avaz.*": {"queue": "mail"},
    "exchange.look_at_stale": {"queue": "mail"},
    "exchange.*": {"queue": "webhooks"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Celery by itself opens a connection for every task; a crowd of small files takes a sixth less time
# without. They are left to us and end as those of requests do (imas.celery).
CELERY_DB_REUSE_MAX = sys.maxsize
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than the longest task: Redis gives an unacknowledged message to another worker after it.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": env_int("TASK_SECONDS", 3600)}
CELERY_BEAT_SCHEDULE = timetable(env_int("SWEEP_SECONDS", 60))
CELERY_TIMEZONE = "Europe/Vilnius"

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
AUTH_PASSWORD_VALIDATORS.append({"NAME": "accounts.breached.BreachedPasswordValidator"})
# A sorted list of SHA-1 digests of leaked passwords, one a line; empty: none is looked up.
BREACHED_PASSWORDS = env_text("BREACHED_PASSWORDS", "")
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "representation:home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
# Failures are counted per login name and, for an office behind one address, per address.
SIGN_IN_ATTEMPTS = env_int("SIGN_IN_ATTEMPTS", 5)
SIGN_IN_ATTEMPTS_PER_ADDRESS = env_int("SIGN_IN_ATTEMPTS_PER_ADDRESS", 50)
SIGN_IN_LOCK_SECONDS = env_int("SIGN_IN_LOCK_SECONDS", 900)
AXES_HANDLER = "accounts.throttling.SignInHandler"
AXES_FAILURE_LIMIT = SIGN_IN_ATTEMPTS
AXES_COOLOFF_TIME = timedelta(seconds=SIGN_IN_LOCK_SECONDS)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_LOCKOUT_CALLABLE = "accounts.throttling.locked_out"
AXES_USERNAME_CALLABLE = "accounts.throttling.username"
AXES_CLIENT_IP_CALLABLE = "accounts.throttling.address"
AXES_RESET_ON_SUCCESS = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
RULES_VERSION = env_text("RULES_VERSION", "1")
EMAIL_CONFIRMATION_DAYS = env_int("EMAIL_CONFIRMATION_DAYS", 180)
# How long a link for a forgotten password opens something, and one that undoes a new address.
RECOVERY_LINK_MINUTES = env_int("RECOVERY_LINK_MINUTES", 30)
EMAIL_UNDO_DAYS = env_int("EMAIL_UNDO_DAYS", 7)
EMAIL_LINK_HOURS = env_int("EMAIL_LINK_HOURS", 24)
# For how long a mandate is offered, and the longest it may be.
MANDATE_DAYS = env_int("MANDATE_DAYS", 365)
MANDATE_MAX_DAYS = env_int("MANDATE_MAX_DAYS", 3 * 366)
# For how long an offer or a request waits for its answer, and how many of one side may wait.
MANDATE_ANSWER_DAYS = env_int("MANDATE_ANSWER_DAYS", 21)
MANDATE_OPEN_OFFERS = env_int("MANDATE_OPEN_OFFERS", 100)
# A bundle passed on by one act to one person is one offer; it may hold so many mandates.
MANDATE_BULK_ROWS = env_int("MANDATE_BULK_ROWS", 1000)
MANDATE_OPEN_REQUESTS = env_int("MANDATE_OPEN_REQUESTS", 20)
# So many refusals by one taxpayer within half a year and it cannot be asked any more.
MANDATE_REFUSALS = env_int("MANDATE_REFUSALS", 3)
# After so many days a mandate or a program counts as unused in the review of mandates.
MANDATE_UNUSED_DAYS = env_int("MANDATE_UNUSED_DAYS", 90)
KEY_MAX_DAYS = env_int("KEY_MAX_DAYS", 366)
# Files of the state's registers, and how often somebody may look taxpayers up (docs/registers.md).
REGISTER_MAX_FILE_BYTES = env_int("REGISTER_MAX_FILE_BYTES", 268_435_456)
LOOKUPS_PER_MINUTE = env_int("LOOKUPS_PER_MINUTE", 120)
LOOKUP_CODES_PER_HOUR = env_int("LOOKUP_CODES_PER_HOUR", 20_000)
LOOKUP_BATCH = env_int("LOOKUP_BATCH", 1000)
# The authority of client certificates: its certificate, and its key in a file or in a device.
CA_CERTIFICATE = env_text("CA_CERTIFICATE", str(VAR_DIR / "ca" / "root.crt"))
CA_KEY = env_text("CA_KEY", str(VAR_DIR / "ca" / "root.key"))
CA_PKCS11_MODULE = env_text("CA_PKCS11_MODULE", "")
CA_PKCS11_TOKEN = env_text("CA_PKCS11_TOKEN", "imas")
CA_PKCS11_KEY = env_text("CA_PKCS11_KEY", "imas-ca")
CA_PKCS11_PIN = env_text("CA_PKCS11_PIN", "")
# Proxies that end TLS may pass the client's certificate on in this header, from these addresses.
CERTIFICATE_HEADER = env_text("CERTIFICATE_HEADER", "X-Client-Certificate")
CERTIFICATE_PROXIES = env_list("CERTIFICATE_PROXIES", "")
# How long a proved second factor is enough for weighty acts.
STEP_UP_SECONDS = env_int("STEP_UP_SECONDS", 900)

# Who else may say who somebody is (VA-119, 9.2 p.): a JSON list, docs/accounts.md.
try:
    IDENTITY_PROVIDERS = read_providers(env_text("IDENTITY_PROVIDERS", ""))
except (ValueError, OSError) as error:
    raise ImproperlyConfigured(f"IDENTITY_PROVIDERS: {error}") from None

# --- uploads --------------------------------------------------------------------------------------
# Straight to a temporary file, whatever the size: memory use does not depend on the sender.
FILE_UPLOAD_HANDLERS = ["intake.uploads.LimitedFileHandler"]
FILE_UPLOAD_TEMP_DIR = os.environ.get("UPLOAD_DIR")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# The longest form: 999 lines of goods of a waybill, four fields each, and a hundred packages.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- language, time, numbers ----------------------------------------------------------------------
LANGUAGES = [("lt", "Lietuvių"), ("en", "English")]
LANGUAGE_CODE = "lt"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["imas.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Vilnius"
USE_THOUSAND_SEPARATOR = True

# --- static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- mail -----------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env_text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env_int("EMAIL_PORT", 1025)
EMAIL_HOST_USER = env_text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env_text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "i.MAS <imas@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who is told when the house itself fails, comma-separated.
ADMINS = [("", address) for address in env_list("ADMINS", "")]

# --- watching -------------------------------------------------------------------------------------
# Empty: only from this machine. Else the bearer token Prometheus must show.
METRICS_TOKEN = env_text("METRICS_TOKEN", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "trace": {"()": "imas.web.logging.TraceFilter"},
        "routine": {
            "()": "imas.web.logging.RoutineFilter",
            "tasks": [
                entry["task"]
                for entry in CELERY_BEAT_SCHEDULE.values()
                if isinstance(entry["schedule"], float)
            ],
        },
    },
    "formatters": {"json": {"()": "imas.web.logging.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["trace"]},
    },
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        "axes": {"level": "WARNING"},
        "celery.app.trace": {"filters": ["routine"]},
        "celery.worker.strategy": {"filters": ["routine"]},
    },
}

# --- intake ---------------------------------------------------------------------------------------
# The official limit is 1 GB and changeable (fault 11002); the unpacked one is ours.
INTAKE_MAX_FILE_BYTES = env_int("INTAKE_MAX_FILE_BYTES", 1_073_741_824)
INTAKE_MAX_UNPACKED_BYTES = env_int("INTAKE_MAX_UNPACKED_BYTES", 4 * 1_073_741_824)
INTAKE_MAX_RATIO = env_int("INTAKE_MAX_RATIO", 200)
INTAKE_MAX_ATTEMPTS = env_int("INTAKE_MAX_ATTEMPTS", 5)
# A worker gives a sign of life each HEARTBEAT; silent for a LEASE, it has lost its document.
INTAKE_HEARTBEAT_SECONDS = env_int("INTAKE_HEARTBEAT_SECONDS", 2)
INTAKE_LEASE_SECONDS = env_int("INTAKE_LEASE_SECONDS", 30)
# Bytes in the storage that no row owns are an upload's whose process died, once they are so old.
INTAKE_LEFTOVER_HOURS = env_int("INTAKE_LEFTOVER_HOURS", 24)
# A request that has not answered for so long will not: its Idempotency-Key is free again.
INTAKE_ANSWER_SECONDS = env_int("INTAKE_ANSWER_SECONDS", 300)
INTAKE_WORK_DIR = Path(env_text("INTAKE_WORK_DIR", str(VAR_DIR / "work")))
