"""Every address of the product. A room brings its own `urls`; what a library serves goes through
`borrowed`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from accounts import borrowed_urls
from accounts.policy import entrance, own_credentials
from casemgr.views import dashboard, overview, search


def borrowed(patterns: Sequence[URLPattern], policy: Callable[[Any], Any]) -> list[URLPattern]:
    """Serve a library's addresses under one of our policies: a view without a policy does not start."""
    return [URLPattern(one.pattern, policy(one.callback), one.default_args, one.name) for one in patterns]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("cases/<uuid:case>/", overview.case_detail, name="case-detail"),
    path("cases/<uuid:case>/search/", search.case_search, name="case-search"),
    path("cases/<uuid:case>/search/<uuid:search>/", search.search_found, name="search-found"),
    path("", include("accounts.urls")),
    path("", include("cases.urls")),
    path("", include("evidence.urls")),
    path("", include("exports.urls")),
    path("", include("findings.urls")),
    *borrowed(borrowed_urls.ENTRANCE, entrance),
    *borrowed(borrowed_urls.OWN_CREDENTIALS, own_credentials),
]
