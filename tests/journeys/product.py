"""The whole product, started as a newcomer starts it, and one person who walks through it in a browser."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.running import ROOT, environment, folder, free_port

# Ten seconds on an idle machine are soon a minute where a suite runs beside it.
PATIENCE: Final = 30_000
START_SECONDS: Final = 240


@dataclass
class Product:
    """A running `manage.py up` with the demonstration loaded."""

    url: str
    link: str
    data_dir: Path
    port: int
    said: list[str] = field(default_factory=list)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `manage.py` while this product runs."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(self.data_dir, self.port),
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Start everything in a fresh folder; whatever is left behind at its end fails the journey."""
    with folder(tmp_path_factory.mktemp("journey") / "data") as data_dir:
        port = free_port()
        running = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment(data_dir, port),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        late = threading.Timer(START_SECONDS, running.kill)
        late.start()
        assert running.stdout is not None
        said: list[str] = []
        link = ""
        for line in running.stdout:
            said.append(line.rstrip())
            found = re.search(r"(http://\S+)(/demonstration/\S+)", line)
            if found:
                link = found[2]
                break
        late.cancel()
        assert link, said
        listener = threading.Thread(target=lambda: said.extend(running.stdout or ()), daemon=True)
        listener.start()
        yield Product(f"http://127.0.0.1:{port}", link, data_dir, port, said)
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=60) == 0, said
        listener.join(timeout=10)
        running.stdout.close()


@dataclass
class Walk:
    """One browser, in which a newcomer takes one persona after another."""

    product: Product
    page: Page
    complaints: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Come in by the printed link."""
        self.go(self.product.link)
        self.press("Begin")

    def become(self, code: str) -> None:
        """Go on as another person."""
        self.go("/demonstration/personas")
        offered = self.page.get_by_role("button", name=f"Look as {code}")
        if offered.count():  # nobody is offered to become who they are
            offered.click()
        expect(self.page.get_by_role("banner").get_by_text(code)).to_be_visible()

    def go(self, address: str) -> int:
        """Open an address; return the status."""
        answer = self.page.goto(self.product.url + address)
        assert answer is not None, address
        return answer.status

    def follow(self, name: str) -> None:
        """Follow the link of this name."""
        self.page.get_by_role("link", name=name).first.click()

    def press(self, name: str) -> None:
        """Press the button of this name."""
        self.page.get_by_role("button", name=name).first.click()

    def sees(self, words: str) -> None:
        """Wait until the page shows these words."""
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)

    def until(self, words: str) -> None:
        """Load the page again and again until it shows these words: somebody works in the background."""
        for _try in range(60):
            if self.page.get_by_text(words).first.is_visible():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        self.sees(words)

    def hear(self, said: ConsoleMessage) -> None:
        """Keep errors and whatever the headers blocked; a 4xx on purpose is no fault of the page."""
        if said.type == "error" and not re.search(r"status of 4\d\d", said.text):
            self.complaints.append(said.text)


@pytest.fixture(scope="module")
def walk(chrome: Browser, product: Product) -> Iterator[Walk]:
    """A fresh browser, already let in."""
    context = chrome.new_context(
        reduced_motion="reduce", viewport={"width": 1280, "height": 800}, accept_downloads=True
    )
    context.set_default_timeout(PATIENCE)
    walk = Walk(product, context.new_page())
    walk.page.on("console", walk.hear)
    walk.page.on("pageerror", lambda error: walk.complaints.append(str(error)))
    walk.begin()
    yield walk
    context.close()
    assert walk.complaints == []
