"""What goes wrong between custodians, each with a name and one line that a tired person can act on."""

from uuid import UUID

from vault.errors import VaultError


class CustodianError(VaultError):
    """Anything that a custodian's tool, or the server for it, refuses."""


class KeyRefused(CustodianError):
    """A key is malformed, weak or not the one it should be."""


class KeyFileRefused(CustodianError):
    """A custodian's key file is not one of ours, or its passphrase is wrong."""


class DirectoryRefused(CustodianError):
    """A directory goes back, is not signed by two of the one before, or contradicts itself."""


class PaperRefused(CustodianError):
    """A file is malformed, too large, edited, expired, or not meant for this."""


class HalfRefused(CustodianError):
    """A half is false or closed to this key. `holder` is the member whose half it is."""

    def __init__(self, holder: UUID, why: str) -> None:
        super().__init__(f"The half of {holder} {why}.")
        self.holder = holder
