"""Every value comes from the environment; `.env.example` lists and explains them all."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from schoolcomm import embedded, reports, schedule, unfold

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.str("ENVIRONMENT", "production")
if ENVIRONMENT not in {"development", "test", "production"}:
    raise ImproperlyConfigured(f"ENVIRONMENT is {ENVIRONMENT!r}: use development, test or production.")
IN_PRODUCTION = ENVIRONMENT == "production"


NEEDED_IN_PRODUCTION = [
    *("SECRET_KEY", "ALLOWED_HOSTS", "FIELD_ENCRYPTION_KEY", "DATABASE_URL", "REDIS_URL"),
    *("WA_ACCESS_TOKEN", "WA_PHONE_NUMBER_ID", "WA_BUSINESS_ACCOUNT_ID", "WA_APP_SECRET", "VERIFY_TOKEN"),
]
missing = [name for name in NEEDED_IN_PRODUCTION if IN_PRODUCTION and not env.str(name, "")]
if missing:
    raise ImproperlyConfigured(
        f"Not set: {', '.join(missing)}. Set them in the environment or in .env (see .env.example); "
        "on your own machine use `make run`, or set ENVIRONMENT=development."
    )


def secret(name: str, development: str) -> str:
    """Return the variable, or its development value anywhere but in production."""
    return env.str(name, "") or development


def server_url(name: str) -> str:
    """Return DATABASE_URL or REDIS_URL: from the environment, else of the running embedded servers."""
    url = env.str(name, "") or embedded.running_urls().get(name, "")
    if not url:
        raise ImproperlyConfigured(
            f"{name} is not set and no embedded servers are running. "
            f"Start them with `make run` (or run one command with `make manage do=…`), or set {name}."
        )
    return url


# Core

SECRET_KEY = secret("SECRET_KEY", "development-only-secret-key-that-protects-nothing-at-all-5d1f")
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if IN_PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "schools",
    "messaging",
    "monitoring",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "schools.language_of_user.LanguageOfUser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "schoolcomm.urls"
WSGI_APPLICATION = "schoolcomm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database and cache

DATABASES = {"default": env.db_url_config(server_url("DATABASE_URL"))}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL has to name a PostgreSQL database: postgres://user:password@host:5432/name"
    )
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = server_url("REDIS_URL")
if not REDIS_URL.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured(
        "REDIS_URL has to name a Redis or Valkey server: redis://:password@host:6379/0"
    )
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "schoolcomm",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

# People

AUTH_USER_MODEL = "schools.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
if ENVIRONMENT == "test":  # the usual ones take a tenth of a second a password, on purpose
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")

# Security

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IN_PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # probes of the platform come over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000) if IN_PRODUCTION else 0
# For this host alone: what else runs under its domain is not ours to bind.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_AGE = 14 * 24 * 3600
FIELD_ENCRYPTION_KEYS = secret("FIELD_ENCRYPTION_KEY", "8fIaHM5Qn7o0NvM3DsVtQSUoWyw5L5Yc3rN5vQ7yXb8=").split(
    ","
)

# Language, time and files

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ne", _("Nepali"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "schoolcomm.formats"
USE_TZ = True
TIME_ZONE = "Asia/Kathmandu"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles" if IN_PRODUCTION else None  # else from the apps themselves
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", "") or BASE_DIR / "media")

# WhatsApp

WHATSAPP_API_URL = env.str("WHATSAPP_API_URL", "https://graph.facebook.com").rstrip("/")
WHATSAPP_API_VERSION = env.str("WHATSAPP_API_VERSION", "v26.0")
WHATSAPP_SENDS_AT_ONCE = env.int("WHATSAPP_SENDS_AT_ONCE", 100)
EMERGENCY_RESERVE = env.float("EMERGENCY_RESERVE", 0.2)  # of WhatsApp's limits, kept from routine messages
# Seconds without an answer or a callback after which a message counts as not accepted.
SILENCE_EMERGENCY = env.float("SILENCE_EMERGENCY", 30)
SILENCE_ROUTINE = env.float("SILENCE_ROUTINE", 1800)
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", 16 * 1024 * 1024)
ATTACHMENTS_KEPT_DAYS = env.int("ATTACHMENTS_KEPT_DAYS", 180)
WEBHOOK_EVENTS_KEPT_DAYS = env.int("WEBHOOK_EVENTS_KEPT_DAYS", 30)
WA_ACCESS_TOKEN = secret("WA_ACCESS_TOKEN", "stand-in-token")
WA_PHONE_NUMBER_ID = secret("WA_PHONE_NUMBER_ID", "100000000000001")
WA_BUSINESS_ACCOUNT_ID = secret("WA_BUSINESS_ACCOUNT_ID", "200000000000001")
WA_APP_SECRETS = [each.strip() for each in secret("WA_APP_SECRET", "stand-in-app-secret").split(",")]
VERIFY_TOKEN = secret("VERIFY_TOKEN", "stand-in-verify-token")
WEBHOOK_MAX_BYTES = 3 * 1024 * 1024  # Meta's own cap on a callback
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# Celery: the queue carries nudges, PostgreSQL carries the truth. Results are nowhere read.

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "routine"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # longer than any task may run
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    "socket_keepalive": True,
}
CELERY_TASK_ROUTES = {
    "messaging.tasks.process_webhook_events": {"queue": "webhook"},
    "messaging.tasks.deliver_emergency": {"queue": "emergency"},
    "messaging.tasks.deliver_reply": {"queue": "webhook"},
    "messaging.tasks.fetch_media": {"queue": "media"},
    "messaging.tasks.start_due_announcements": {"queue": "emergency"},
    "monitoring.tasks.note_emergency_worker": {"queue": "emergency"},
}
CELERY_BEAT_SCHEDULER = "schoolcomm.clock:Clock"
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE

# The admin

UNFOLD = unfold.UNFOLD

# Monitoring

MONITORING_TOKEN = env.str("MONITORING_TOKEN", "")
SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(
        dsn=SENTRY_DSN,
        environment=ENVIRONMENT,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",  # a form holds names, numbers and texts
        before_send=reports.without_people,
        max_breadcrumbs=0,  # addresses and log lines may hold a token or a number
    )

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "schoolcomm.reports.Formatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"without people": {"()": "schoolcomm.reports.WithoutPeople"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without people"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
