"""Find a Chromium for the browser tests, or install one where the machine allows it.

`python -m tests.chromium` is called by `make test`. Where there is no way to a browser the run goes on, and
says loudly at its end what was not tested (tests/conftest.py).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The same engine without the windows around it comes first: a new context takes it a third of the time.
NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
KEPT = (
    "chromium_headless_shell-*/chrome-*/*headless*shell",
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = (
    "BROWSER TESTS DID NOT RUN: there is no Chromium on PATH and none could be installed. "
    "Install one (Debian: apt-get install chromium-headless-shell) and call make test again."
)


def find() -> str | None:
    """Return the program of a browser: the machine's own, else the one that Playwright keeps."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    kept = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    programs = (path for pattern in KEPT for path in sorted(kept.glob(pattern), reverse=True))
    return next(map(str, programs), None)


def _try(*command: str, seconds: int) -> bool:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install() -> None:
    """Try the machine's package manager as root, then Playwright's own download."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        _try(apt, "update", "-qq", seconds=180)
        for package in ("chromium-headless-shell", "chromium"):
            if find() is None:
                _try(apt, "install", "-y", "-qq", "--no-install-recommends", package, seconds=600)
    if find() is None:
        _try(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium", seconds=600)


if __name__ == "__main__":
    if find() is None:
        sys.stdout.write("installing a Chromium for the browser tests\n")
        install()
    sys.stdout.write((find() or MISSING) + "\n")
