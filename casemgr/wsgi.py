"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")
application = get_wsgi_application()

from casemgr import threshold  # noqa: E402  # it needs the settings and the models

threshold.cross()
