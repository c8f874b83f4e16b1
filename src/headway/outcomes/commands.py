"""Commands of this room."""

from __future__ import annotations

import json
from datetime import date

import typer


def verdict_command(person: str, start: date, as_of: date | None, json_out: bool) -> int:
    """Print whether a person really improved since a day."""
    from headway.core.errors import WrongUsage
    from headway.detection.engine import analyse
    from headway.diagnosis.commands import find_person
    from headway.facts.warehouse.at_hand import facts_at_hand
    from headway.outcomes.verdict import judge

    with facts_at_hand(as_of) as facts:
        if start > facts.as_of:
            raise WrongUsage(
                "The start lies after the day to look from",
                value=f"{start} after {facts.as_of}",
                todo="Give --start before --as-of.",
            )
        analysis = analyse(facts)
        person_id = find_person(person, analysis.roster.ids, analysis.roster.names)
        found = judge(analysis, person_id, start=start)
    document = found.as_json()
    if json_out:
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo("\n".join(document["sentences"]))
    return 0


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""
    from headway.core.errors import WrongUsage
    from headway.detection.commands import day
    from headway.outcomes import step_commands

    step_commands.register(app)

    @app.command("verdict")
    def verdict(
        person: str = typer.Argument(help="The person's id or full name."),
        start: str = typer.Option(..., "--start", help="The first day that counts, YYYY-MM-DD."),
        as_of: str | None = typer.Option(None, "--as-of", help="The day to look from, YYYY-MM-DD."),
        json_out: bool = typer.Option(False, "--json", help="One JSON document."),
    ) -> None:
        """Whether somebody really improved since a day, or luck alone would look like it."""
        first = day(start)
        if first is None:
            raise WrongUsage("The start is missing", todo="Give --start as YYYY-MM-DD.")
        raise typer.Exit(verdict_command(person, first, day(as_of), json_out))
