"""The portal's one settings file. Everything that differs between machines comes from the environment.

A variable that production needs and does not have stops the start with its name (see `.env.example`).
"""

import datetime as dt
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)


def _required(name: str, why: str) -> str:
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why}. See .env.example.")
    return value


# --- What this portal is -----------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
# Demonstration: invented reports, demonstration accounts, a banner on every page.
PORTAL_DEMO = env.bool("PORTAL_DEMO", False)
# The day the portal believes it is; unset in real use.
PORTAL_TODAY = env.date("PORTAL_TODAY", None)
# Behind TLS unless told otherwise: secure cookies, HSTS, redirect from http.
PORTAL_TLS = env.bool("PORTAL_TLS", True)
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SERVICE_NAME = env.str("SERVICE_NAME", "ICS commitments portal")
SERVICE_ORGANISATION = env.str("SERVICE_ORGANISATION", "")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "portal-support@example.org")
DEMO_PASSWORD = env.str("DEMO_PASSWORD", "")
# How many days the NHS has to answer what a committee asked.
ANSWER_DAYS = env.int("ANSWER_DAYS", 28)

SECRET_KEY = _required("SECRET_KEY", "the portal signs sessions and links with it")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY is too easy to guess: use 50 random characters or more.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if DEBUG or PORTAL_DEMO else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: name the hosts the portal answers to. See .env.example.")

# --- Applications ------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "systems",
    "commitments",
    "engagement",
    "ltp_portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "ltp_portal.apps.StaticFiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "pghistory",
    "pgtrigger",
    "rules",
]

# Who it was, for the audit log: said to the database while a form is being taken.
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)
MIDDLEWARE = [
    # First, so that every answer carries the headers: files, redirects and errors too.
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ltp_portal.middleware.plain_utf8",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ltp_portal.middleware.refusals",
    "ltp_portal.middleware.only_used_methods",
    "ltp_portal.middleware.private_pages",
    "ltp_portal.middleware.nothing_typed_is_lost",
    "ltp_portal.middleware.session_limits",
    "ltp_portal.middleware.person_today",
    "ltp_portal.middleware.second_factor",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ltp_portal.urls"
WSGI_APPLICATION = "ltp_portal.wsgi.application"
AUTH_USER_MODEL = "systems.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "ltp_portal.context_processors.portal",
            ],
            # Used on nearly every page, so that no page has to load them.
            "builtins": ["django.templatetags.static", "ltp_portal.templatetags.portal"],
        },
    },
    {
        # The NHS design system's components, for the {% nhsuk %} tag only.
        "NAME": "nhsuk",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "ltp_portal.jinja.environment"},
    },
]

# --- Database, cache, jobs ---------------------------------------------------------------------------------

_required("DATABASE_URL", "the portal keeps its facts in PostgreSQL")
DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=600, conn_health_checks=True)}
# A database that is away is found out within two seconds.
DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 2
# The lists in forms are short; a cursor on the server would be three questions for each.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: the portal uses no other.")

REDIS_URL = _required("REDIS_URL", "pages are cached and jobs are queued in Redis")
CACHES = {
    "default": {
        "BACKEND": "ltp_portal.cache.PortalCache",
        "LOCATION": REDIS_URL,
        # While Redis is away the portal reads from the database and goes on.
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5},
    }
}
# Not in the cache too: who signs out while Redis is away would be signed in again once it is back.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# The same Redis; Celery spells the address of a socket its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long Redis was away, worker and beat are back when it is.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
# A page does not wait for a broker that is away (kombu would try again for six seconds) or that hangs.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 2, "max_retries": 0}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/London"
# The database is the outbox: whatever is due and was not done, a new day included, is found here.
SWEEP_SECONDS = 30
MAIL_SECONDS = 300
CELERY_BEAT_SCHEDULE = {
    "recompute what is due": {
        "task": "commitments.tasks.recompute_due",
        "schedule": float(SWEEP_SECONDS),
        # A sweep no worker took before the next one is none: a day without a worker leaves no pile of them.
        "options": {"expire_seconds": SWEEP_SECONDS},
    },
    "recompute the maturity that is due": {
        "task": "systems.tasks.recompute_maturity",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expire_seconds": SWEEP_SECONDS},
    },
    "forget what is over": {"task": "ltp_portal.tasks.forget_what_is_over", "schedule": 24 * 60 * 60.0},
    "write today's reminders": {
        "task": "commitments.tasks.write_reminders",
        "schedule": crontab(hour="7", minute="0"),
        "options": {"expire_seconds": 12 * 60 * 60},
    },
    "send what waits in the outbox": {
        "task": "commitments.tasks.send_reminders",
        "schedule": float(MAIL_SECONDS),
        "options": {"expire_seconds": MAIL_SECONDS},
    },
    "tell followers what was published": {
        "task": "engagement.tasks.send_letters",
        "schedule": float(MAIL_SECONDS),
        "options": {"expire_seconds": MAIL_SECONDS},
    },
    "take up jobs nobody is at": {
        "task": "commitments.tasks.run_waiting_jobs",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expire_seconds": SWEEP_SECONDS},
    },
    "make packs nobody is at": {
        "task": "engagement.tasks.make_waiting_packs",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expire_seconds": SWEEP_SECONDS},
    },
    "forget old uploads": {
        "task": "commitments.tasks.forget_old_uploads",
        "schedule": 24 * 60 * 60.0,
        "options": {"expire_seconds": 24 * 60 * 60},
    },
}
# `/readyz` answers 503 when a position has been due for longer than this.
READY_MAX_DUE_SECONDS = env.int("READY_MAX_DUE_SECONDS", 300)

# --- People ------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "ltp_portal.backends.PortalBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Length and a list of common passwords; no rules about kinds of characters, no expiry (ASVS 6.2).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 60 * 60

ACCOUNT_ADAPTER = "ltp_portal.adapters.AccountAdapter"
MFA_ADAPTER = "ltp_portal.adapters.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "ltp_portal.adapters.user_display"
# Admins open accounts and know the address; nobody signs up.
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays; Django's session hash ends the others
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.split(":")[0]
ACCOUNT_FORMS = {
    "login": "ltp_portal.account_forms.LoginForm",
    "request_login_code": "ltp_portal.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "ltp_portal.account_forms.ConfirmLoginCodeForm",
    "reset_password": "ltp_portal.account_forms.ResetPasswordForm",
    "reset_password_from_key": "ltp_portal.account_forms.ResetPasswordKeyForm",
    "change_password": "ltp_portal.account_forms.ChangePasswordForm",
    "set_password": "ltp_portal.account_forms.SetPasswordForm",
    "reauthenticate": "ltp_portal.account_forms.ReauthenticateForm",
}
# Per account axes counts (below); these are the wider limits per address, and those on mail.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/5m/key",  # wrong second factors,
    "reset_password": "20/m/ip,5/15m/key",
    "reset_password_from_key": "20/m/ip",
    "request_login_code": "20/m/ip,5/15m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_FORMS = {
    "authenticate": "ltp_portal.account_forms.SecondFactorForm",
    "reauthenticate": "ltp_portal.account_forms.ConfirmSecondFactorForm",
    "activate_totp": "ltp_portal.account_forms.ActivateTOTPForm",
}
# Admins, programme managers and approvers sign in with two factors; a demonstration does not ask for it.
REQUIRE_MFA = env.bool("REQUIRE_MFA", not PORTAL_DEMO)

# Ten wrong passwords in five minutes lock an account for five minutes, whether or not it exists.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = dt.timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = ["username"]
# Axes would rather count addresses too: ACCOUNT_RATE_LIMITS does, above.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_USERNAME_CALLABLE = "ltp_portal.adapters.axes_username"
AXES_CLIENT_IP_CALLABLE = "ltp_portal.securitylog.client_address"
AXES_LOCKOUT_CALLABLE = "ltp_portal.adapters.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- Sessions and cookies ----------------------------------------------------------------------------------

SESSION_COOKIE_AGE = 12 * 60 * 60  # however busy
SESSION_IDLE_AGE = 60 * 60  # after the last click
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PORTAL_TLS
SESSION_COOKIE_NAME = "__Host-sessionid" if PORTAL_TLS else "sessionid"
# The borough a reader chose as theirs, for a year.
MY_PLACE_COOKIE_NAME = "__Host-myborough" if PORTAL_TLS else "myborough"
MY_PLACE_COOKIE_AGE = 365 * 24 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PORTAL_TLS
CSRF_COOKIE_NAME = "__Host-csrftoken" if PORTAL_TLS else "csrftoken"
CSRF_COOKIE_AGE = None  # ends with the browser
CSRF_FAILURE_VIEW = "ltp_portal.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if PORTAL_TLS else []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Headers -----------------------------------------------------------------------------------------------

# How many proxies of ours stand in front; only then is X-Forwarded-For believed, from the right.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = PORTAL_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PORTAL_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PORTAL_TLS
SECURE_HSTS_PRELOAD = PORTAL_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
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
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# --- Mail --------------------------------------------------------------------------------------------------

# Unset, mail is printed; in use, an smtp:// address.
EMAIL = env.dj_email_url("EMAIL_URL", "consolemail:")
vars().update(EMAIL)
# Where mail lands that goes into a folder (file:///var/mail), as in a demonstration.
MAIL_FOLDER = EMAIL["EMAIL_FILE_PATH"]
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", CONTACT_EMAIL)
EMAIL_TIMEOUT = 10

# --- Log ---------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # One event, one line of JSON, whatever it contains.
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(levelname)s %(name)s %(message)s",
            "timestamp": True,
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        # Axes tells of each try; the security log does too, in one line.
        "axes": {"level": "ERROR"},
        # Packs: every step and page of a PDF, every table of a font.
        "weasyprint.progress": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "portal.security": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
}

# --- Words and time ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- Static files ------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our files are for our pages
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Evidence people upload. No address leads here: a view asks who is there (commitments/views/milestones.py).
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.path("EVIDENCE_ROOT", BASE_DIR / "var" / "evidence"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ltp_portal.storage.PortalStaticFilesStorage"
    },
}
FORM_RENDERER = "ltp_portal.renderers.NhsukRenderer"
DJANGO_TABLES2_TEMPLATE = "django_tables2/table.html"
