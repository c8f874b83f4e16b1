"""What a person should know about a load besides its rejects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.facts.gathering import Gathered
from headway.facts.workspace import Workspace

if TYPE_CHECKING:
    from headway.facts.propose import Proposal

# Tables whose rows point at rows of another table that need not be there yet.
_LINKS = (
    ("activities", "opportunity_id", "opportunities"),
    ("stage_changes", "opportunity_id", "opportunities"),
    ("opportunities", "lead_id", "leads"),
    ("leads", "opportunity_id", "opportunities"),
)


@dataclass(frozen=True)
class Notice:
    """One thing worth knowing.

    Args:
        kind: `people`, `links`, `currency`, `left_out`, `mapping`.
        text: one sentence.
        rows: how many rows it is about.
    """

    kind: str
    text: str
    rows: int = 0


def notices_of(workspace: Workspace, gathered: Sequence[Gathered], proposal: Proposal) -> list[Notice]:
    """Links that lead nowhere yet, mixed currencies, rows left out, what the proposal wants to say."""
    made = list(proposal.notices)
    relations = {g.table: g.relation for g in gathered}
    for table, column, other in _LINKS:
        if table in relations:
            there = f"SELECT {column} FROM raw_{other}" + (
                f" UNION ALL SELECT {column} FROM {relations[other]}" if other in relations else ""
            )
            key = {"opportunities": "opportunity_id", "leads": "lead_id"}[other]
            there = there.replace(f"SELECT {column}", f"SELECT {key}")
            number = workspace.count(relations[table], f"{column} IS NOT NULL AND {column} NOT IN ({there})")
            if number:
                text = ngettext(
                    "%(n)s row of %(table)s names one of %(other)s that is not loaded; it joins when that is loaded.",
                    "%(n)s rows of %(table)s name %(other)s that are not loaded; they join when those are loaded.",
                    number,
                ) % {"n": number, "table": table, "other": other}
                made.append(Notice("links", text, number))
    for g in gathered:
        for reason, number in g.dropped.items():
            made.append(
                Notice(
                    "left_out",
                    _("%(table)s: %(n)s rows left out, %(reason)s.")
                    % {"table": g.table, "n": number, "reason": reason},
                    number,
                )
            )
    if "opportunities" in relations:
        mixed = workspace.con.execute(
            f"SELECT currency, count(*) FROM {relations['opportunities']} WHERE currency IS NOT NULL GROUP BY 1 ORDER BY 2 DESC"  # noqa: E501
        ).fetchall()
        if len(mixed) > 1:
            made.append(
                Notice("currency", _("Amounts in several currencies: %s.") % ", ".join(f"{c} ({n})" for c, n in mixed))
            )
    return made
