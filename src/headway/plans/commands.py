"""Commands of this room: `headway plan draft`, and the steps of a plan."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from headway.plans import step_commands
from headway.plans.outlook import commands as outlook_commands
from headway.plans.states import PlanKind

OUTPUT = typer.Option(None, "-o", "--output", help="File to write: .md, .pdf, .docx or .json.")


FOLDER = typer.Argument(None, help="Where the files are; HEADWAY_HOME/templates if left out.")


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""
    group = typer.Typer(help="Plans: drafted from what the data says, and every step of them.", no_args_is_help=True)
    group.command("draft")(draft)
    group.command("templates")(check_templates)
    step_commands.register(group)
    app.add_typer(group, name="plan")
    outlook_commands.register(app)


def draft(
    person: str = typer.Argument(help="The person's id."),
    as_of: str | None = typer.Option(
        None, "--as-of", help="The day, YYYY-MM-DD; the last day with a fact if left out."
    ),
    days: int | None = typer.Option(None, "--days", help="30, 60 or 90; the advice from gap and cycle if left out."),
    kind: str = typer.Option("success", "--kind", help="growth, success or formal: whose name and words are used."),
    output: Path | None = OUTPUT,
) -> None:
    """Draft a complete plan for a person. Nothing is kept: drafts that people work on are started on the page."""
    from headway.core.errors import WrongUsage
    from headway.documents.letter import Format
    from headway.plans.timeline import LENGTHS

    if days is not None and days not in LENGTHS:
        raise WrongUsage("A plan runs 30, 60 or 90 days", value=days, todo="Choose one with --days.")
    if kind not in set(PlanKind):
        raise WrongUsage("There is no such kind of plan", value=kind, todo="Use growth, success or formal.")
    suffix = output.suffix.lower().lstrip(".") if output else Format.MARKDOWN.value
    if suffix not in {fmt.value for fmt in Format}:
        raise WrongUsage(
            "A plan can be written as md, pdf, docx or json",
            value=output,
            todo="End the file's name with one of these.",
        )
    made = _made(person, as_of=as_of, days=days, kind=PlanKind(kind), fmt=suffix)
    if output is None:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
        return
    _write(output, made)
    typer.echo(f"Written to {output}.", err=True)


def check_templates(
    folder: Path | None = FOLDER,
) -> None:
    """Look through the company's own templates: unknown entries and placeholders are named with file and line."""
    from headway.core import templates
    from headway.core.language import vocabulary
    from headway.plans.content import LANGUAGES, load
    from headway.plans.holidays import company_holidays

    place = folder or templates.company_folder()
    for language in LANGUAGES:
        load(language, folder=place)
        vocabulary(language, folder=place)
    if folder is None:
        company_holidays()
    names = sorted(path.name for path in place.glob("*.toml")) if place.is_dir() else []
    typer.echo(f"In order: {', '.join(names)}." if names else f"There are no templates of your own in {place}.")


def _made(person_id: str, *, as_of: str | None, days: int | None, kind: PlanKind, fmt: str) -> bytes:
    from headway.core.actors import SYSTEM
    from headway.detection.commands import day
    from headway.people.queries import person_for
    from headway.plans.files import file_of
    from headway.plans.sources import basis_of_facts, draft_for

    basis, on = basis_of_facts(person_id, as_of=day(as_of))
    person = person_for(SYSTEM, person_id)
    return file_of(draft_for(SYSTEM, person, basis, as_of=on, days=days, kind=kind), fmt)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside and moved."""
    from headway.core.errors import StorageTrouble

    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as trouble:
        beside.unlink(missing_ok=True)
        raise StorageTrouble(
            "The file cannot be written", value=f"{path}: {trouble.strerror}", todo="Choose another place with -o."
        ) from trouble
