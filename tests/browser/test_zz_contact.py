from tests.browser import test_pages as t
import importlib, os, pytest
pytestmark = t.pytestmark
NAMES = os.environ["PAGES"].split(",")
def test_few(window, monkeypatch):
    c = importlib.import_module("tests.browser.pages." + os.environ.get("ROOM","cases"))
    monkeypatch.setattr(c, "VISITS", [v for v in c.VISITS if v.called in NAMES])
    monkeypatch.setattr(t, "ALL_VIEWS", True)
    t.test_pages(os.environ.get("ROOM","cases"), window)
