"""Named reasons why a package is not made, or not believed. None carries content."""


class PackageError(Exception):
    """Base of every refusal about a package's bytes."""


class UnsafeName(PackageError):
    """A path could leave the bag, collide with another, or not survive another file system."""


class SourceChanged(PackageError):
    """A file gave other bytes the second time than the first."""


class Malformed(PackageError):
    """The bytes are not a package as we write them."""


class WrongDigest(PackageError):
    """A file's bytes and a manifest disagree."""


class WrongSignature(PackageError):
    """The statement was not signed by the key it is checked with."""


class WrongStatement(PackageError):
    """Statement and package do not belong together, or are addressed to somebody else."""


class SigningKeyMissing(PackageError):
    """There is no key to sign statements with."""


class BadRecipientKey(PackageError):
    """The text is not an age public key."""


class Leak(PackageError):
    """An outgoing text names something that stays inside. `places` are paths and kinds, never the words."""

    def __init__(self, places: tuple[str, ...]) -> None:
        super().__init__("; ".join(places))
        self.places = places
