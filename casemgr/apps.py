from django.apps import AppConfig


class CasemgrConfig(AppConfig):
    name = "casemgr"

    def ready(self) -> None:
        import casemgr.celery  # noqa: F401, PLC0415 - the queue that every room wakes its tasks through
