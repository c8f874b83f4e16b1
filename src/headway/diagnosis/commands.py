"""Commands of this room."""

from __future__ import annotations

from datetime import date

import typer


def diagnose_command(person: str, as_of: date | None, json_out: bool) -> int:
    """Print where a person's gap lies on a day (default: the last day with a fact)."""
    from headway.core.errors import NotFound
    from headway.detection.engine import analyse, report
    from headway.diagnosis.engine import diagnose_analysed
    from headway.diagnosis.printing import print_diagnosis
    from headway.facts.store import open_facts

    with open_facts(as_of) as facts:
        analysis = analyse(facts)
        if person not in analysis.roster.position:
            raise NotFound("No sales person has this id", value=person, todo="See headway signals for the ids.")
        found = diagnose_analysed(facts, analysis, person, report=report(facts, analysis))
        print_diagnosis(found, json_out=json_out, currency=facts.currency, out=typer.echo)
    return 0


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""
    from headway.detection.commands import day

    @app.command("diagnose")
    def diagnose(
        person: str = typer.Argument(help="The person's id."),
        as_of: str | None = typer.Option(None, "--as-of", help="The day, YYYY-MM-DD."),
        json_out: bool = typer.Option(False, "--json", help="One JSON document."),
    ) -> None:
        """Where a person's gap lies, in money, and what of it is not theirs."""
        raise typer.Exit(diagnose_command(person, day(as_of), json_out))
