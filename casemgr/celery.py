"""The Celery application: JSON only, late acknowledgement, no results, no remote control.

A message names a row; it is never authority. What is owed lies in PostgreSQL, and the sweep finds it again.
"""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")

app = Celery("casemgr")
app.config_from_object("casemgr.celeryconfig")
app.set_default()  # for every thread of the web server too: `current_app` is else a stranger without a broker
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _cross(**_event: object) -> None:
    """Let no worker and no scheduler start with another root key than the database's."""
    from casemgr import threshold  # noqa: PLC0415  # it needs the settings and the models

    threshold.cross()
