"""Looking into a stored file: opened, and compared with what arrived.

Promise: it opens as the integrity machine, and each opening is in the log; what was read is digested and
gone. A file that does not open is as damaged as one that opens to something else. Called by the deep task.
"""

import hmac
from collections.abc import Callable

from accounts.door import Machine, entering, reader_code
from evidence.actions.integrity import is_erased
from evidence.checking import look
from evidence.models import FileObject
from evidence.vocabulary import FixityResult
from vault.errors import (
    KeyLocked,
    Missing,
    RootKeyMissing,
    RootKeyRefused,
    RootKeyUnreachable,
    StoreGone,
    VaultError,
)
from vault.files import SealedReader, compare_content, is_store_there, open_file
from vault.models import StoredFile
from vault.opening import open_rows
from vault.vocabulary import Purpose


def look_inside(stored: StoredFile, alive: Callable[[], object] = lambda: None) -> FixityResult:
    """Open a file and compare its content with its manifest and with what each exhibit says arrived.

    Raises `StoreGone`. A file whose key was destroyed is reported missing; the noter knows it as erased.
    """
    try:
        with entering(Machine.INTEGRITY, "integrity-deep"):
            row = StoredFile.objects.get(pk=stored.pk)
            if is_erased(row):
                return FixityResult.MISSING
            opened, arrived = _open(row)
        with opened:
            found = compare_content(opened, alive=alive)
    except Missing:
        return FixityResult.MISSING
    except KeyLocked:
        return look(stored, alive)  # what can be said without a key; the next deep run opens it again
    except (RootKeyMissing, RootKeyRefused, RootKeyUnreachable) as away:
        raise StoreGone from away  # what wraps every key is out of reach: that says nothing of any file
    except VaultError:
        return FixityResult.DAMAGED
    except OSError as error:
        if isinstance(error, StoreGone) or not is_store_there():
            raise StoreGone from error
        return FixityResult.DAMAGED
    same = all(hmac.compare_digest(found.sha256.hex(), one) for one in arrived)
    return FixityResult.INTACT if same else FixityResult.DAMAGED


def _open(row: StoredFile) -> tuple[SealedReader, list[str]]:
    reader = reader_code(Machine.INTEGRITY)
    files = list(FileObject.objects.filter(stored=row.pk))
    told = open_rows(files, "sha256", reader=reader, purpose=Purpose.INTEGRITY) if files else {}
    return open_file(row, reader=reader, purpose=Purpose.INTEGRITY), [
        told[one.pk].text("sha256") for one in files
    ]
