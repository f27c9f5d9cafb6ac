"""Find SoftHSM, a PKCS#11 token in software, or install it where the machine allows it.

`python -m tests.softhsm` is called by `make test`. Where there is no way to it the tests of the token fail,
and say what to install.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

MISSING = (
    "There is no SoftHSM and none could be installed, so nothing is known of the provider `pkcs11`. "
    "Install it (Debian: apt-get install softhsm2) and call make test again."
)
_FOLDERS = ("/usr/lib/softhsm", "/usr/local/lib/softhsm", "/opt/homebrew/lib/softhsm", "/usr/lib64/pkcs11")


def find() -> str | None:
    """Return the path of the library, or None where library or program is missing."""
    for folder in _FOLDERS:
        library = Path(folder) / "libsofthsm2.so"
        if library.exists() and shutil.which("softhsm2-util"):
            return str(library)
    return None


def install() -> None:
    """Try the machine's package manager as root."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "softhsm2"]):
        try:
            subprocess.run(
                [apt, *words],
                env=environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=300,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return


if __name__ == "__main__":
    if find() is None:
        sys.stdout.write("installing SoftHSM for the tests of the token\n")
        install()
    sys.stdout.write((find() or MISSING) + "\n")
