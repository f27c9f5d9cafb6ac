"""Every address of the product. A room brings its own `urls`; what a library serves goes through `borrowed`."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
