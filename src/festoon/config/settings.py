"""Settings of one installation, read from a few environment variables; nothing here weakens a guard."""

from __future__ import annotations

from pathlib import Path

from festoon.config import environment

VAR = environment.var()
SECRET_KEY = environment.secret(VAR)
SECRET_KEY_FALLBACKS = environment.old_secrets()
DATABASES = {"default": environment.database(VAR)}
DEBUG = False
ALLOWED_HOSTS = environment.hosts()
FESTOON_VAR = VAR
FESTOON_DOORS = environment.doors()
FESTOON_SERVER = "festoon.config.asgi:application"
FESTOON_WORKERS = "festoon.config.workers.workers"
FESTOON_WARMING = "festoon.config.warming.worker"
FESTOON_INVARIANTS = [
    *(
        f"festoon.checkout.invariants.{room}"
        for room in (
            "scarce",
            "per_shopper",
            "handed_out",
            "claim_limits",
            "ledgers",
            "moments",
            "never_beyond",
            "moves",
            "histories",
            "prices",
            "frozen",
            "given_back",
            "given_out",
            "recorded",
        )
    ),
    "festoon.analytics.lake.invariants",
]
FESTOON_CURRENCY = "CNY"
FESTOON_INBOX = "festoon.config.inbox.VERBS"

ROOMS = [
    "records", "catalog", "ledger", "webhooks", "review", "presets", "campaigns", "offers", "promotions", "coupons",
    "distribution", "checkout", "storefront", "composition", "api", "console", "shop",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton",
    "cotton_icons",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(f"festoon.{room}" for room in ROOMS if (Path(__file__).parent.parent / room).is_dir()),
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "festoon.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]
WSGI_APPLICATION = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).parent.parent / "console" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_USE_FINDERS = True

AUTHENTICATION_BACKENDS = ["festoon.catalog.people.WithPerson"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("code", "name_en", "name_zh", "email")},
    },
]
FESTOON_MAIL = environment.mail()
globals().update(FESTOON_MAIL.settings)
FESTOON_OTHER_HOUSE = environment.other_house()
SOCIALACCOUNT_ADAPTER = "festoon.console.single_sign_on.Answers"
MFA_ADAPTER = "festoon.catalog.sealing.Sealing"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.https()
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'self'"],
    }
}
