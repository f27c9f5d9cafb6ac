"""The one settings file. Every value that differs between machines comes through `casemgr.env`."""

from django.utils.translation import gettext_lazy as _

from casemgr import env

DEBUG = False  # Never on: a debug page shows local variables, and those may hold what nobody may see.
SECRET_KEY = env.text("SECRET_KEY")  # Signs cookies and CSRF tokens only; no data key derives from it.
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
DATA_DIR = env.folder("DATA_DIR", env.ROOT / "data")
HTTPS = env.flag("HTTPS")

INSTALLED_APPS = [
    "casemgr",
    "exports",
    "findings",
    "evidence",
    "cases",
    "accounts",
    "audit",
    "vault",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "casemgr.urls"
WSGI_APPLICATION = "casemgr.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [env.ROOT / "casemgr" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "casemgr.templatetags.marks"],
        },
    }
]

_CONNECTION = {
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,  # the door alone opens the outermost transaction
    "OPTIONS": {"options": "-c search_path=public,keystore,identity -c lock_timeout=10s"},
}
# `owner` migrates; its address is in no web or worker environment. Aliases name the role that signs in.
DATABASES = {"default": {**env.database("DATABASE_URL"), **_CONNECTION}}
for _alias, _name in (("owner", "DATABASE_OWNER_URL"), ("checker", "DATABASE_CHECKER_URL")):
    if env.text(_name, ""):
        DATABASES[_alias] = {**env.database(_name), **_CONNECTION, "TEST": {"MIRROR": "default"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ANONYMOUS_USER_NAME = None  # guardian makes no anonymous account
GUARDIAN_RAISE_403 = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = env.ROOT / "build" / "static"
_VENDOR = env.ROOT / "node_modules"
STATICFILES_DIRS = [
    ("bootstrap", _VENDOR / "bootstrap" / "dist"),
    ("htmx", _VENDOR / "htmx.org" / "dist"),
    ("vazirmatn", _VENDOR / "@fontsource" / "vazirmatn"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no upload ever rests in a Django storage
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

REDIS_URL = env.text("REDIS_URL")
ROOT_KEY_PROVIDER = env.text("ROOT_KEY_PROVIDER", "file")
ROOT_KEY_FILE = env.folder("ROOT_KEY_FILE", env.ROOT / "data-keys" / "root.key")
MEDIA_STORE = env.folder("MEDIA_STORE", DATA_DIR / "media")
LOG_SIGNER_DIR = env.folder("LOG_SIGNER_DIR", DATA_DIR / "log-signer")  # key and memory of the log's signer

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "no-referrer"
