import gc

from django.apps import AppConfig


class CasemgrConfig(AppConfig):
    name = "casemgr"

    def ready(self) -> None:
        """Hand the checks over, and let what is thrown away from now on be collected."""
        from django.core.checks import register  # noqa: PLC0415 - as above

        import casemgr.celery  # noqa: F401, PLC0415 - the queue that every room wakes its tasks through
        from casemgr.checks import CHECKS  # noqa: PLC0415 - models exist only now

        for check in CHECKS:
            register(check)
        # What is loaded by now stays. Looking through it again and again while it grew would be a tenth of a
        # start, and each later look would find it all again.
        gc.freeze()
        gc.enable()
