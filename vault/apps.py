from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "vault"

    def ready(self) -> None:
        import vault.checks  # noqa: F401, PLC0415 - registers itself
