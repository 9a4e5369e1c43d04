"""Every setting, read from the environment once; what is missing is named together with its remedy.

DATABASE_URL, REDIS_URL, OMC_QA_SECRET_KEY   required (`omc-qa up` provides them)
OMC_QA_DATA                                  folder of mirrors, environments and workspaces
OMC_QA_HOSTS, OMC_QA_HTTPS, OMC_QA_URL       how the dashboard is reached
OMC_QA_ALLOW_LOCAL, OMC_QA_ALLOW_UNSANDBOXED what an operator lets projects do
"""

from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from omc_qa.logs import hide_tokens

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def required(name: str, remedy: str) -> str:
    """The variable's value; raises ImproperlyConfigured naming it and the remedy where it is unset."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {remedy}")
    return value


def boolean(name: str, *, default: bool) -> bool:
    try:
        value: bool = env.bool(name, default=default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is neither true nor false. Write 1 or 0.") from error
    return value


def number(name: str, default: float) -> float:
    try:
        value: float = env.float(name, default=default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a number. Write one, such as {default}.") from error
    return value


def words(name: str) -> list[str]:
    """What stands between commas; nothing where it is unset or empty."""
    text: str = env.str(name, default="")
    return [word.strip() for word in text.split(",") if word.strip()]


LOCALLY = (
    "For a machine of your own start the product with `omc-qa up`, which provides it; see docs/operate.md."
)
required("DATABASE_URL", f"Name a PostgreSQL database: postgresql://user:password@host/name. {LOCALLY}")
REDIS_URL = required("REDIS_URL", f"Name a Redis-protocol server: redis://host:6379/0. {LOCALLY}")
SECRET_KEY = required("OMC_QA_SECRET_KEY", f"Any 50 random characters, the same for every process. {LOCALLY}")

DEBUG = boolean("OMC_QA_DEBUG", default=False)
HTTPS = boolean("OMC_QA_HTTPS", default=False)
ALLOWED_HOSTS = [*words("OMC_QA_HOSTS"), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = words("OMC_QA_ORIGINS")

URL = env.str("OMC_QA_URL", default="http://127.0.0.1:8000").rstrip("/")
"""Where people reach the dashboard: links in messages begin with it."""

DATA_DIR = Path(env.str("OMC_QA_DATA", default=str(BASE_DIR / "var" / "data")))
ALLOW_LOCAL_REPOSITORIES = boolean("OMC_QA_ALLOW_LOCAL", default=False)
ALLOW_UNSANDBOXED = boolean("OMC_QA_ALLOW_UNSANDBOXED", default=False)

LEASE_SECONDS = number("OMC_QA_LEASE_SECONDS", 30)
HEARTBEAT_SECONDS = number("OMC_QA_HEARTBEAT_SECONDS", 5)
REAPER_SECONDS = number("OMC_QA_REAPER_SECONDS", 10)
LOOK_SECONDS = number("OMC_QA_LOOK_SECONDS", 120)
"""How often a project's repository is asked for new commits."""
MAIL_SECONDS = number("OMC_QA_MAIL_SECONDS", 300)
"""What there is to tell a person within so long goes into one message."""
RUN_ATTEMPTS = 3
"""A run whose worker went away so often is lost."""
CACHE_BYTES = int(number("OMC_QA_CACHE_GIB", 20) * 1024**3)
"""What a worker's environments and downloads may take; what was used longest ago goes first."""
WORKER_TAGS = [tag.lower() for tag in words("OMC_QA_WORKER_TAGS")]
"""What this worker has that not every one has; runs that need it go here."""

ROOT_URLCONF = "omc_qa.urls"
WSGI_APPLICATION = "omc_qa.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "tracks.User"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_structlog",
    "template_partials",
    "allauth",
    "allauth.account",
    "csp",
    "tracks",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracks.web.errors.ErrorMiddleware",
    "tracks.web.uploads.BodyLimitMiddleware",
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
                "tracks.web.notices.unread",
            ],
        },
    },
]

DATABASE = env.db("DATABASE_URL")
# A network that swallows everything must be noticed before the lease of a worker has run out.
NOTICE_SECONDS = max(1, int(LEASE_SECONDS / 3))
DATABASES = {
    "default": {
        **DATABASE,
        "OPTIONS": {
            "connect_timeout": NOTICE_SECONDS,
            "tcp_user_timeout": 1000 * NOTICE_SECONDS,
            "keepalives_idle": NOTICE_SECONDS,
            "keepalives_interval": 2,
            **DATABASE.get("OPTIONS", {}),
        },
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
CACHES = {
    "default": {
        "BACKEND": "omc_qa.cache.ForgivingRedisCache",
        "OPTIONS": {"serializer": "omc_qa.cache.JSONSerializer"},
        # Celery and redis-py spell a unix socket, and the number of its database, differently.
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db="),
    }
}

# Sign-in: invited people only, by e-mail and password, limited by address and by account.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "tracks.web.accounts.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
"""Or anybody could make this server write to strangers."""
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
"""HTTPS ends at a proxy in front of us, which says whose address to limit."""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health$"]
"""Asked from within the machine, past the proxy."""
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

EMAIL_CONFIG = env.email_url("OMC_QA_EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 30
"""Seconds; without it a mail server that says nothing is waited for for ever."""
DEFAULT_FROM_EMAIL = env.str("OMC_QA_EMAIL_FROM", default="OMC QA <omc-qa@localhost>")

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
"""A worker waits for its broker as long as it takes."""
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 5 * 3600}
"""The longest run, four hours, and one more: no message comes again while its run goes on."""
CELERY_TASK_DEFAULT_QUEUE = "runs"
CELERY_BEAT_SCHEDULE = {
    task: {"task": task, "schedule": REAPER_SECONDS, "options": {"expires": REAPER_SECONDS}}
    for task in ("tracks.reap", "reports.repair", "reports.read_sources")
}

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = None
"""tracks.web.access says who it is, once it is asked: a page that polls needs no account of the database."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                hide_tokens,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.format_exc_info,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("OMC_QA_LOG_LEVEL", default="INFO")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        hide_tokens,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
