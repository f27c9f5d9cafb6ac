"""The one settings file. Every value that differs between machines comes through `casemgr.env`."""

import gc
from collections.abc import MutableMapping

from django.utils.translation import gettext_lazy as _

from casemgr import env

gc.disable()  # until everything is loaded: casemgr/apps.py
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
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
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
    "accounts.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.Enrolment",
    "accounts.middleware.Lock",
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
                "accounts.context.demonstration",
                "accounts.context.alarms",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "casemgr.templatetags.marks",
                "casemgr.templatetags.frame",
                "casemgr.templatetags.parts",
            ],
        },
    }
]

_CONNECTION = {
    "ENGINE": "vault.postgresql",
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,  # the door alone opens the outermost transaction
    "OPTIONS": {
        "options": "-c search_path=public,keystore,identity -c lock_timeout=10s",
        # Planning a query behind both walls takes longer than running it: what is asked often is planned
        # once a connection.
        "server_side_binding": True,
        "prepare_threshold": 3,
    },
}
# `owner` migrates; its address is in no web or worker environment. Aliases name the role that signs in.
DATABASES = {"default": {**env.database("DATABASE_URL"), **_CONNECTION}}
for _alias, _name in (("owner", "DATABASE_OWNER_URL"), ("checker", "DATABASE_CHECKER_URL")):
    if env.text(_name, ""):
        DATABASES[_alias] = {**env.database(_name), **_CONNECTION, "TEST": {"MIRROR": "default"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashers.PepperedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["staff_code"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
# The library's hooks are received in accounts/adapters.py alone. Nobody signs up: people are invited.
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_code"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.adapters.shown_name"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on under a new key; accounts ends the others
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# The key of `login_failed` is the address and the code together: a stranger cannot lock a person out.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/10m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "casemgr"
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TRUST_ENABLED = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)  # else X-Forwarded-For is not believed at all
CACHES = {"default": {"BACKEND": "accounts.throttle.ThrottleCache"}}

# Of a session the database holds a keyed digest of its key alone. `__Host-` needs HTTPS.
SESSION_ENGINE = "accounts.sessionstore"
_COOKIE = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE}session"
INTAKE_COOKIE_NAME = f"{_COOKIE}intake-key"  # opens the names of an open intake; lies in that browser alone
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_SECONDS", 30 * 60)
SESSION_COOKIE_AGE = env.number("SESSION_LONGEST_SECONDS", 12 * 60 * 60)
CSRF_COOKIE_NAME = f"{_COOKIE}csrftoken"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if HTTPS:
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ANONYMOUS_USER_NAME = None  # guardian makes no anonymous account
GUARDIAN_RAISE_403 = False
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001"
]  # its backend lets superusers pass; cases/permissions.py asks the rows

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
    ("noble", _VENDOR / "@noble" / "hashes"),
    ("tus", _VENDOR / "tus-js-client" / "dist"),
    ("leaflet", _VENDOR / "leaflet" / "dist"),
    ("topojson", _VENDOR / "topojson-client" / "dist"),
    ("world", _VENDOR / "world-atlas"),
    ("annotorious", _VENDOR / "@annotorious" / "annotorious" / "dist"),
    ("vazirmatn", _VENDOR / "@fontsource" / "vazirmatn"),
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.InMemoryStorage"
    },  # no upload ever rests in a Django storage
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}


def _isolated(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    """A page that embeds nothing foreign begins no worker that might."""
    headers["Cross-Origin-Embedder-Policy"] = "require-corp"


WHITENOISE_ADD_HEADERS_FUNCTION = _isolated

REDIS_URL = env.text("REDIS_URL")
ROOT_KEY_PROVIDER = env.text("ROOT_KEY_PROVIDER", "file")
ROOT_KEY_FILE = env.folder("ROOT_KEY_FILE", env.ROOT / "data-keys" / "root.key")
# Where a passphrase is read: what `up` hands on, else a pipe from the parent; with neither, the terminal.
ROOT_KEY_PASSPHRASE_FILE = env.text("ROOT_KEY_PASSPHRASE_FILE", "")
ROOT_KEY_PASSPHRASE_FD = env.number("ROOT_KEY_PASSPHRASE_FD", 0)
# With the provider `vault`: HashiCorp Vault or OpenBao, whose transit engine seals the root key's file.
ROOT_KEY_VAULT = {
    "url": env.text("ROOT_KEY_VAULT_URL", ""),
    "token_file": env.text("ROOT_KEY_VAULT_TOKEN_FILE", ""),  # read at each call: it may be renewed
    "key": env.text("ROOT_KEY_VAULT_KEY", "casemgr"),
    # Seals the epoch's file once more, and loses its older versions when something is erased; "": not so.
    "epoch_key": env.text("ROOT_KEY_VAULT_EPOCH_KEY", "casemgr-epoch"),
    "mount": env.text("ROOT_KEY_VAULT_MOUNT", "transit"),
    "namespace": env.text("ROOT_KEY_VAULT_NAMESPACE", ""),
    "ca_file": env.text("ROOT_KEY_VAULT_CA", ""),
}
# With the provider `pkcs11`: a token whose key never leaves it.
ROOT_KEY_PKCS11 = {
    "library": env.text("ROOT_KEY_PKCS11_LIBRARY", ""),
    "label": env.text("ROOT_KEY_PKCS11_TOKEN", ""),
    "key": env.text("ROOT_KEY_PKCS11_KEY", "casemgr"),
    "pin": env.text("ROOT_KEY_PKCS11_PIN", ""),
}
# What two of the three printed shares open (`manage.py root_shares`); no secret, goes into the daily backup.
ROOT_RECOVERY_FILE = env.folder("ROOT_RECOVERY_FILE", DATA_DIR / "root.recovery")
# Sealed under the root key; backed up with the keystore alone, never with the root key or the database.
EPOCH_KEY_FILE = env.folder("EPOCH_KEY_FILE", ROOT_KEY_FILE.with_name("epoch.key"))
# Statements of exports are signed with a key of their own; it lies beside the root key, outside DATA_DIR.
EXPORT_SIGNING_KEY_FILE = env.folder("EXPORT_SIGNING_KEY_FILE", ROOT_KEY_FILE.parent / "export.key")
EXPORT_SENDER = env.text(
    "EXPORT_SENDER", "The organisation that runs this system"
)  # printed in every package
# How long copies of the keystore and its epoch file are kept: an erasure is final after that.
KEYSTORE_BACKUP_DAYS = env.number("KEYSTORE_BACKUP_DAYS", 7)
RECALL_DAYS = env.number("RECALL_DAYS", 14)  # how long a recipient may take to answer a recall
MEDIA_STORE = env.folder("MEDIA_STORE", DATA_DIR / "media")
# Instead of that folder, a bucket of an S3-compatible service: all of it, or nothing.
MEDIA_BUCKET = (
    {
        "name": env.text("MEDIA_BUCKET"),
        "url": env.text("MEDIA_BUCKET_URL", ""),
        "region": env.text("MEDIA_BUCKET_REGION", "us-east-1"),
        "key": env.text("MEDIA_BUCKET_KEY"),
        "secret": env.text("MEDIA_BUCKET_SECRET"),
        "lock_days": env.number("MEDIA_BUCKET_LOCK_DAYS", 0),
    }
    if env.text("MEDIA_BUCKET", "")
    else {}
)
# At its lowest level the library writes a whole page's values for each name that a template lacks.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"django.template": {"level": "INFO"}},
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "casemgr.reporting.Silent"  # reports tell where it broke, not on what
FILE_UPLOAD_HANDLERS = ["evidence.receiving.NoFormFiles"]  # a file in a form would reach the disk in clear
# How much may come in, in bytes: one file, the sealed files of one case, and what stays free on the disk.
CLAMD = env.address("CLAMD")  # a virus scanner; with one configured no file is looked into before its word
MAX_UPLOAD = env.number("MAX_UPLOAD", 20 * 1024**3)
CASE_QUOTA = env.number("CASE_QUOTA", 2 * 1024**4)
FREE_SPACE_KEPT = env.number("FREE_SPACE_KEPT", 512 * 1024**2)
# Who puts a time on the log's checkpoints: STAMP_AUTHORITIES=a,b; of each STAMP_A_URL (none: asked no more),
# STAMP_A_CHAIN or STAMP_A_CHAIN_FILE (its certificates with their root, PEM), STAMP_A_POLICY (an OID).
STAMP_AUTHORITIES = env.authorities("STAMP_AUTHORITIES")
STAMP_TIMES = env.words("STAMP_TIMES", ["00:00", "06:00", "12:00", "18:00"])  # UTC
STAMP_PROXY = env.text("STAMP_PROXY", "")  # the operator's way out
STAMP_PRIVATE_ADDRESSES = False  # a test's authority stands on this machine; nobody else's does
LOG_SIGNER_DIR = env.folder("LOG_SIGNER_DIR", DATA_DIR / "log-signer")  # key and memory of the log's signer

# The fingerprint of the first directory of custodians, printed at its founding: the root of every later one.
CUSTODIAN_FOUNDING = env.text("CUSTODIAN_FOUNDING", "")
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
X_FRAME_OPTIONS = "DENY"
# Nothing is told to any other site. `no-referrer` would make browsers send `Origin: null` with our own
# forms, and the check against forged requests rightly refuses that.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "upgrade-insecure-requests": HTTPS,
    }
}
_NOBODY: list[str] = []
PERMISSIONS_POLICY = dict.fromkeys(
    (
        "accelerometer",
        "ambient-light-sensor",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    ),
    _NOBODY,
) | {"fullscreen": "self", "publickey-credentials-get": "self", "publickey-credentials-create": "self"}
