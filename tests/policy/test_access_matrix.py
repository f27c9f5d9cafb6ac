"""One table of who may reach what: every address x method x persona. What has no line in it fails."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from copy import deepcopy
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.template import Engine, Template
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from tests.personas import ANONYMOUS, PERSONAS, ROLES, make_person, signed_in
from tests.policy import matrix
from tests.policy.matrix.cases import a_case
from tests.policy.rows import METHODS, REFUSED, Row, World, resolve

Staff = tuple[World, dict[str, Client]]

ROWS: list[Row] = [
    one
    for module in pkgutil.iter_modules(matrix.__path__)
    for one in importlib.import_module(f"{matrix.__name__}.{module.name}").ROWS
]
# Each persona's own frame is drawn by these; what else it may show has tests of its own.
FRAMED = {"dashboard", "case-detail", "case-search"}
BARE = "".join(
    f"{{% block {name} %}}{{% endblock %}}" for name in ("title", "scripts", "crumbs", "content", "side")
)


def _patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _patterns(pattern, inner)
        else:
            yield f"{space}{pattern.name or pattern.pattern}", pattern


ADDRESSES = dict(_patterns(get_resolver()))


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    written = {one.name for one in ROWS}
    assert written == set(ADDRESSES), sorted(written ^ set(ADDRESSES))


def test_every_view_wears_a_policy() -> None:
    naked = [name for name, pattern in ADDRESSES.items() if not hasattr(pattern.callback, "policy")]
    assert naked == []


def test_only_what_is_public_is_open_to_strangers() -> None:
    for name, pattern in ADDRESSES.items():
        is_open = not getattr(pattern.callback, "login_required", True)
        assert is_open == (getattr(pattern.callback, "policy", "") == "public"), name


def _is_refused_unasked(method: str, address: str) -> bool:
    """Tell whether the view refuses a method whoever asks: here nobody does, so that asking who fails."""
    match = get_resolver().resolve(urlsplit(address).path)
    request = RequestFactory().generic(method, address)
    request.resolver_match = match
    try:
        return bool(match.func(request, *match.args, **match.kwargs).status_code == 405)
    except AttributeError:
        return False


def _faults(one: Row, world: World, browsers: dict[str, Client], *, is_whole: bool) -> Iterator[str]:
    address = reverse(one.name, kwargs=resolve(world, one.kwargs)) + one.query
    data = resolve(world, one.data)
    for method in METHODS:
        cell = one.cells.get(method)
        # Of who is refused whoever they are, two stand for all: behind the middleware there is no difference.
        unasked = cell is None and _is_refused_unasked(method, address)
        for persona in (ANONYMOUS, "lead") if unasked else _askers(one, method, is_whole=is_whole):
            with transaction.atomic():
                status = _ask(browsers[persona], method, address, data)
                transaction.set_rollback(True)
            if method == "HEAD" and "GET" in one.cells and cell is None:
                if status not in {405, one.cells["GET"].get(persona)}:
                    yield f"HEAD as {persona}: {status}, not as GET"
            elif cell is None:
                if status not in REFUSED:
                    yield f"{method} is not in the line, but {persona} got {status}"
            elif persona not in cell:
                yield f"{method} says nothing of {persona}"
            elif status != cell[persona]:
                yield f"{method} as {persona}: {status}, not {cell[persona]}"


def _askers(one: Row, method: str, *, is_whole: bool) -> Iterable[str]:
    """Everybody; where HEAD goes the way of GET, one asks for it of all to whom GET answers alike."""
    if is_whole or method != "HEAD" or method in one.cells or "GET" not in one.cells:
        return PERSONAS
    return {status: persona for persona, status in one.cells["GET"].items()}.values()


def _ask(browser: Client, method: str, address: str, data: dict[str, object]) -> int:
    kept = {name: morsel.value for name, morsel in browser.cookies.items()}
    answer = browser.post(address, data) if method == "POST" else browser.generic(method, address)
    if answer.streaming:
        list(answer)  # to its end: what is streamed holds its file open
    browser.cookies = SimpleCookie(kept)  # as if it had never asked
    return answer.status_code


@pytest.fixture(scope="module")
def staff(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Staff]:
    """The personas, a case and their browsers, made once for all lines; each line undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = {name: make_person(*roles) for name, roles in ROLES.items()}
        begun = World(people)
        begun.get(a_case)
        yield begun, {name: signed_in(people.get(name)) for name in PERSONAS}
        transaction.set_rollback(True)


@pytest.fixture
def without_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the pages without bar, rail and alarms: who gets which status is asked here, some 20,000 times."""
    (cached,) = Engine.get_default().template_loaders
    monkeypatch.setitem(vars(cached)["get_template_cache"], "base.html", Template(BARE))


def _access(one: Row, staff: Staff, request: pytest.FixtureRequest, *, is_whole: bool) -> None:
    begun, browsers = staff
    if one.name not in FRAMED:
        request.getfixturevalue("without_frame")
    assert ANONYMOUS in browsers
    with transaction.atomic():
        world = deepcopy(begun)
        # Made before the first request, so that no request's undoing takes it away.
        resolve(world, {**one.kwargs, **one.data})
        assert list(_faults(one, world, browsers, is_whole=is_whole)) == []
        assert connection.in_atomic_block
        transaction.set_rollback(True)


def _name(one: Row) -> str:
    return f"{one.name}{one.query}"


@pytest.mark.parametrize("one", ROWS, ids=_name)
def test_access(one: Row, staff: Staff, request: pytest.FixtureRequest) -> None:
    _access(one, staff, request, is_whole=False)


@pytest.mark.soak
@pytest.mark.parametrize("one", ROWS, ids=_name)
def test_access_by_every_method(one: Row, staff: Staff, request: pytest.FixtureRequest) -> None:
    """HEAD too is asked by everybody."""
    _access(one, staff, request, is_whole=True)
