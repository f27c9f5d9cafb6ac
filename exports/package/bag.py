"""BagIt 1.0 (RFC 8493): the tag files that turn measured files under `data/` into a bag.

The files come first and the manifests after them, so a bag is written in one pass; Payload-Oxum needs only
the sizes.
"""

from collections.abc import Iterable, Sequence

from exports.package.errors import UnsafeName
from exports.package.payload import Measured, distinct, measure, of_bytes

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")
_LABEL_END = ": "


def encode_path(path: str) -> str:
    """Return a path as manifests write it: LF, CR and `%` encoded, nothing else (RFC 8493, 2.1.3)."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def decode_path(path: str) -> str:
    """Undo `encode_path`; other percent signs stand for themselves."""
    for code, char in (("%0D", "\r"), ("%0d", "\r"), ("%0A", "\n"), ("%0a", "\n"), ("%25", "%")):
        path = path.replace(code, char)
    return path


def digest(measured: Measured, algorithm: str) -> str:
    """Return the hexadecimal digest that manifests of `algorithm` hold."""
    return measured.sha256 if algorithm == "sha256" else measured.sha512


def manifest(files: Iterable[Measured], algorithm: str) -> bytes:
    """Return manifest lines as coreutils' `sha512sum -c` reads them, in the order of the paths."""
    lines = sorted((encode_path(item.file.path), digest(item, algorithm)) for item in files)
    return "".join(f"{value}  {path}\n" for path, value in lines).encode()


def bag_info(labels: Sequence[tuple[str, str]], *, octets: int, count: int) -> bytes:
    """Return `bag-info.txt`; a line break inside a value would add a label, so it is refused."""
    lines = [*labels, ("Payload-Oxum", f"{octets}.{count}")]
    for label, value in lines:
        if any(char in label + value for char in "\r\n") or ":" in label:
            raise UnsafeName("a label or value of bag-info.txt holds a line break or a colon")
    return "".join(f"{label}{_LABEL_END}{value}\n" for label, value in lines).encode()


def close_bag(root: str, payload: Sequence[Measured], labels: Sequence[tuple[str, str]]) -> list[Measured]:
    """Return every file of the bag, tag files included, under the folder `root`, sorted by path.

    `payload` holds paths that begin with `data/`; raises `UnsafeName` for any other and for two alike.
    """
    if any(not item.file.path.startswith("data/") for item in payload):
        raise UnsafeName("a payload file lies outside data/")
    distinct(item.file.path for item in payload)
    octets = sum(item.file.size for item in payload)
    tags = [
        of_bytes("bagit.txt", DECLARATION),
        of_bytes("bag-info.txt", bag_info(labels, octets=octets, count=len(payload))),
        *(of_bytes(f"manifest-{name}.txt", manifest(payload, name)) for name in ALGORITHMS),
    ]
    tagged = list(measure(tags))
    closing = list(
        measure(of_bytes(f"tagmanifest-{name}.txt", manifest(tagged, name)) for name in ALGORITHMS)
    )
    return sorted(
        (_under(root, item) for item in [*payload, *tagged, *closing]), key=lambda item: item.file.path
    )


def _under(root: str, item: Measured) -> Measured:
    file = type(item.file)(f"{root}/{item.file.path}", item.file.size, item.file.read)
    return Measured(file, item.sha256, item.sha512, item.crc32)
