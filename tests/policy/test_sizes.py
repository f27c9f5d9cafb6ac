"""No file is longer than 400 lines and no function longer than 40; what programs generate is left out."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
APART = {".git", ".venv", "build", "migrations", "node_modules"}
FILES = [path for path in sorted(ROOT.rglob("*.py")) if APART.isdisjoint(path.relative_to(ROOT).parts)]


def test_files_are_found() -> None:
    assert len(FILES) > 300


def test_no_file_is_too_long() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in FILES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Everything within it but its expressions, in which no function is defined."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.stmt | ast.excepthandler | ast.match_case):
            yield part
            yield from statements(part)


def test_no_function_is_too_long() -> None:
    found = {}
    for path in FILES:
        for node in statements(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert found == {}
