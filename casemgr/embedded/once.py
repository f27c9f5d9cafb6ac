"""Run one command of `manage.py` with the embedded services, starting them for it where no `up` runs.

`python -m casemgr.embedded.once demo_export build/demo`, called by `make`.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from casemgr.embedded import surroundings, up
from casemgr.embedded.claim import Claim
from casemgr.embedded.faults import StartError
from casemgr.embedded.surroundings import ROOT


def _command(arguments: Sequence[str], environment: dict[str, str]) -> int:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=False)
    return done.returncode


def run(arguments: Sequence[str], stack: ExitStack) -> int:
    """Run the command; return its exit code."""
    wishes = surroundings.read([], os.environ)
    claim = Claim(wishes.data_dir)
    try:
        claim.take()
    except StartError:
        return _command(arguments, dict(os.environ))  # an `up` runs there: the command finds its services
    stack.callback(claim.release)
    environment = up.services(wishes, claim, stack, []).environment
    return _command(arguments, environment)


def main(arguments: Sequence[str]) -> int:
    """Run it; every expected trouble is one line and exit code 1."""
    up.hear()
    try:
        with ExitStack() as stack:
            return run(arguments, stack)
    except KeyboardInterrupt:
        return 130
    except (StartError, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
