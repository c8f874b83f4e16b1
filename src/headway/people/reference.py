"""The generated page "who may do what"."""

from __future__ import annotations

from headway.core.actors import Role
from headway.core.permissions import RULES

ORDER = [Role.REP, Role.MANAGER, Role.LEADER, Role.HR, Role.REVOPS, Role.ADMIN, Role.SYSTEM]


def pages() -> dict[str, str]:
    """The role table as Markdown, made from the rules that the program asks."""
    head = ["may", *ORDER]
    lines = [
        "# Who may do what",
        "",
        "Made from the rules that every page, command and job asks. A blank means: answers 404, as if there were",
        "no such thing.",
        "*self*: the person's own; *people below*: those who report to the person, directly or through others;",
        "*people with a case*: those whose plan has been sent to HR. `system` is the command line of the machine",
        "and its jobs.",
        "",
        "| " + " | ".join(head) + " |",
        "| " + " | ".join("---" for _cell in head) + " |",
    ]
    for rule in sorted(RULES.values(), key=lambda rule: rule.permission):
        cells = [str(rule.reach.get(role, "")) for role in ORDER]
        lines.append(f"| {rule.words} (`{rule.permission}`) | " + " | ".join(cells) + " |")
    return {"roles.md": "\n".join(lines) + "\n"}
