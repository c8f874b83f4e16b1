"""Commands of this room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer


def signals_command(as_of: date | None, policy: Path | None, json_out: bool) -> int:
    """Print everybody's signal on a day (default: the last day with a fact)."""
    from headway.detection.engine import signals
    from headway.detection.policy_file import check_stages, read_policy
    from headway.detection.policy_queries import policy_in_force
    from headway.detection.printing import print_signals
    from headway.detection.triggers.dry_run import run_triggers
    from headway.facts.warehouse.at_hand import facts_at_hand

    chosen = read_policy(policy) if policy else policy_in_force()
    with facts_at_hand(as_of) as facts:
        check_stages(chosen, facts.ladder)
        report = signals(facts, policy=chosen, history_weeks=0)
        triggers = run_triggers(facts, policy=chosen, report=report)
        print_signals(report, triggers=triggers, json_out=json_out, out=typer.echo)
    return 0


def dry_run_command(path: Path, as_of: date | None, json_out: bool) -> int:
    """Print what a policy file would have done on the facts."""
    from headway.detection.policy_file import read_policy
    from headway.detection.policy_queries import policy_in_force
    from headway.detection.printing import print_dry_run
    from headway.detection.triggers.trying import try_on_facts
    from headway.facts.warehouse.at_hand import facts_at_hand

    policy = read_policy(path)
    with facts_at_hand(as_of) as facts:
        print_dry_run(try_on_facts(facts, policy, in_force=policy_in_force()), json_out=json_out, out=typer.echo)
    return 0


def policies_command(json_out: bool) -> int:
    """Print every version of the policy, newest first."""
    from headway.core.actors import SYSTEM
    from headway.detection.policy_queries import policies_for
    from headway.detection.printing import print_policies

    print_policies(tuple(policies_for(SYSTEM)), json_out=json_out, out=typer.echo)
    return 0


def propose_command(path: Path, reason: str) -> int:
    """Keep a policy file as a proposal, and try it on the current facts."""
    from django.utils.translation import gettext as _

    from headway.core.actors import SYSTEM
    from headway.detection.actions import propose_policy
    from headway.detection.jobs import try_policy
    from headway.detection.policy_file import text_of

    kept = propose_policy(text=text_of(path), reason=reason, by=SYSTEM)
    try_policy(kept.pk)
    typer.echo(_("Policy %(version)s is proposed. It counts once somebody adopts it.") % {"version": kept.version})
    return 0


def adopt_command(version: str, reason: str) -> int:
    """Let a proposed policy count."""
    from django.utils.translation import gettext as _

    from headway.core.actors import SYSTEM
    from headway.detection.actions import adopt_policy
    from headway.detection.policy_queries import policy_for

    kept = adopt_policy(policy=policy_for(SYSTEM, version), reason=reason, by=SYSTEM)
    typer.echo(_("Policy %(version)s is in force from the next analysis on.") % {"version": kept.version})
    return 0


def watch_command(as_of: date | None, json_out: bool) -> int:
    """Print the early warnings on a day."""
    from headway.detection.early import early_warnings
    from headway.detection.engine import signals
    from headway.detection.printing import print_warnings
    from headway.facts.warehouse.at_hand import facts_at_hand

    with facts_at_hand(as_of) as facts:
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

    policy_app = typer.Typer(no_args_is_help=True, help="The company's policy: see, try, propose, adopt.")
    app.add_typer(policy_app, name="policy")

    @policy_app.command("dry-run")
    def dry_run(
        file: str = typer.Argument(help="A policy file (TOML)."),
        as_of: str | None = typer.Option(None, "--as-of", help="The day, YYYY-MM-DD."),
        json_out: bool = typer.Option(False, "--json", help="One JSON document."),
    ) -> None:
        """Whom a policy would have named when, how many by chance alone, and what the engine says."""
        raise typer.Exit(dry_run_command(Path(file), day(as_of), json_out))

    @policy_app.command("list")
    def policies(json_out: bool = typer.Option(False, "--json", help="One JSON document.")) -> None:
        """Every version of the policy: who wrote it, when, why, and which one counts."""
        raise typer.Exit(policies_command(json_out))

    @policy_app.command("propose")
    def propose(
        file: str = typer.Argument(help="A policy file (TOML)."),
        reason: str = typer.Option(..., "--reason", help="Why the policy changes."),
    ) -> None:
        """Keep a policy file as a proposal, tried on the past; it counts for nobody yet."""
        raise typer.Exit(propose_command(Path(file), reason))

    @policy_app.command("adopt")
    def adopt(
        version: str = typer.Argument(help="The version, as the file says it."),
        reason: str = typer.Option("", "--reason", help="Why it is adopted."),
    ) -> None:
        """Let a proposed policy count from the next analysis on."""
        raise typer.Exit(adopt_command(version, reason))

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
