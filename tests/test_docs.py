"""What the documentation names exists: files and headings behind links, commands with their options, variables."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from headway.cli.main import build

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# A command stands in an indented block, in a fenced one, or between backticks.
_LINE = re.compile(r"^(?: {4}|\t)(?:[A-Z_]+=\S+ )*(?:\S*/)?headway (.*)$", re.MULTILINE)
_INLINE = re.compile(r"`(?:\.venv/bin/)?headway ([^`]+)`")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_VARIABLE = re.compile(r"\b(?:HEADWAY_[A-Z_]+|DATABASE_URL|SECRET_KEY)\b")
_READ_HERE = re.compile(r"environ(?:\.get\(|\[|\.setdefault\()\s*\"([A-Z_]+)\"")
# What may not stand in a page that people outside read.
_OWN_MACHINE = re.compile(r"(?<![\w.~])/(?:work|tmp|root|home)/")


def _pages() -> list[Path]:
    """Every Markdown page of the project: what git knows, or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


PAGES = _pages()
HANDWRITTEN = [p for p in PAGES if p.is_relative_to(ROOT / "docs") or p.is_relative_to(ROOT / "examples")]
HANDWRITTEN += [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _anchor(heading: str) -> str:
    """The address that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _anchors(page: Path) -> set[str]:
    return {_anchor(line.lstrip("#")) for line in page.read_text().splitlines() if line.startswith("#")}


def broken_links(page: Path, text: str) -> list[str]:
    """Links of a page to a file or a heading that is not there; pictures count once they have been made."""
    broken = []
    for link in _LINK.findall(_FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if target.parent == PICTURES and not PICTURES.exists():
            continue
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            broken.append(link)
    return broken


def _commands() -> Iterator[tuple[str, set[str]]]:
    def walk(command: Any, path: str) -> Iterator[tuple[str, set[str]]]:
        children = getattr(command, "commands", {})
        yield path, {name for parameter in command.params for name in parameter.opts} | {"--help"}
        for name, child in children.items():
            yield from walk(child, f"{path} {name}".strip())

    yield from walk(typer.main.get_command(build()), "")


TREE = dict(_commands())


def unknown_command(said: str) -> str:
    """What is wrong with `headway SAID`, or nothing."""
    words = said.split("#")[0].split(" || ")[0].split(" > ")[0].split()
    path = ""
    while words and f"{path} {words[0]}".strip() in TREE:
        path = f"{path} {words.pop(0)}".strip()
    if path == "" and words and not words[0].startswith("-"):
        return f"headway {words[0]}: no such command"
    if any(other.startswith(f"{path} ") for other in TREE) and words and _WORD.fullmatch(words[0]):
        return f"headway {path} {words[0]}: no such command"
    options = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    missing = options - TREE[path]
    return f"headway {path}: no option {', '.join(sorted(missing))}" if missing else ""


def _said(text: str) -> list[str]:
    return [found for found in (*_LINE.findall(text), *_INLINE.findall(text)) if _WORD.match(found)]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text()) == []


@pytest.mark.parametrize("page", HANDWRITTEN, ids=_name)
def test_every_command_and_option_exists(page: Path) -> None:
    assert [wrong for said in _said(page.read_text()) if (wrong := unknown_command(said))] == []


@pytest.mark.parametrize("page", HANDWRITTEN, ids=_name)
def test_every_variable_is_read_by_the_program(page: Path) -> None:
    known = {name for file in (ROOT / "src").rglob("*.py") for name in _READ_HERE.findall(file.read_text())}
    assert set(_VARIABLE.findall(page.read_text())) <= known


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_page_speaks_of_the_machine_it_was_written_on(page: Path) -> None:
    assert _OWN_MACHINE.findall(page.read_text()) == []


def test_every_page_is_reached_from_the_index() -> None:
    """A page that nobody links to is a page that nobody reads."""
    docs = ROOT / "docs"
    index = (docs / "README.md").read_text()
    linked = {(docs / link.partition("#")[0]).resolve() for link in _LINK.findall(index)}
    kinds = ("tutorial", "how-to", "reference", "explanation")
    assert [_name(p) for kind in kinds for p in sorted((docs / kind).glob("*.md")) if p.resolve() not in linked] == []


def test_the_checks_find_what_is_wrong() -> None:
    page = ROOT / "docs" / "README.md"
    assert broken_links(page, "[a](nowhere.md) [b](glossary.md) [c](glossary.md#nothing) [d](#by-kind)") == [
        "nowhere.md",
        "glossary.md#nothing",
    ]
    assert _said("    headway lode x\n    .venv/bin/headway status\nand `headway plan draught R1`.") == [
        "lode x",
        "status",
        "plan draught R1",
    ]
    for wrong in ("lode x", "plan draught R1", "load x --maping y"):
        assert unknown_command(wrong)
    assert not unknown_command("load x --mapping y --yes > out.json || exit 1")
