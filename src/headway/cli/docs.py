"""`headway docs`: reference pages made from the code; `--check` says when they are out of date."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

say = Console(stderr=True, highlight=False, soft_wrap=True).print

# Each module has `pages() -> dict[str, str]`: file name under docs/reference/ -> text.
SOURCES = [
    "headway.cli.reference",
    "headway.people.reference",
    "headway.facts.reference",
    "headway.metrics.reference",
    "headway.plans.reference",
    "headway.api.reference",
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("docs", hidden=True)(docs)


def docs(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if a page is out of date.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the reference pages lie.")] = Path("docs/reference"),
) -> None:
    """Write the generated reference pages, or check that they are up to date."""
    stale = []
    for source in SOURCES:
        try:
            pages = importlib.import_module(source).pages()
        except ModuleNotFoundError as missing:
            if missing.name != source:
                raise
            continue
        for name, text in pages.items():
            path = folder / name
            if path.exists() and path.read_text() == text:
                continue
            stale.append(name)
            if not check:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
    if check and stale:
        say(f"Out of date: {', '.join(stale)}. Run `make docs` and commit the result.")
        raise typer.Exit(1)
    say(f"{len(stale)} reference pages written." if not check else "The reference pages are up to date.")
