from django.apps import AppConfig


class CasemgrConfig(AppConfig):
    name = "casemgr"

    def ready(self) -> None:
        from django.core.checks import register  # noqa: PLC0415 - as above

        import casemgr.celery  # noqa: F401, PLC0415 - the queue that every room wakes its tasks through
        from casemgr.checks import CHECKS  # noqa: PLC0415 - models exist only now

        for check in CHECKS:
            register(check)
