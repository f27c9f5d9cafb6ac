"""What is told of a page that broke: where, and nothing of what was in hand."""

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter

SECRET = "Kanarievogel sings at night"


@pytest.mark.django_db
def test_a_report_tells_nothing_of_what_was_typed(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ADMINS, settings.DEBUG = [("Operator", "operator@example.org")], False
    browser = Client(raise_request_exception=False, headers={"X-Said": SECRET})
    browser.cookies["said"] = SECRET.replace(" ", "")
    monkeypatch.setattr("allauth.account.views.LoginView.dispatch", _break)
    answer = browser.post("/sign-in", {"login": SECRET, "password": SECRET})
    assert answer.status_code == 500
    (letter,) = mail.outbox
    told = letter.message().as_string() + answer.content.decode()
    assert "a page that breaks" in told
    assert "Kanarievogel" not in told


def _break(_view: object, request: object, **_: object) -> None:
    in_hand = SECRET
    raise RuntimeError(f"a page that breaks with {len(in_hand)} letters in hand")


def test_a_page_for_developers_shows_no_variable_either() -> None:
    request = RequestFactory().post("/sign-in", {"login": SECRET})
    try:
        _break(None, request)
    except RuntimeError as error:
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
    data = reporter.get_traceback_data()
    assert all(not frame["vars"] for frame in data["frames"])
    assert SECRET not in reporter.get_traceback_text()
