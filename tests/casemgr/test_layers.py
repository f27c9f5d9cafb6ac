"""The lists of the import contracts are the folders: a room or a module cannot be forgotten."""

import tomllib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey
from django.db.models.fields.related import RelatedField

ROOT = Path(__file__).resolve().parents[2]
STACK = ("casemgr", "exports", "findings", "evidence", "cases", "accounts", "audit", "vault")


def contracts() -> tuple[list[str], list[dict[str, Any]]]:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return found["root_packages"], found["contracts"]


def modules(room: str) -> set[str]:
    children = (ROOT / room).iterdir()
    return {
        one.stem
        for one in children
        if one.suffix == ".py" or (one.is_dir() and (one / "__init__.py").exists())
    }


def test_every_package_is_a_room_of_the_contract() -> None:
    beside = {"tests", "benchmarks"}
    packages = {one.parent.name for one in ROOT.glob("*/__init__.py")} - beside
    root_packages, (stack, inside) = contracts()
    assert packages == set(root_packages) == set(STACK)
    assert tuple(stack["layers"]) == STACK
    assert set(inside["containers"]) == set(STACK) - {"casemgr", "vault"}
    assert inside["exhaustive"] is True


def test_no_module_is_excused_that_does_not_exist() -> None:
    _packages, (_stack, inside) = contracts()
    there = set().union(*(modules(room) for room in inside["containers"]))
    assert set(inside["exhaustive_ignores"]) <= there


def test_foreign_keys_run_downwards_only() -> None:
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in STACK:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, RelatedField | ForeignKey) and field.related_model is not None:
                target = field.related_model._meta.app_label
                if target in STACK and STACK.index(target) < STACK.index(room):
                    wrong.append(f"{model._meta.label}.{field.name} -> {target}")
    assert wrong == []


def test_rooms_do_not_use_what_the_house_forbids() -> None:
    """No signals, no class-based views, no superuser's back door: known by the words that bring them in."""
    forbidden = (
        "django.dispatch",
        "django.db.models.signals",
        "django.views.generic",
        "import pickle",
        "has_perm(",
    )
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for room in STACK
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
        for word in forbidden
        if word in path.read_text()
    ]
    assert found == []
