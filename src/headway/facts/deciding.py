"""What cells mean, decided from whole columns: the order of dates, the sign before decimals, stages of the ladder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as Readonly
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from headway.core import company
from headway.facts.codes import STAGE_OF, plain
from headway.facts.dates import Order, Spelling, decide
from headway.facts.guess import Look
from headway.facts.mapping import Rule, SourceMapping, Sure, Target
from headway.facts.notices import Notice
from headway.facts.numbers_in_text import style_of
from headway.facts.profiles import date_counts, number_cells, values
from headway.facts.questions import Choice, Question
from headway.facts.tables import BY_NAME, Kind

MOST_STAGES = 40
USUAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "BRL")


def decide_cells(
    mappings: Sequence[SourceMapping], looks: Readonly[str, Look], answers: Readonly[str, str]
) -> tuple[list[SourceMapping], list[Question], list[Notice]]:
    """Fill in the dates, numbers and stages of every source; what cannot be decided becomes a question."""
    questions: list[Question] = []
    made = []
    spellings = {m.source: _spellings(m, looks[m.source]) for m in mappings}
    for mapped in mappings:
        look = looks[mapped.source]
        dates = _dates(mapped, spellings, look, answers, questions)
        numbers = _numbers(mapped, look)
        stages = _stages(mapped, looks, answers, questions)
        made.append(replace(mapped, dates=dates, numbers=numbers, stages=stages))
    made, notices = _currencies(made, looks, answers, questions)
    return made, _once(questions), notices


def _once(questions: Sequence[Question]) -> list[Question]:
    """The same stage in several files is one question, about the rows of all of them."""
    found: dict[str, Question] = {}
    for question in questions:
        before = found.get(question.id)
        found[question.id] = replace(before, rows=before.rows + question.rows) if before else question
    return list(found.values())


def _headers(mapped: SourceMapping, *kinds: Kind) -> list[str]:
    found: dict[str, None] = {}
    for target in mapped.targets:
        for rule in target.rules:
            column = BY_NAME[target.table].column(rule.column)
            if column and column.kind in kinds and not rule.lookups and not rule.json_key:
                found.update(dict.fromkeys(rule.headers))
    return list(found)


def _spellings(mapped: SourceMapping, look: Look) -> dict[str, list[Spelling]]:
    return {
        header: [decide(c) for c in date_counts(look.source, header, look.workspace)]
        for header in _headers(mapped, Kind.DATE, Kind.INSTANT)
        if header in look.source.headers
    }


def _dates(
    mapped: SourceMapping,
    spellings: Readonly[str, dict[str, list[Spelling]]],
    look: Look,
    answers: Readonly[str, str],
    questions: list[Question],
) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for header, found in spellings[mapped.source].items():
        for spelling in found:
            order = spelling.order
            said = mapped.dates.get(header, {}).get(spelling.name)
            if order is Order.UNDECIDED:
                order = _by_neighbours(spelling, mapped.source, spellings)
            if order is Order.UNDECIDED and said in (Order.DAY_FIRST, Order.MONTH_FIRST):
                order = Order(said)
            key = f"dates:{mapped.source}:{header}:{spelling.name}"
            if order is Order.UNDECIDED:
                answered = answers.get(key, "")
                order = Order(answered) if answered in (Order.DAY_FIRST, Order.MONTH_FIRST) else order
                questions.append(_date_question(key, mapped.source, header, spelling, look))
            made.setdefault(header, {})[spelling.name] = order.value
    return made


def _by_neighbours(spelling: Spelling, source: str, spellings: Readonly[str, dict[str, list[Spelling]]]) -> Order:
    """The order the same spelling has in the other columns of the file, else of the other files, if they agree."""
    for files in ([spellings[source]], list(spellings.values())):
        orders: Counter[Order] = Counter()
        for columns in files:
            for others in columns.values():
                for other in others:
                    if other.name == spelling.name and other.order is not Order.UNDECIDED:
                        orders[other.order] += other.cells
        if len(orders) == 1:
            return next(iter(orders))
    return Order.UNDECIDED


def _date_question(key: str, source: str, header: str, spelling: Spelling, look: Look) -> Question:
    cell = look.source.column(header)
    separator = spelling.separator.replace("'", "''")
    rows = look.workspace.con.execute(
        f"SELECT DISTINCT {cell} FROM {look.source.relation} WHERE regexp_matches({cell}, '^[0-9]{{1,2}}') "
        f"AND contains({cell}, '{separator}') ORDER BY 1 LIMIT 3"
    ).fetchall()
    return Question(
        id=key,
        kind="dates",
        source=source,
        column=header,
        text=_("In %(column)s of %(source)s, does the day or the month come first? No cell gives it away.")
        % {"column": header, "source": source},
        examples=tuple(str(r[0]) for r in rows),
        choices=(
            Choice(Order.DAY_FIRST, _("The day first")),
            Choice(Order.MONTH_FIRST, _("The month first")),
            Choice("", _("Leave these dates empty")),
        ),
        default="",
        rows=spelling.cells,
    )


def _numbers(mapped: SourceMapping, look: Look) -> dict[str, str]:
    made = dict(mapped.numbers)
    canonical = _is_canonical(mapped)
    for header in _headers(mapped, Kind.NUMBER, Kind.COUNT):
        if header in look.source.headers and header not in made:
            cells = number_cells(look.source, header, look.workspace)
            made[header] = style_of(cells, canonical=canonical).decimal.value
    return made


def _is_canonical(mapped: SourceMapping) -> bool:
    """Whether the file is one of Headway's own: named as its table, every column that is read named as in it."""
    table = mapped.source.rsplit(".", 1)[0]
    return (
        bool(mapped.targets)
        and mapped.targets[0].table == table
        and all(r.headers == (r.column,) for t in mapped.targets for r in t.rules if r.headers)
    )


def _stage_rules(mapped: SourceMapping) -> list[Rule]:
    rules = [r for t in mapped.targets for r in t.rules if r.column == "stage" and r.headers]
    return list(dict.fromkeys(rules))


def _raw_stages(rule: Rule, mapped: SourceMapping, looks: Readonly[str, Look]) -> dict[str, int]:
    """The stages as written, after looking up; how many rows have each."""
    for lookup in rule.lookups:
        other = looks.get(lookup.source)
        if other is not None and lookup.value in other.source.headers:
            return dict(values(other.source, lookup.value, other.workspace, most=MOST_STAGES + 60))
    look = looks[mapped.source]
    if rule.headers[0] not in look.source.headers:
        return {}
    return dict(values(look.source, rule.headers[0], look.workspace, most=MOST_STAGES + 60))


def _stages(
    mapped: SourceMapping, looks: Readonly[str, Look], answers: Readonly[str, str], questions: list[Question]
) -> dict[str, str]:
    ladder = [str(s) for s in company.current().ladder]
    allowed = {plain(s): s for s in [*ladder, "won", "lost"]}
    made: dict[str, str] = dict(mapped.stages)
    for rule in _stage_rules(mapped):
        seen = _raw_stages(rule, mapped, looks)
        flags = _flags(rule, looks)
        open_ones: dict[str, int] = {}
        for raw, rows in seen.items():
            key = raw.lower()
            if made.get(key):
                continue
            # Pipedrive writes the pipeline behind the stage: `Proposal Made (Sales)`.
            bare = plain(re.sub(r"\s*\([^)]*\)\s*$", "", raw))
            known = allowed.get(plain(raw)) or STAGE_OF.get(plain(raw)) or STAGE_OF.get(bare)
            if key in flags:
                known = flags[key] if flags[key] != "open" else (None if known in ("won", "lost") else known)
            said = answers.get(_stage_key(raw))
            chosen = said if said is not None else (known if known in allowed.values() else None)
            if chosen is None:
                open_ones[raw] = rows
            made[key] = chosen or ""
        if len(open_ones) <= MOST_STAGES:
            questions.extend(_stage_question(mapped.source, rule, raw, n, ladder) for raw, n in open_ones.items())
    return made


def _flags(rule: Rule, looks: Readonly[str, Look]) -> dict[str, str]:
    """Won and lost of the stages in a file of stages, from its flags, never from the names."""
    for lookup in rule.lookups:
        look = looks.get(lookup.source)
        if look is None:
            continue
        closed, won = look.first("isclosed"), look.first("closedwon", "iswon")
        if closed and won:
            label, c, w = (look.source.column(h) for h in (lookup.value, closed, won))
            rows = look.workspace.con.execute(
                f"SELECT lower({label}), bool_or(lower({w}) IN ('true', '1')), bool_and(lower({c}) IN ('true', '1')) "
                f"FROM {look.source.relation} WHERE {label} IS NOT NULL GROUP BY 1"
            ).fetchall()
            return {str(n): "won" if is_won else "lost" if is_closed else "open" for n, is_won, is_closed in rows}
    return {}


def _stage_key(raw: str) -> str:
    return f"stage:{raw.lower()}"


def _stage_question(source: str, rule: Rule, raw: str, rows: int, ladder: list[str]) -> Question:
    return Question(
        id=_stage_key(raw),
        kind="stage",
        source=source,
        column=rule.headers[0],
        text=_("Which stage of your ladder is “%s”?") % raw,
        examples=(raw,),
        choices=(*(Choice(s, s) for s in [*ladder, "lost"]), Choice("", _("None; keep its own name"))),
        default="",
        rows=rows,
    )


def _currencies(
    mappings: Sequence[SourceMapping],
    looks: Readonly[str, Look],
    answers: Readonly[str, str],
    questions: list[Question],
) -> tuple[list[SourceMapping], list[Notice]]:
    """Amounts without a currency: asked once a source; taken as the company's own where nobody answers."""
    made, notices = [], []
    own = company.current().currency
    for mapped in mappings:
        target = next((t for t in mapped.targets if _no_currency(t)), None)
        if target is None:
            made.append(mapped)
            continue
        question = _currency_question(mapped.source, target, looks[mapped.source], own)
        questions.append(question)
        said = answers.get(question.id)
        if said in {c.value for c in question.choices}:
            rule = Rule("currency", constant=said or own, sure=Sure.PERSON)
            changed = replace(target, rules=(*target.rules, rule))
            made.append(replace(mapped, targets=tuple(changed if t is target else t for t in mapped.targets)))
            continue
        made.append(mapped)
        text = _("%(source)s names no currency; its amounts are taken as %(currency)s, the company's own.")
        notices.append(Notice("currency", text % {"source": mapped.source, "currency": own}))
    return made, notices


def _no_currency(target: Target) -> bool:
    named = {r.column for r in target.rules}
    return target.table == "opportunities" and target.use == "rows" and "amount" in named and "currency" not in named


def _currency_question(source: str, target: Target, look: Look, own: str) -> Question:
    amount = target.rule("amount")
    headers = [h for h in (amount.headers if amount else ()) if h in look.source.headers]
    usual = dict.fromkeys([own, *USUAL_CURRENCIES])
    return Question(
        id=f"currency:{source}",
        kind="currency",
        source=source,
        column=headers[0] if headers else "amount",
        text=_("%(source)s names no currency. Which one are its amounts in?") % {"source": source},
        examples=tuple(values(look.source, headers[0], look.workspace, most=3)) if headers else (),
        choices=tuple(Choice(code, code) for code in usual),
        default=own,
        rows=look.source.rows,
    )
