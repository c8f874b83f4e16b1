"""What a source means: which canonical tables it feeds and which column says what.

A mapping is plain data: proposed by the program, corrected by a person, kept as JSON, remembered by the
fingerprint of the source's headers.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.facts.tables import BY_NAME


class Sure(StrEnum):
    """How certain a proposal is."""

    SURE = "sure"
    LIKELY = "likely"
    CHECK = "please check"
    ASIDE = "kept aside"
    PERSON = "said by a person"


class Use(StrEnum):
    """How the rows of a source go into a table."""

    ROWS = "rows"  # they are the table's rows
    ADDS = "adds"  # they add rows that are not there yet and fill empty cells of those that are
    FILLS = "fills"  # they only fill empty cells of rows that are there


@dataclass(frozen=True)
class Lookup:
    """The cell is looked up in another source (`facts:opportunities` = what is already loaded).

    Args:
        source: name of the other source.
        key: its column that is compared with the cell.
        value: its column that is taken instead.
        loose: compare without case, blanks and signs (`GTXPro` = `GTX Pro`).
        where: a column that must say yes in the row that is looked up (a primary team).
        or_self: what is not found stays as it is.
    """

    source: str
    key: str
    value: str
    loose: bool = False
    where: str = ""
    or_self: bool = False


@dataclass(frozen=True)
class Rule:
    """Where one canonical column comes from.

    Args:
        column: the canonical column.
        headers: the source's columns; the first that is not empty is taken, or all joined by a blank.
        joined: join them instead (first and last name).
        lookups: replace the cell, one after the other.
        json_key: the cell is JSON text and this is the key inside.
        constant: the same for every row, where there are no headers.
        sure, reason: how certain and why, for people.
        wins: of a source that fills: its cells replace those that are there (what was paid, over what was hoped for).
    """

    column: str
    headers: tuple[str, ...] = ()
    joined: bool = False
    lookups: tuple[Lookup, ...] = ()
    json_key: str = ""
    constant: str = ""
    sure: Sure = Sure.SURE
    reason: str = ""
    wins: bool = False


@dataclass(frozen=True)
class Drop:
    """Rows that are left out because the source itself says that they do not count.

    Args:
        header: the source's column.
        values: lower-case values that mean "leave out"; empty = any value found by `inside`.
        others: the other way round, everything but these values is left out.
        inside: another source and its column; a row whose cell is listed there is left out.
        inside_empty: only rows of that source count in which this column is empty (a contract that goes on).
        reason: for people ("deleted in the CRM").
    """

    header: str
    values: tuple[str, ...] = ()
    others: bool = False
    inside: tuple[str, str] | None = None
    inside_empty: str = ""
    reason: str = ""


@dataclass(frozen=True)
class OutcomeRule:
    """How won and lost are told. Flags win over names.

    Args:
        status: column whose words are open, won, lost.
        closed, won: columns that say yes or no.
        stage: take it from the stage's name, where nothing better is there.
        constant: the same for every row (a file of won deals).
    """

    status: Rule | None = None
    closed: Rule | None = None
    won: Rule | None = None
    stage: bool = False
    constant: str = ""


@dataclass(frozen=True)
class Target:
    """One canonical table that a source feeds.

    Args:
        table: its name.
        rules: where its columns come from.
        use: how the rows go in.
        drops: rows left out.
        outcome: how won and lost are told (opportunities).
        only_with: canonical columns without which a row says nothing here and is passed over.
        distinct: many rows of the source are one row here (managers named beside each rep).
        collapse: rows that repeat the stage before are passed over (histories that grow on every edit).
    """

    table: str
    rules: tuple[Rule, ...]
    use: Use = Use.ROWS
    drops: tuple[Drop, ...] = ()
    outcome: OutcomeRule | None = None
    only_with: tuple[str, ...] = ()
    distinct: bool = False
    collapse: bool = False

    def rule(self, column: str) -> Rule | None:
        """The rule of a canonical column, or None."""
        return next((r for r in self.rules if r.column == column), None)

    @property
    def headers(self) -> set[str]:
        """The source's columns this target reads."""
        rules = [*self.rules]
        if self.outcome:
            rules += [r for r in (self.outcome.status, self.outcome.closed, self.outcome.won) if r]
        return {h for r in rules for h in r.headers}


@dataclass(frozen=True)
class SourceMapping:
    """What one source means.

    Args:
        source: its name.
        fingerprint: of its headers.
        targets: the tables it feeds; none = not used, or only looked into.
        dates: per header and spelling (`99/99/9999`), the order decided or answered.
        numbers: per header, `point` or `comma`.
        stages: per stage as written (lower case), the ladder's stage; "" = keep the source's own name.
        aside: headers kept as attributes.
        note: why it is not used, or what it is looked into for.
    """

    source: str
    fingerprint: str
    targets: tuple[Target, ...] = ()
    dates: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Mapping:
    """What every source of a load means."""

    sources: tuple[SourceMapping, ...] = ()

    def of(self, source: str) -> SourceMapping | None:
        """The mapping of a source by its name."""
        return next((s for s in self.sources if s.source == source), None)

    def with_rule(self, source: str, table: str, column: str, header: str | None) -> Mapping:
        """A copy in which a person said that `header` is `column` (None = leave the column out)."""
        return Mapping(tuple(_with_rule(s, table, column, header) if s.source == source else s for s in self.sources))

    def as_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        made: dict[str, Any] = json.loads(json.dumps({"version": 1, "sources": [asdict(s) for s in self.sources]}))
        return made


def _with_rule(source: SourceMapping, table: str, column: str, header: str | None) -> SourceMapping:
    said = Rule(column, (header,) if header else (), sure=Sure.PERSON, reason=_("Said by a person"))
    targets = []
    for target in source.targets:
        if target.table == table:
            kept = tuple(r for r in target.rules if r.column != column and (not header or header not in r.headers))
            target = replace(target, rules=(*kept, said) if header else kept)
        targets.append(target)
    return replace(source, targets=tuple(targets))


def fingerprint(headers: tuple[str, ...]) -> str:
    """What a source is recognised by next time: its headers, whatever their order and case."""
    return hashlib.sha256("\x1f".join(sorted(h.lower() for h in headers)).encode()).hexdigest()


def _rule(raw: dict[str, Any]) -> Rule:
    return Rule(
        column=raw["column"],
        headers=tuple(raw.get("headers", ())),
        joined=bool(raw.get("joined", False)),
        lookups=tuple(Lookup(**lookup) for lookup in raw.get("lookups", ())),
        json_key=raw.get("json_key", ""),
        constant=raw.get("constant", ""),
        sure=Sure(raw.get("sure", Sure.PERSON)),
        reason=raw.get("reason", ""),
        wins=bool(raw.get("wins", False)),
    )


def _drop(raw: dict[str, Any]) -> Drop:
    inside = raw.get("inside")
    return Drop(
        header=raw["header"],
        values=tuple(raw.get("values", ())),
        others=bool(raw.get("others", False)),
        inside=(inside[0], inside[1]) if inside else None,
        inside_empty=raw.get("inside_empty", ""),
        reason=raw.get("reason", ""),
    )


def _outcome(raw: dict[str, Any] | None) -> OutcomeRule | None:
    if raw is None:
        return None
    rules = {name: _rule(raw[name]) if raw.get(name) else None for name in ("status", "closed", "won")}
    return OutcomeRule(**rules, stage=bool(raw.get("stage", False)), constant=raw.get("constant", ""))


def _target(raw: dict[str, Any]) -> Target:
    if raw["table"] not in BY_NAME:
        raise BadInput(_("The mapping names a table that does not exist"), value=raw["table"])
    for rule in raw.get("rules", ()):
        if BY_NAME[raw["table"]].column(rule["column"]) is None:
            raise BadInput(
                _("The mapping names a column that %(table)s does not have") % {"table": raw["table"]},
                value=rule["column"],
            )
    return Target(
        table=raw["table"],
        rules=tuple(_rule(r) for r in raw.get("rules", ())),
        use=Use(raw.get("use", Use.ROWS)),
        drops=tuple(_drop(d) for d in raw.get("drops", ())),
        outcome=_outcome(raw.get("outcome")),
        only_with=tuple(raw.get("only_with", ())),
        distinct=bool(raw.get("distinct", False)),
        collapse=bool(raw.get("collapse", False)),
    )


def source_from_json(raw: dict[str, Any]) -> SourceMapping:
    """A source's mapping from plain data.

    Raises:
        BadInput: a part is missing, or names a table or column that does not exist.
    """
    try:
        return SourceMapping(
            source=raw["source"],
            fingerprint=raw.get("fingerprint", ""),
            targets=tuple(_target(t) for t in raw.get("targets", ())),
            dates={h: dict(orders) for h, orders in raw.get("dates", {}).items()},
            numbers=dict(raw.get("numbers", {})),
            stages=dict(raw.get("stages", {})),
            aside=tuple(raw.get("aside", ())),
            note=raw.get("note", ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            _("The mapping cannot be read"),
            value=error,
            todo=_("Take the mapping that headway load --dry-run --json prints and change that."),
        ) from error


def mapping_from_json(raw: object) -> Mapping:
    """A mapping from plain data, as `as_json` made it. Raises BadInput like `source_from_json`."""
    if not isinstance(raw, dict) or not isinstance(raw.get("sources"), list):
        raise BadInput(
            _("The mapping cannot be read"),
            todo=_("Take the mapping that headway load --dry-run --json prints and change that."),
        )
    return Mapping(tuple(source_from_json(s) for s in raw["sources"]))
