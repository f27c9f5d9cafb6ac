from django.apps import AppConfig


class CasemgrConfig(AppConfig):
    name = "casemgr"
