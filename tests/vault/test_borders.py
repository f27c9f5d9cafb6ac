"""Ciphers stay in the vault, migrations say what they grant, and every field says how it is handled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from vault.database import allow_delete, allow_update, into_schema
from vault.fields import SealedField
from vault.handling import How, TableKind, identity, index, plain, sealed

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("casemgr", "exports", "findings", "evidence", "cases", "accounts", "audit", "vault")
# What may meet data outside the vault: signatures of checkpoints and exports, and reading certificates.
ALLOWED = (
    "cryptography.hazmat.primitives.asymmetric",
    "cryptography.hazmat.primitives.serialization",
    "cryptography.exceptions",
    "cryptography.x509",
)
# The demonstration's pictures are drawn with a seeded generator, so that they are the same each time.
EXCEPTIONS = {("casemgr/demo/drawings.py", "random")}
BANNED_MODULES = (
    "cryptography",
    "Crypto",
    "nacl",
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "random",
    "tink",
    "jwcrypto",
)
BANNED_NAMES = {
    "AESGCM",
    "ChaCha20Poly1305",
    "Fernet",
    "MultiFernet",
    "aes_key_wrap",
    "PickleSerializer",
    "Cipher",
}
# Who imports one of these has written its name: all other files need not be parsed.
NAMED = re.compile("|".join([*BANNED_MODULES, *BANNED_NAMES]))


def sources() -> Iterator[tuple[Path, ast.AST]]:
    """Every file of the product that speaks of anything of the border."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            code = path.read_text()
            if NAMED.search(code):
                yield path.relative_to(ROOT), ast.parse(code)


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def banned(path: Path, module: str, name: str) -> bool:
    if name in BANNED_NAMES:
        return True
    if (path.as_posix(), module) in EXCEPTIONS:
        return False
    if path.parts[0] == "vault":
        return module.partition(".")[0] in BANNED_MODULES[1:]
    full = f"{module}.{name}" if name else module
    if full.startswith(ALLOWED):
        return False
    return module.partition(".")[0] in BANNED_MODULES


def test_no_cipher_outside_the_vault() -> None:
    found = [
        f"{path}: {module} {name}"
        for path, tree in sources()
        for module, name in imported(tree)
        if banned(path, module, name)
    ]
    assert found == []


def test_the_border_would_notice() -> None:
    code = "from cryptography.hazmat.primitives.ciphers.aead import AESGCM\nimport random\nimport pickle as p"
    for path in (Path("cases/x.py"), Path("vault/x.py")):
        assert [name for name in imported(ast.parse(code)) if banned(path, *name)] == [
            ("cryptography.hazmat.primitives.ciphers.aead", "AESGCM"), ("random", ""), ("pickle", ""),
        ]  # fmt: skip
    ed25519 = "cryptography.hazmat.primitives.asymmetric.ed25519"
    assert not banned(Path("audit/x.py"), ed25519, "Ed25519PrivateKey")


def test_one_module_meets_the_cipher() -> None:
    met = {
        path.as_posix()
        for path, tree in sources()
        for module, _ in imported(tree)
        if module.startswith("cryptography.cobblestone")
    }
    assert met == {"vault/cipher.py"}


def test_every_field_of_the_vault_says_how_it_is_handled() -> None:
    for model in apps.get_app_config("vault").get_models():
        assert isinstance(model.__dict__["table_kind"], TableKind)
        handling = model.__dict__["handling"]
        for field in model._meta.concrete_fields:
            if field.primary_key or field.name == "created_at":
                continue
            assert field.name in handling, f"{model.__name__}.{field.name}"
            if isinstance(field, SealedField):
                assert handling[field.name].how == How.SEALED


def test_handling_says_how_why_and_how_long() -> None:
    made = [plain("a"), sealed("b"), identity("c"), index("d", keep="for ever")]
    assert [one.how for one in made] == list(How)
    assert [(one.why, one.keep) for one in made][-1] == ("d", "for ever")
    assert made[0].keep == "case"


def test_grants_are_written_by_name() -> None:
    assert allow_update("t", "a", "b").sql == ['GRANT UPDATE ("a", "b") ON "t" TO "app"']
    assert allow_delete("t").sql == ['GRANT DELETE ON "t" TO "app"']
    assert allow_delete('t"; DROP').sql == ['GRANT DELETE ON "t""; DROP" TO "app"']
    moved = into_schema("t", "keystore").sql
    assert moved[0] == 'ALTER TABLE public."t" SET SCHEMA "keystore"'
    assert 'REVOKE ALL ON "keystore"."t" FROM "app", PUBLIC' in moved
    with pytest.raises(ValueError, match="columns"):
        allow_update("t")
    with pytest.raises(ValueError, match="two"):
        into_schema("t", "public")
