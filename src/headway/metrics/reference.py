"""The generated reference: every metric with its definition and a sum to do by hand."""

from __future__ import annotations

from headway.charts.table import Table
from headway.metrics import catalogue, sentences
from headway.metrics.compiled import name_of
from headway.metrics.edge_cases import EDGE_CASES, EdgeCase
from headway.metrics.examples import CURRENCY
from headway.metrics.handsums import hand_sum
from headway.metrics.spec import MetricSpec
from headway.metrics.wording import minimum

_ROOM = "headway.metrics.catalogue."
_HEAD = """# Metrics

Made from the code by `headway docs`; do not edit. Each definition below is the one that is computed: an expression over
the canonical tables in the named function of `metrics/catalogue`, from which the statement of each engine is made. The
examples are tables of an invented company for the first quarter of 2026 (as-of day 31 March); Ana's figure is wanted.
The program is tested with these very rows.

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
    parts.append(_edge_cases())
    return {"metrics.md": "\n".join(parts)}


def _metric(spec: MetricSpec) -> str:
    sources = "; ".join(f"`{s.table}` ({', '.join(s.columns)})" for s in spec.sources)
    facts = [
        f"- Key `{spec.key}`, version {spec.version}; unit: {sentences.unit_name(spec.unit)}; "
        f"{sentences.direction_name(spec.direction)}",
        f"- Formula: {spec.formula}",
        f"- Grain: {spec.grain}. Rests on {minimum(spec)}. Owner: {spec.owner}",
        f"- Reads {sources}",
        f"- Definition for every engine: {_definition(spec)}",
    ]
    return "\n".join([f"### {spec.name}\n", f"{spec.words}\n", *facts, "", _example(spec)])


_EDGES = """## Edge cases

The company of these is in Berlin and counts in euros. The rows are computed after a load, and where they lie on
PostgreSQL, ClickHouse, Spark and DuckDB ([Use your warehouse](../how-to/use-your-warehouse.md)): every engine gives the
same figures.
"""


def _edge_cases() -> str:
    return "\n".join([_EDGES, *(_edge_case(case) for case in EDGE_CASES)])


def _edge_case(case: EdgeCase) -> str:
    """Its rows, without those of the people, who are named in the rows."""
    shown = []
    for name, (header, rows) in case.tables.items():
        if name != "people":
            cells = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows)
            figures = frozenset(i for i, column in enumerate(header) if column in ("amount", "count"))
            shown.append(f"`{name}`\n\n{_markdown(Table(header, cells, figures))}\n")
    specs = {spec.key: spec for spec in catalogue.specs()}
    results = "; ".join(
        f"{who} {specs[metric].name}: **{_wanted(specs[metric], wanted)}**"
        for (who, metric), wanted in case.wanted.items()
    )
    return "\n".join([f"### {case.name}\n", *shown, f"**By hand:** {case.working} → {results}\n"])


def _wanted(spec: MetricSpec, wanted: float | str) -> str:
    return "not evaluable" if isinstance(wanted, str) else sentences.shown(wanted, spec.unit, CURRENCY)


def _definition(spec: MetricSpec) -> str:
    """The definition in the code, from which the statement of every engine is made."""
    parts = {"counted": spec.numerator, "divided by": spec.denominator}
    said = []
    for words, measure in parts.items():
        if measure is not None:
            names = [name_of(part) for part in (measure.rows, measure.only, measure.x) if part is not None]
            said.append(
                f"{words} {', '.join(f'`{name.removeprefix(_ROOM)}`' for name in names)} (`{measure.at.value}`)"
            )
    return "; ".join(said)


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
