from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit.recorder import LogRecorder  # noqa: PLC0415 - models exist only now
        from vault.ports import install  # noqa: PLC0415 - as above

        install(LogRecorder())
