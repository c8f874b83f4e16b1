"""Commands of the roof: what needs several rooms at once."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import typer


def impact_command(as_of: date | None, attribute: str | None, json_out: bool) -> int:
    """Print the adverse-impact tests on a day (default: the last day with a fact)."""
    from headway.core.actors import SYSTEM
    from headway.core.errors import WrongUsage
    from headway.detection.engine import signals
    from headway.detection.equal_treatment import sentences as say
    from headway.detection.equal_treatment.reading import impact_of
    from headway.detection.policy_queries import policy_in_force
    from headway.facts.warehouse.at_hand import facts_at_hand

    with facts_at_hand(as_of) as facts:
        report = signals(facts, policy=policy_in_force(), history_weeks=0)
        tiers = {entry.person_id: entry.tier.value for entry in report.people}
        found = impact_of(facts, tiers, by=SYSTEM, attribute=attribute)
    if found.reason and attribute:
        raise WrongUsage(found.reason.rstrip("."))
    if json_out:
        document = {
            "as_of": facts.as_of.isoformat(),
            "attribute": attribute,
            "evaluable": found.reason is None,
            "reason": found.reason,
            "comparisons": [asdict(c) for c in found.comparisons],
            "hidden": [asdict(h) for h in found.hidden],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
        return 0
    if found.reason:
        typer.echo(found.reason)
        return 0
    unequal = sum(c.verdict == "unequal" for c in found.comparisons)
    typer.echo(f"{say.headline(unequal, len(found.comparisons))}.")
    for c in found.comparisons:
        typer.echo(f"{say.attribute_label(c.attribute)}: {' '.join(c.sentences)}")
    for hidden in found.hidden:
        typer.echo(hidden.sentence)
    return 0


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""
    from headway.detection.commands import day

    @app.command("impact")
    def impact(
        as_of: str | None = typer.Option(None, "--as-of", help="The day, YYYY-MM-DD."),
        attribute: str | None = typer.Option(None, "--attribute", help="Only this attribute of the groups."),
        json_out: bool = typer.Option(False, "--json", help="One JSON document."),
    ) -> None:
        """Are groups treated alike? Tests over flags, plans and outcomes."""
        raise typer.Exit(impact_command(day(as_of), attribute, json_out))
