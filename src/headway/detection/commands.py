"""Commands of this room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer


def signals_command(as_of: date | None, policy: Path | None, json_out: bool) -> int:
    """Print everybody's signal on a day (default: the last day with a fact)."""
    from headway.detection.engine import signals
    from headway.detection.policy_file import read_policy
    from headway.detection.printing import print_signals
    from headway.facts.store import open_facts

    with open_facts(as_of) as facts:
        print_signals(signals(facts, policy=read_policy(policy), history_weeks=0), json_out=json_out, out=typer.echo)
    return 0


def watch_command(as_of: date | None, json_out: bool) -> int:
    """Print the early warnings on a day."""
    from headway.detection.engine import early_warnings, signals
    from headway.detection.printing import print_warnings
    from headway.facts.store import open_facts

    with open_facts(as_of) as facts:
        found = early_warnings(signals(facts, history_weeks=0))
        print_warnings(facts.as_of, found, json_out=json_out, out=typer.echo)
    return 0


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""

    @app.command("signals")
    def signals(
        as_of: str | None = typer.Option(None, "--as-of", help="The day, YYYY-MM-DD."),
        policy: str | None = typer.Option(None, "--policy", help="A policy file (TOML)."),
        json_out: bool = typer.Option(False, "--json", help="One JSON document."),
    ) -> None:
        """Who is evaluable, and what the evidence says of them."""
        raise typer.Exit(signals_command(day(as_of), Path(policy) if policy else None, json_out))

    @app.command("watch")
    def watch(
        as_of: str | None = typer.Option(None, "--as-of", help="The day, YYYY-MM-DD."),
        json_out: bool = typer.Option(False, "--json", help="One JSON document."),
    ) -> None:
        """Early warnings: what changed lately, for a talk and not for a judgement."""
        raise typer.Exit(watch_command(day(as_of), json_out))


def day(text: str | None) -> date | None:
    """A day given as YYYY-MM-DD. Raises WrongUsage on anything else."""
    from headway.core.errors import WrongUsage

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage("This is not a day", value=text, todo="Write it as YYYY-MM-DD.") from error
