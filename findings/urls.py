"""Addresses of findings."""

from django.urls import path

from findings import views

_CASE = "cases/<uuid:case>/findings/"

urlpatterns = [
    path(_CASE, views.finding_list, name="finding-list"),
    path(f"{_CASE}claims/new/", views.claim_add, name="claim-add"),
    path(f"{_CASE}facts/new/", views.assertion_add, name="assertion-add"),
    path(f"{_CASE}facts/<uuid:assertion>/links/new/", views.assertion_link, name="assertion-link"),
    path(
        f"{_CASE}facts/<uuid:assertion>/links/<uuid:link>/retract/",
        views.assertion_unlink,
        name="assertion-unlink",
    ),
    path(f"{_CASE}facts/<uuid:assertion>/judge/", views.assertion_judge, name="assertion-judge"),
]
