"""One source into one canonical table: text into typed cells, with a reason for each that does not fit."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from headway.facts.cell_texts import CellTexts, Context, drop_sql, id_sql, literal, usable, usable_drops, yes_sql
from headway.facts.checks import Check, checks_for
from headway.facts.codes import code_sql
from headway.facts.dates import Order, Spelling, timestamp_sql
from headway.facts.mapping import OutcomeRule, Rule, SourceMapping, Target, Use
from headway.facts.numbers_in_text import Decimal, number_sql
from headway.facts.readers import Source
from headway.facts.sifting import Sifted, sift
from headway.facts.tables import BY_NAME, Column, Kind, Table
from headway.facts.workspace import Workspace


@dataclass(frozen=True)
class Staged:
    """Typed rows of one source for one table, in the workspace.

    Args:
        relation: `_source`, `_row`, the table's columns, `attributes`.
        columns: the columns the source gives; the others are NULL and say nothing.
        wins: those of them whose cells replace what is there.
        read: rows of the source that speak of this table.
        rejected: rows among them that were rejected.
        dropped: rows left out because the source says so, by reason.
    """

    table: str
    source: str
    use: Use
    relation: str
    columns: frozenset[str]
    read: int
    rejected: int
    dropped: dict[str, int] = field(default_factory=dict)
    distinct: bool = False
    wins: frozenset[str] = frozenset()


def spellings_of(mapping: SourceMapping, rule: Rule) -> tuple[Spelling, ...]:
    """The decided spellings of the dates a rule reads."""
    found = []
    for header in rule.headers:
        for name, order in mapping.dates.get(header, {}).items():
            found.append(Spelling(name[2], 4 if name.endswith("9999") else 2, Order(order), 0))
    return tuple(dict.fromkeys(found))


def _typed(column: Column, rule: Rule | None, table: Table, mapping: SourceMapping, owners: str | None) -> str:
    text = f"t_{column.name}"
    if column.kind.is_time:
        spellings = spellings_of(mapping, rule) if rule else ()
        made = timestamp_sql(text, spellings)
        return f"CAST({made} AS DATE)" if column.kind is Kind.DATE else made
    if column.kind in (Kind.NUMBER, Kind.COUNT):
        style = next((mapping.numbers[h] for h in (rule.headers if rule else ()) if h in mapping.numbers), "point")
        made = number_sql(text, Decimal(style))
        return f"CAST(round({made}) AS BIGINT)" if column.kind is Kind.COUNT else made
    if column.references == "people" and owners:
        return f"w_{column.name}.person_id" if column.owner else f"coalesce(w_{column.name}.person_id, {id_sql(text)})"
    if column.kind is Kind.ID:
        return id_sql(text)
    return code_sql(table.name, column, text, mapping.stages)


def _outcome_sql(rule: OutcomeRule, builder: CellTexts) -> tuple[str, str, str]:
    def text(part: Rule | None) -> str:
        return builder.text(part) if part and usable(part, builder.source, builder.context) else "NULL"

    return text(rule.status), text(rule.closed), text(rule.won)


def stage(source: Source, mapping: SourceMapping, target: Target, context: Context) -> Staged:
    """Bring one source's rows into the shape of one table.

    Rejected rows and emptied cells are added to the workspace's `rejects`.
    """
    workspace, table = context.workspace, BY_NAME[target.table]
    rules = {r.column: r for r in target.rules if usable(r, source, context)}
    text, dropped = _text_relation(source, mapping, target, rules, context)
    typed = _typed_relation(text, table, mapping, target, rules, context)
    present = frozenset(rules) | (frozenset({"outcome"}) if target.outcome else frozenset())
    checks = checks_for(table, present, context.today)
    made = sift(typed, source.name, table, present, checks, workspace)
    _note_rejects(text, made, checks, source, table, rules, workspace)
    relation, kept = made.relation, made.kept
    if target.collapse:
        relation = _collapsed(made.relation, workspace)
        kept = workspace.count(relation)
    defaults = frozenset(c.name for c in table.columns if c.default is not None)
    return Staged(
        table.name,
        source.name,
        target.use,
        relation,
        present | (defaults if target.use is Use.ROWS else frozenset()),
        made.read,
        made.read - kept,
        dropped,
        target.distinct,
        frozenset(name for name, rule in rules.items() if rule.wins),
    )


def _text_relation(
    source: Source, mapping: SourceMapping, target: Target, rules: dict[str, Rule], context: Context
) -> tuple[str, dict[str, int]]:
    """Text of every canonical column; rows the source marks as deleted left out and counted."""
    workspace, builder = context.workspace, CellTexts(source, context)
    columns = [f"CAST({builder.text(rule)} AS VARCHAR) AS t_{name}" for name, rule in rules.items()]
    if target.outcome:
        parts = _outcome_sql(target.outcome, builder)
        columns += [f"CAST({p} AS VARCHAR) AS o_{n}" for p, n in zip(parts, ("status", "closed", "won"), strict=True)]
    aside = (
        [h for h in mapping.aside if h in source.headers] if target.use is not Use.FILLS and not target.distinct else []
    )
    columns.append(f"{_attributes_sql(aside, source, rules)} AS attributes")
    dropped: dict[str, int] = {}
    keep = "true"
    for drop in usable_drops(target, source, context):
        condition = drop_sql(drop, source, context)
        number = workspace.count(f"{source.relation} s", f"{keep} AND {condition}")
        if number:
            dropped[drop.reason] = dropped.get(drop.reason, 0) + number
        keep += f" AND NOT {condition}"
    name = workspace.new_name("text")
    workspace.con.execute(
        f"CREATE VIEW {name} AS SELECT s._row, {', '.join(columns)} FROM {source.relation} s "
        f"{' '.join(builder.joins)} WHERE {keep}"
    )
    return name, dropped


def _attributes_sql(aside: list[str], source: Source, rules: dict[str, Rule]) -> str:
    pairs = [(h, f"s.{source.column(h)}") for h in aside]
    stage_rule = rules.get("stage")
    if stage_rule and len(stage_rule.headers) == 1 and not stage_rule.lookups:
        pairs.append((stage_rule.headers[0], f"s.{source.column(stage_rule.headers[0])}"))
    if not pairs:
        return "CAST(NULL AS VARCHAR)"
    # Put together by hand, since that is much faster; a key without a value is left out.
    inside = ", ".join(
        f"{literal(json.dumps(header, ensure_ascii=False) + ':')} || CAST(to_json({cell}) AS VARCHAR)"
        for header, cell in dict(pairs).items()
    )
    return f"nullif('{{' || concat_ws(',', {inside}) || '}}', '{{}}')"


def _typed_relation(
    text: str, table: Table, mapping: SourceMapping, target: Target, rules: dict[str, Rule], context: Context
) -> str:
    columns, joins = [], []
    for column in table.columns:
        if column.name not in rules:
            continue
        columns.append(f"t_{column.name}")
        columns.append(f"{_typed(column, rules[column.name], table, mapping, context.owners)} AS v_{column.name}")
        if column.references == "people" and context.owners:
            alias = f"w_{column.name}"
            joins.append(f"LEFT JOIN {context.owners} {alias} ON {alias}.text = t_{column.name}")
    if target.outcome:
        columns += ["CAST(NULL AS VARCHAR) AS t_outcome"] if "outcome" not in rules else []
        outcome = _outcome_value(target.outcome, rules, mapping.stages)
        columns = [c for c in columns if not c.endswith(" AS v_outcome")] + [f"{outcome} AS v_outcome"]
    needed = " AND ".join(f"t_{c} IS NOT NULL" for c in target.only_with if c in rules) or "true"
    name = context.workspace.new_name("typed")
    context.workspace.con.execute(
        f"CREATE VIEW {name} AS SELECT * {_by_outcome(target, rules)} FROM (SELECT _row, attributes, "
        f"{', '.join(columns)} FROM {text} {' '.join(joins)} WHERE {needed})"
    )
    return name


def _by_outcome(target: Target, rules: dict[str, Rule]) -> str:
    """A closing date of an open deal is a plan; a closed deal's stage is won or lost, whatever it is called."""
    if target.outcome is None:
        return ""
    closed = "coalesce(v_outcome IN ('won', 'lost'), false)"
    changed = []
    if "closed_at" in rules:
        changed.append(f"CASE WHEN {closed} THEN v_closed_at END AS v_closed_at")
        # What does not count is not complained about either.
        changed.append(f"CASE WHEN {closed} THEN t_closed_at END AS t_closed_at")
        expected = rules.get("expected_close_on")
        if expected and expected.headers == rules["closed_at"].headers:
            changed.append(f"CASE WHEN NOT {closed} THEN v_expected_close_on END AS v_expected_close_on")
            changed.append(f"CASE WHEN NOT {closed} THEN t_expected_close_on END AS t_expected_close_on")
    if "stage" in rules:
        changed.append(f"CASE WHEN {closed} THEN v_outcome ELSE v_stage END AS v_stage")
    return f"REPLACE ({', '.join(changed)})" if changed else ""


def _outcome_value(rule: OutcomeRule, rules: dict[str, Rule], stages: dict[str, str]) -> str:
    """Won and lost: from the status, else the flags, else the stage's own name."""
    if rule.constant:
        return literal(rule.constant)
    by_status = code_sql("opportunities", BY_NAME["opportunities"].column("outcome"), "o_status", {})
    flags = (
        f"CASE WHEN {yes_sql('o_won')} THEN 'won' WHEN {yes_sql('o_closed')} THEN 'lost' "
        "WHEN o_closed IS NOT NULL OR o_won IS NOT NULL THEN 'open' END"
    )
    parts = [by_status, flags]
    if rule.stage and "stage" in rules:
        stage_code = code_sql("opportunities", BY_NAME["opportunities"].column("stage"), "t_stage", stages)
        parts.append(
            f"CASE WHEN lower({stage_code}) IN ('won', 'lost') THEN lower({stage_code}) WHEN t_stage IS NOT NULL THEN 'open' END"  # noqa: E501
        )
    return f"coalesce({', '.join(parts)})"


def _note_rejects(
    text: str,
    made: Sifted,
    checks: list[Check],
    source: Source,
    table: Table,
    rules: dict[str, Rule],
    workspace: Workspace,
) -> None:
    failed = made.failed(checks, workspace)
    if not failed:
        return
    # The text of the rows that something is wrong with, read once for all that is.
    texts = "".join(f", t_{c}" for c in sorted({check.column for _bit, check in failed} & set(rules)))
    rows = workspace.new_name("wrong")
    workspace.keep(rows, f"SELECT _row, _faults{texts} FROM {made.faults} JOIN {text} USING (_row)")
    for bit, check in failed:
        rule = rules.get(check.column)
        header = " / ".join(rule.headers) if rule and rule.headers else check.column
        value = f"t_{check.column}" if check.column in rules else "NULL"
        before = ", ".join(literal(t) for t in (table.name, check.level, header))
        after = ", ".join(literal(str(t)) for t in (check.reason, check.todo))
        workspace.con.execute(
            f"INSERT INTO rejects SELECT {literal(source.name)}, _row, {before}, {value}, {after} "
            f"FROM {rows} WHERE _faults & {bit} <> 0 ORDER BY _row"
        )


def _collapsed(relation: str, workspace: Workspace) -> str:
    """Of the rows in which a deal stays in its stage, the first."""
    name = workspace.new_name("staged")
    window = "(PARTITION BY opportunity_id ORDER BY entered_at, _row)"
    workspace.keep(name, f"SELECT * FROM {relation} QUALIFY lag(stage) OVER {window} IS DISTINCT FROM stage")
    return name


def distinct_texts(source: Source, target: Target, context: Context) -> dict[str, int]:
    """The texts of the target's owner column and how many rows have each, rows left out not counted."""
    owner = BY_NAME[target.table].owner
    rule = target.rule(owner.name) if owner else None
    if rule is None or not usable(rule, source, context):
        return {}
    builder = CellTexts(source, context)
    text = builder.text(rule)
    drops = " AND ".join(f"NOT {drop_sql(d, source, context)}" for d in usable_drops(target, source, context)) or "true"
    found = context.workspace.con.execute(
        f"SELECT {text} AS t, count(*) FROM {source.relation} s {' '.join(builder.joins)} WHERE {drops} GROUP BY 1"
    ).fetchall()
    return {str(t): int(n) for t, n in found if t is not None}
