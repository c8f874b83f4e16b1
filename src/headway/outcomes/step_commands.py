"""`headway outcome …`: the end of a plan, each step by the person of `HEADWAY_TOKEN`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
JSON = Annotated[bool, typer.Option("--json", help="One JSON document.")]
NUMBER = Annotated[int, typer.Argument(help="The plan's number, see `headway plan list`.")]
WORDS = Annotated[str, typer.Option("--words", help="In your own words; they are kept unedited.")]
OUTCOME = Annotated[str, typer.Option(help="met, partly, extended, not_met, role_change, transition or unfair.")]


def register(app: typer.Typer) -> None:
    """Add `headway outcome`."""
    group = typer.Typer(
        help="The end of a plan: evidence, outcome, answer, appeal, the whole case.", no_args_is_help=True
    )
    for command in (show, prepare, propose, answer, confirm, appeal, decide, extend, case):
        group.command(command.__name__)(command)
    group.command("return")(send_back)
    app.add_typer(group, name="outcome")


def _told(row: Any, *, json_out: bool = False) -> None:
    if json_out:
        document = {"plan": row.plan_id, "stage": row.stage, "outcome": row.outcome, "prepared": row.prepared,
                    "prepared_hash": row.prepared_hash}  # fmt: skip
        print(json.dumps(document, ensure_ascii=False))  # noqa: T201
        return
    out.print(f"Plan {row.plan_id}: {row.get_outcome_display() or '–'}, {row.get_stage_display()}.")


def _evaluation(number: int) -> dict[str, Any]:
    from headway.core.commanding import commander
    from headway.outcomes.queries import evaluation_for

    by = commander()
    return {"evaluation": evaluation_for(by, number)[1], "by": by}


def _outcome(text: str) -> Any:
    from headway.core.errors import WrongUsage
    from headway.outcomes.states import Outcome

    if text not in set(Outcome):
        raise WrongUsage("There is no such outcome", value=text, todo=f"Choose one of: {', '.join(Outcome)}.")
    return Outcome(text)


def show(number: NUMBER, json_out: JSON = False) -> None:
    """How a plan is judged, as far as you may see it."""
    _told(_evaluation(number)["evaluation"], json_out=json_out)


def prepare(number: NUMBER, json_out: JSON = False) -> None:
    """Gather the evidence as of today (manager)."""
    from headway.core.commanding import commander
    from headway.outcomes.actions import prepare_evaluation
    from headway.plans.queries import plan_for

    by = commander()
    _told(prepare_evaluation(plan=plan_for(by, number), by=by), json_out=json_out)


def propose(
    number: NUMBER,
    outcome: OUTCOME,
    words: WORDS,
    seen: Annotated[str, typer.Option("--hash", help="`prepared_hash` of what you have read, from `show --json`.")],
    until: Annotated[str | None, typer.Option(help="The new last day, for extended.")] = None,
    json_out: JSON = False,
) -> None:
    """Propose an outcome with your reasons (manager)."""
    from headway.detection.commands import day
    from headway.outcomes.actions import OutcomeChosen, propose_outcome

    chosen = OutcomeChosen(_outcome(outcome), words, seen, day(until))
    _told(propose_outcome(**_evaluation(number), chosen=chosen), json_out=json_out)


def answer(number: NUMBER, words: WORDS, json_out: JSON = False) -> None:
    """Answer the proposed outcome of your plan."""
    from headway.outcomes.actions import answer_outcome

    _told(answer_outcome(**_evaluation(number), words=words), json_out=json_out)


def send_back(number: NUMBER, words: WORDS, json_out: JSON = False) -> None:
    """Send a proposed outcome back (HR)."""
    from headway.outcomes.actions import return_outcome

    _told(return_outcome(**_evaluation(number), words=words), json_out=json_out)


def confirm(number: NUMBER, words: WORDS, json_out: JSON = False) -> None:
    """Confirm an outcome (HR)."""
    from headway.outcomes.actions import confirm_outcome

    _told(confirm_outcome(**_evaluation(number), words=words), json_out=json_out)


def appeal(number: NUMBER, words: WORDS, json_out: JSON = False) -> None:
    """Appeal against the outcome of your plan."""
    from headway.outcomes.actions import appeal_outcome

    _told(appeal_outcome(**_evaluation(number), words=words), json_out=json_out)


def decide(
    number: NUMBER,
    words: WORDS,
    uphold: Annotated[bool, typer.Option("--uphold/--dismiss", help="Whether the person is right.")],
    outcome: Annotated[str | None, typer.Option(help="The outcome instead, where the person is right.")] = None,
    json_out: JSON = False,
) -> None:
    """Decide an appeal; never by who proposed or confirmed."""
    from headway.outcomes.actions import decide_appeal

    other = _outcome(outcome) if outcome is not None else None
    _told(decide_appeal(**_evaluation(number), upheld=uphold, words=words, outcome=other), json_out=json_out)


def extend(number: NUMBER) -> None:
    """Write the extension for signature (manager)."""
    from headway.outcomes.actions import extend_plan

    extend_plan(**_evaluation(number))
    out.print("The extension is written. It holds once the person has signed for it.")


def case(number: NUMBER, to: Annotated[Path, typer.Option("--to", help="The folder it is put into.")] = Path()) -> None:
    """Take the whole case along, as one ZIP that checks itself."""
    from headway.core.commanding import commander
    from headway.outcomes.case_file import case_file
    from headway.plans.queries import plan_for

    by = commander()
    made = case_file(plan_for(by, number), by=by)
    (to / made.name).write_bytes(made.content)
    out.print(f"{to / made.name}, SHA-256 {made.sha256}")
