"""Django's settings for the campus: what the package reads of an LMS's settings, and what Django itself needs."""

import pathlib

import django
from django.conf import settings


def configure(folder: pathlib.Path):
    """Settings for a campus that keeps its database in this folder. Its address is set once it listens."""
    settings.configure(
        ALLOWED_HOSTS=["localhost"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        DATABASES={
            # A request is one transaction, as in an LMS: what fails leaves nothing behind. A file, so that the threads of the
            # server see the same; they wait for one another from the beginning, since SQLite refuses a transaction that begins
            # to write late.
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "campus.sqlite",
                "ATOMIC_REQUESTS": True,
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous=OFF"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "config_models",
            "lti_consumer",
            "campus",
        ],
        LOGGING_CONFIG=None,
        MIDDLEWARE=[
            "campus.site.Witness",
            "edx_django_utils.cache.middleware.RequestCacheMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "edx_django_utils.cache.middleware.TieredCacheMiddleware",
            "crum.CurrentRequestUserMiddleware",
        ],
        OPENEDX_TELEMETRY=[],
        PLATFORM_NAME="Maple Campus",
        ROOT_URLCONF="campus.site",
        SECRET_KEY="of a test",
        SERVICE_VARIANT="lms",
        # As the package asks for (`deep_linking_response_endpoint`): else nobody is signed in when a Tool's page posts a choice.
        SESSION_COOKIE_SAMESITE="None",
        SESSION_COOKIE_SECURE=True,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        TIME_ZONE="UTC",
        # A component's id in an address. An LMS takes ids of its first years as well.
        USAGE_ID_PATTERN=r"(?P<usage_id>[^/]+)",
        USE_TZ=True,
    )
    django.setup()
