from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "exports"

    def ready(self) -> None:
        from cases.handing import install  # noqa: PLC0415 - models exist only now
        from exports.actions.handovers import ExportHandovers  # noqa: PLC0415 - as above

        install(ExportHandovers())
