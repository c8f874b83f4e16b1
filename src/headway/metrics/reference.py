"""The generated reference: every metric with its definition and a sum to do by hand."""

from __future__ import annotations

from headway.charts.table import Table
from headway.metrics import catalogue, sentences
from headway.metrics.handsums import hand_sum
from headway.metrics.spec import MetricSpec
from headway.metrics.wording import minimum

_HEAD = """# Metrics

Made from the code by `headway docs`; do not edit. Each definition below is the one that is computed. The examples are
tables of an invented company for the first quarter of 2026 (as-of day 31 March); Ana's figure is wanted. The program is
tested with these very rows.

A figure counts for the person who owns the deal, lead or activity. A week at work is five workdays (Monday to Friday)
on which the person was employed and not on leave. Ana was on leave from 2 to 13 February: 54 of 64 workdays, 10.8
weeks. What cannot be told is "not evaluable" with the reason, never zero.
"""


def pages() -> dict[str, str]:
    """File name under the reference folder -> text."""
    parts = [_HEAD]
    for family in catalogue.FAMILIES:
        parts.append(f"## {sentences.family_name(family)}\n")
        parts.extend(_metric(spec) for spec in catalogue.specs() if spec.family == family)
    return {"metrics.md": "\n".join(parts)}


def _metric(spec: MetricSpec) -> str:
    sources = "; ".join(f"`{s.table}` ({', '.join(s.columns)})" for s in spec.sources)
    facts = [
        f"- Key `{spec.key}`, version {spec.version}; unit: {sentences.unit_name(spec.unit)}; "
        f"{sentences.direction_name(spec.direction)}",
        f"- Formula: {spec.formula}",
        f"- Grain: {spec.grain}. Rests on {minimum(spec)}. Owner: {spec.owner}",
        f"- Reads {sources}",
    ]
    return "\n".join([f"### {spec.name}\n", f"{spec.words}\n", *facts, "", _example(spec)])


def _example(spec: MetricSpec) -> str:
    example = hand_sum(spec)
    if example is None:
        return ""
    tables = "\n".join(f"`{name}`\n\n{_markdown(table)}\n" for name, table in example.tables)
    return f"{tables}\n**By hand:** {example.working} → **{example.result}**\n"


def _markdown(table: Table) -> str:
    head = "| " + " | ".join(table.header) + " |"
    line = "| " + " | ".join("---:" if i in table.figures else "---" for i in range(len(table.header))) + " |"
    rows = ["| " + " | ".join(row) + " |" for row in table.rows]
    return "\n".join([head, line, *rows])
