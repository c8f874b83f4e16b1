"""Commands of this room."""

from __future__ import annotations

from datetime import date

import typer


def diagnose_command(person: str, as_of: date | None, json_out: bool) -> int:
    """Print where a person's gap lies on a day (default: the last day with a fact)."""
    from headway.detection.engine import analyse, report
    from headway.diagnosis.engine import diagnose_analysed
    from headway.diagnosis.printing import print_diagnosis
    from headway.facts.warehouse.at_hand import facts_at_hand

    with facts_at_hand(as_of) as facts:
        analysis = analyse(facts)
        person_id = find_person(person, analysis.roster.ids, analysis.roster.names)
        found = diagnose_analysed(facts, analysis, person_id, report=report(facts, analysis))
        print_diagnosis(found, json_out=json_out, currency=facts.currency, out=typer.echo)
    return 0


def find_person(given: str, ids: tuple[str, ...], names: tuple[str, ...]) -> str:
    """The id of the person with this id or full name (case and spaces do not matter).

    Raises WrongUsage where nobody or more than one has it, with the nearest names.
    """
    from difflib import get_close_matches

    from headway.core.errors import WrongUsage

    if given in ids:
        return given
    wanted = " ".join(given.split()).casefold()
    found = [i for i, name in zip(ids, names, strict=True) if wanted in (i.casefold(), name.casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        todo = f"Give an id: {', '.join(found)}."
        raise WrongUsage("More than one sales person has this name", value=given, todo=todo)
    spelled = {text.casefold(): text for text in (*names, *ids)}
    near = [spelled[text] for text in get_close_matches(wanted, spelled, n=2, cutoff=0.5)]
    todo = f"Did you mean {' or '.join(near)}?" if near else "headway signals lists everybody with their id."
    raise WrongUsage("No sales person has this id or name", value=given, todo=todo)


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""
    from headway.detection.commands import day

    @app.command("diagnose")
    def diagnose(
        person: str = typer.Argument(help="The person's id or full name."),
        as_of: str | None = typer.Option(None, "--as-of", help="The day, YYYY-MM-DD."),
        json_out: bool = typer.Option(False, "--json", help="One JSON document."),
    ) -> None:
        """Where a person's gap lies, in money, and what of it is not theirs."""
        raise typer.Exit(diagnose_command(person, day(as_of), json_out))
