"""Rules of the house that a reader would otherwise have to check by eye."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "headway"
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}
# The mechanisms that the actions themselves stand on.
MECHANISMS = {
    "core/audit.py",
    "core/outbox.py",
    "core/rounds.py",
    "core/jobs.py",
    "core/webhooks/writing.py",
    "core/webhooks/sending.py",
}


def writes_in(source: str) -> list[int]:
    """Lines that write a record: `.save(`, `objects….create(`, `.update(` on a query set and the like."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in WRITES and _on_a_record(node):
            found.append(node.lineno)
    return found


def _on_a_record(call: ast.Call) -> bool:
    """True unless the call is plainly on a dict, a set or a hash (`seen.update(x)`)."""
    assert isinstance(call.func, ast.Attribute)
    chain = ast.unparse(call.func.value)
    if call.func.attr == "save" and call.args:
        return False  # A document or a font is saved to a place; a record's save is given none.
    if call.func.attr == "save":
        return not call.args  # a record is saved without a place; what is saved somewhere is a file
    if call.func.attr in {"update", "delete", "create"}:
        return ".objects" in chain or "select_for_update" in chain or ".filter(" in chain or chain.endswith("_set")
    return True


def rooms_files() -> list[Path]:
    return [
        path
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        and path.name != "actions.py"
        and path.parent.name != "actions"
        and str(path.relative_to(SOURCE)) not in MECHANISMS
    ]


@pytest.mark.parametrize("path", rooms_files(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_records_are_written_by_actions_only(path: Path) -> None:
    assert writes_in(path.read_text()) == []


def test_the_search_for_writes_finds_them() -> None:
    assert writes_in("x.save()") == [1]
    assert writes_in("Person.objects.filter(a=1).update(b=2)") == [1]
    assert writes_in("seen.update({1})") == []
    assert writes_in("font.save(path)") == []


def test_every_action_is_decorated() -> None:
    """A public function with `by` in an actions module goes through the wrapper."""
    for path in SOURCE.rglob("actions*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                takes_by = any(arg.arg == "by" for arg in node.args.kwonlyargs)
                decorated = any("action(" in ast.unparse(d) for d in node.decorator_list)
                assert decorated or not takes_by, f"{path.name}:{node.name}"


def test_templates_carry_no_inline_style_or_script() -> None:
    for path in SOURCE.rglob("*.html"):
        text = path.read_text()
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert "<script>" not in text, path


def test_rules_are_pure() -> None:
    """`rules.py` decides; it reads no clock, no store, no framework."""
    for path in SOURCE.rglob("rules.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            assert not any(n.split(".")[0] in {"django", "duckdb", "ibis"} for n in names), path
