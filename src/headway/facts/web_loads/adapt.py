"""From a plan of a load to what a person looks at."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.facts import needs
from headway.facts.dates import Order
from headway.facts.folder import Manifest, read_manifest
from headway.facts.load import LoadPlan
from headway.facts.load import SourceView as PlanSource
from headway.facts.mapping import Rule, SourceMapping, Sure, Target
from headway.facts.questions import Question
from headway.facts.rejects import RejectGroup
from headway.facts.tables import BY_NAME
from headway.facts.web_loads.review import (
    ColumnView,
    QuestionView,
    RejectView,
    Review,
    SourceView,
    StageView,
    TableCount,
)

MOST_EXAMPLES = 3
LONGEST = 60
# Without an answer to these, cells would be lost that could be read.
MUST = frozenset({"dates"})


def proposed_mode(plan: LoadPlan) -> tuple[str, str]:
    """`add` or `replace`, and why: an export that shares nobody with what is loaded is about another company.

    Args:
        plan: a plan in mode `add`.
    """
    if plan.base is None or not plan.workspace.count("raw_people"):
        return "add", ""
    came = plan.workspace.con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'new_people'").fetchone()
    if not came or not plan.workspace.count("new_people"):
        if _shares_records(plan):
            return "add", ""
        return "replace", _("Nothing in it is known here: it looks like another company, so it starts afresh.")
    shared = plan.workspace.count(
        "new_people n",
        "EXISTS (SELECT 1 FROM raw_people r WHERE r.person_id = n.person_id OR lower(r.email) = lower(n.email) "
        "OR lower(r.name) = lower(n.name))",
    )
    if shared:
        return "add", ngettext(
            "%(n)s person in it is known already, so it is added.",
            "%(n)s people in it are known already, so it is added.",
            shared,
        ) % {"n": shared}
    return "replace", _(
        "Nobody in it is among the people who are loaded now: it looks like another company, so it starts afresh."
    )


def _shares_records(plan: LoadPlan) -> bool:
    """Whether an export that names nobody speaks of deals, leads, accounts or owners that are loaded."""
    if plan.total("unchanged") or plan.total("updated"):
        return True
    for name in plan.tables:
        for column in BY_NAME[name].columns:
            if column.references is None:
                continue
            key = BY_NAME[column.references].key[0]
            there = f'EXISTS (SELECT 1 FROM raw_{column.references} r WHERE r."{key}" = o."{column.name}")'
            if plan.workspace.count(f"out_{name} o", there):
                return True
    return False


def review_of(plan: LoadPlan, *, mode_reason: str = "") -> Review:
    """The plan as a person looks at it. The plan stays open."""
    base = read_manifest(plan.base) if plan.base is not None else None
    gone = sum(t.rows for t in base.tables.values()) if base and plan.mode == "replace" else 0
    lost = [g for g in plan.rejects if g.level == "row"]
    possible = needs.possible(_filled(plan, base))
    return Review(
        rows=sum(s.rows + s.bad_rows for s in plan.sources),
        new=plan.total("loaded"),
        changed=plan.total("updated"),
        unchanged=plan.total("unchanged"),
        unread=sum(g.rows for g in lost),
        cells=sum(g.rows for g in plan.rejects if g.level != "row"),
        gone=gone,
        mode=plan.mode,
        mode_reason=mode_reason,
        base=plan.base,
        changes=plan.changes,
        tables=tuple(
            TableCount(name, t.read, t.loaded, t.updated, t.unchanged, t.rejected) for name, t in plan.tables.items()
        ),
        sources=tuple(_source(s, plan.mapping.of(s.name)) for s in plan.sources),
        questions=tuple(_question(q, plan.answers) for q in plan.questions),
        rejects=tuple(_reject(g) for g in plan.rejects),
        possible=tuple(str(n.what) for n in possible.now),
        impossible=tuple((str(n.what), str(n.load)) for n in possible.missing),
        noticed=tuple(n.text for n in plan.notices),
        left_out=tuple(
            _("%(table)s: %(n)d left out, %(reason)s") % {"table": name, "n": number, "reason": reason}
            for name, t in plan.tables.items()
            for reason, number in t.dropped.items()
            if not any(n.kind == "left_out" for n in plan.notices)
        ),
        troubles=plan.troubles,
    )


def _filled(plan: LoadPlan, base: Manifest | None) -> needs.Filled:
    """Which columns hold something after the load: of what stays, and of what came."""
    known: set[tuple[str, str]] = set()
    if base is not None and plan.mode != "replace":
        known |= {(name, c) for name, info in base.tables.items() if info.rows for c in info.filled}
    for name in plan.tables:
        columns = BY_NAME[name].names
        counts = ", ".join(f'count("{c}")' for c in columns)
        row = plan.workspace.con.execute(f"SELECT {counts} FROM out_{name}").fetchone() or ()
        known |= {(name, c) for c, n in zip(columns, row, strict=False) if n}
    for (table, condition), where in needs.CONDITIONS.items():
        came = table in plan.tables and plan.workspace.count(f"out_{table}", where)
        # In `replace` the version before does not count: its view is empty then.
        if came or plan.workspace.count(f"raw_{table}", where):
            known.add((table, condition))
    return lambda table, column: (table, column) in known


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _examples(source: PlanSource, index: int) -> tuple[str, ...]:
    cells = [row[index] for row in source.samples if index < len(row) and row[index]]
    return tuple(_short(c) for c in list(dict.fromkeys(cells))[:MOST_EXAMPLES])


def _source(source: PlanSource, mapped: SourceMapping | None) -> SourceView:
    columns = tuple(_column(source, i, header, mapped) for i, header in enumerate(source.headers))
    stages = mapped.stages if mapped and any(t.rule("stage") for t in mapped.targets) else {}
    notes = source.notes
    if source.bad_rows:
        notes = (
            *notes,
            ngettext("%(n)d row is ragged.", "%(n)d rows are ragged.", source.bad_rows) % {"n": source.bad_rows},
        )
    return SourceView(
        name=source.name,
        rows=source.rows,
        tables=source.tables,
        columns=columns,
        stages=tuple(StageView(written, means) for written, means in stages.items()),
        note=source.note,
        notes=notes,
    )


def _rules_of(target: Target, header: str) -> list[Rule]:
    rules = [r for r in target.rules if header in r.headers]
    if target.outcome:
        parts = (target.outcome.status, target.outcome.closed, target.outcome.won)
        rules += [r for r in parts if r is not None and header in r.headers]
    return rules


def _column(source: PlanSource, index: int, header: str, mapped: SourceMapping | None) -> ColumnView:
    examples = _examples(source, index)
    found = [(t.table, r) for t in (mapped.targets if mapped else ()) for r in _rules_of(t, header)]
    if not found:
        aside = mapped is not None and header in mapped.aside
        reason = _("no field fits; kept as attribute") if aside and mapped and mapped.targets else ""
        if mapped is not None and any(d.header == header for t in mapped.targets for d in t.drops):
            reason = _("says which rows do not count")
        return ColumnView(header, examples, reason=reason)
    table, rule = found[0]
    also = tuple(dict.fromkeys(f"{t}.{r.column}" for t, r in found[1:] if (t, r.column) != (table, rule.column)))
    return ColumnView(
        header=header,
        examples=examples,
        table=table,
        column=rule.column,
        also=also,
        sure=rule.sure.value,
        reason=_reason(rule, header, mapped),
    )


def _reason(rule: Rule, header: str, mapped: SourceMapping | None) -> str:
    said = [rule.reason] if rule.reason and rule.sure is not Sure.PERSON else []
    orders = mapped.dates.get(header, {}) if mapped else {}
    words = dict.fromkeys(_ORDER_WORDS[o]() for o in orders.values() if o in _ORDER_WORDS)
    said += [w for w in words if w not in rule.reason]
    if mapped and mapped.numbers.get(header) == "comma":
        said.append(_("comma before the decimals"))
    return ", ".join(said)


_ORDER_WORDS = {
    Order.DAY_FIRST.value: lambda: _("day first"),
    Order.MONTH_FIRST.value: lambda: _("month first"),
    Order.YEAR_FIRST.value: lambda: _("year first"),
}


def _question(question: Question, answers: dict[str, str]) -> QuestionView:
    why = ", ".join(_short(e) for e in question.examples)
    if question.rows:
        rows = ngettext("%(n)d row", "%(n)d rows", question.rows) % {"n": question.rows}
        why = _("%(rows)s, for example %(examples)s") % {"rows": rows, "examples": why} if why else rows
    return QuestionView(
        key=question.id,
        text=question.text,
        why=why,
        options=tuple((c.value, c.words) for c in question.choices),
        chosen=answers.get(question.id, question.default),
        answered=question.id in answers,
        must=question.kind in MUST,
    )


def _reject(group: RejectGroup) -> RejectView:
    where = _("Row %(row)s, column %(column)s") % {"row": group.example_row, "column": group.example_column}
    if group.example_column in ("", "row"):
        where = _("Row %(row)s") % {"row": group.example_row}
    return RejectView(
        reason=group.reason,
        rows=group.rows,
        example=_short(group.example_value),
        where=f"{group.example_source}: {where}",
        todo=group.todo,
        whole_row=group.level == "row",
    )
