"""The generated page about the life of a plan: states, steps, who takes them, who sees what."""

from __future__ import annotations

from headway.core.permissions import RULES
from headway.plans.models import STATE_NAMES
from headway.plans.states import FLOWS, STEPS, VISIBLE, PlanState, Step

NAMES = {str(state): str(name) for state, name in STATE_NAMES}
ROLES = ("rep", "manager", "leader", "hr")


def pages() -> dict[str, str]:
    """The states and steps as Markdown with a diagram, made from the table that the program walks."""
    return {"plan-states.md": "\n".join([*_head(), *_diagram(), *_steps(), *_seen(), *_kinds()]) + "\n"}


def _head() -> list[str]:
    return [
        "# The life of a plan",
        "",
        "Made from the one table that pages, commands and the API walk. A step that is not in it does not exist.",
        "",
    ]


def _diagram() -> list[str]:
    """Mermaid's state diagram; `withdraw` leads from almost everywhere and stands in the table alone."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    for name, step in STEPS.items():
        if step.target is None or name == "withdraw":
            continue
        label = name.replace("_", " ")
        lines += [f"    {origin} --> {step.target}: {label}" for origin in _ordered(step) if origin != step.target]
    lines += [f"    {end} --> [*]" for end in ("closed", "withdrawn", "discarded")]
    return [*lines, "```", ""]


def _ordered(step: Step) -> list[PlanState]:
    return [state for state in PlanState if state in step.origins]


def _steps() -> list[str]:
    lines = [
        "## Steps",
        "",
        "| step | from | to | who | kinds |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, step in STEPS.items():
        origins = ", ".join(NAMES[state] for state in _ordered(step))
        target = NAMES[step.target] if step.target else "stays"
        who = ", ".join(role for role in RULES[step.permission].reach)
        kinds = "all" if len(step.kinds) == len(FLOWS) else ", ".join(kind for kind in FLOWS if kind in step.kinds)
        lines.append(f"| {name.replace('_', ' ')} (`{step.permission}`) | {origins} | {target} | {who} | {kinds} |")
    return [*lines, ""]


def _seen() -> list[str]:
    lines = [
        "## Who sees a plan in which state",
        "",
        "Each over the people within reach. A withdrawn plan stays with whoever had it before; growth plans come to HR",
        "only by an appeal.",
        "",
        "| state | " + " | ".join(ROLES) + " |",
        "| --- |" + " --- |" * len(ROLES),
    ]
    for state in PlanState:
        cells = ["yes" if state in VISIBLE[role] else "" for role in ROLES]
        lines.append(f"| {NAMES[state]} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _kinds() -> list[str]:
    lines = ["## Kinds", "", "| kind | HR review | written warning |", "| --- | --- | --- |"]
    return [*lines, *(f"| {k} | {_yes(flow.hr)} | {_yes(flow.warning)} |" for k, flow in FLOWS.items())]


def _yes(value: bool) -> str:
    return "yes" if value else "no"
