"""What a source of deals feeds: the deals, the stages they entered, the leads they came from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as Readonly
from dataclasses import replace

from django.utils.translation import gettext as _

from headway.facts.codes import OUTCOMES, plain
from headway.facts.guess import Guess, Look
from headway.facts.lookup_parts import Parts
from headway.facts.mapping import Drop, Lookup, OutcomeRule, Rule, Sure, Target, Use
from headway.facts.numbers_in_text import CODES, CURRENCY_SIGNS
from headway.facts.profiles import values

_OUTCOME_WORDS = {plain(w) for code, words in OUTCOMES.items() for w in (code, *words.split())}


def _status(look: Look) -> str | None:
    """The column whose words are open, won, lost."""
    for word in ("status", "outcome", "dealstatus", "result", "ergebnis", "state", "statecode"):
        header = look.plain.get(word)
        if header:
            seen = values(look.source, header, look.workspace, most=20)
            total = sum(seen.values())
            if total and sum(n for v, n in seen.items() if plain(v) in _OUTCOME_WORDS) >= 0.8 * total:
                return header
    return None


def deal_targets(
    name: str,
    guess: Guess,
    look: Look,
    found: Parts,
    drops: tuple[Drop, ...],
    looks: Readonly[str, Look],
    deals: str | None,
) -> tuple[Target, ...]:
    rules = list(guess.rules)
    wins_only = _wins_only(look, looks)
    rules = _close_rules(rules, look)
    rules = _stage_rules(rules, look, found)
    rules = json_rules(rules, look)
    for product_file, (key, price) in found.products.items():
        product = next((r for r in rules if r.column == "product"), None)
        if product and not any(r.column == "list_price" for r in rules):
            lookup = Lookup(product_file, key, price, loose=True)
            rules.append(
                Rule(
                    "list_price", product.headers, lookups=(lookup,), sure=Sure.LIKELY, reason=_("price of the product")
                )
            )
    rules = _amount_currency(rules)
    outcome = OutcomeRule(constant="won") if wins_only else _outcome(look, rules)
    kinds = look.plain.get("type")
    both = kinds is not None and set(values(look.source, kinds, look.workspace, most=5)) <= {"lead", "opportunity"}
    own = (Drop(kinds, ("lead",), reason=_("leads, not deals")),) if kinds and both else ()
    targets = [Target("opportunities", tuple(rules), drops=(*drops, *own), outcome=outcome)]
    if kinds and both:
        targets.append(_leads_among_deals(kinds, rules, drops))
    if wins_only:
        targets.extend(_lead_of_win(look, rules))
    else:
        targets.extend(_entered(look, rules))
    return tuple(targets)


def _leads_among_deals(kinds: str, rules: list[Rule], drops: tuple[Drop, ...]) -> Target:
    """The rows of a table of leads and deals that are still leads."""
    same = {"opportunity_id": "lead_id", "owner_id": "owner_id", "created_at": "created_at", "source": "source"}
    taken = tuple(replace(r, column=same[r.column]) for r in rules if r.column in same)
    return Target("leads", taken, drops=(*drops, Drop(kinds, ("lead",), others=True, reason=_("deals, not leads"))))


def _wins_only(look: Look, looks: Readonly[str, Look]) -> bool:
    return "wondate" in look.plain and not look.first("status", "stage", "lostdate", "dealstage", "stageid", "losttime")


def _close_rules(rules: list[Rule], look: Look) -> list[Rule]:
    """Won and lost days in columns of their own; a single closing date is a plan while the deal is open."""
    won, lost = look.first("wontime", "wondate", "gewonnenam"), look.first("losttime", "lostdate", "verlorenam")
    if won:
        headers = (won, lost) if lost else (won,)
        rules = [r for r in rules if r.column != "closed_at"]
        rules.append(Rule("closed_at", headers, sure=Sure.SURE, reason=_("when it was won or lost")))
    closed = next((r for r in rules if r.column == "closed_at"), None)
    named = {r.column for r in rules}
    if closed and "expected_close_on" not in named and not won:
        rules.append(
            replace(
                closed,
                column="expected_close_on",
                sure=Sure.LIKELY,
                reason=_("the closing date while the deal is open"),
            )
        )
    return rules


def _stage_rules(rules: list[Rule], look: Look, found: Parts) -> list[Rule]:
    stage = next((r for r in rules if r.column == "stage"), None)
    if stage is None:
        status = look.plain.get("status")
        if status and not _status(look):
            rules.append(Rule("stage", (status,), sure=Sure.LIKELY, reason=_("named like it")))
        return rules
    for name, (key, label) in found.stages.items():
        if _is_id(look, stage.headers[0]) or look.profile(stage.headers[0]).filled == 0:
            rules = [r for r in rules if r.column != "stage"]
            rules.append(
                replace(stage, lookups=(Lookup(name, key, label),), reason=_("the name of the stage in %s") % name)
            )
    return rules


def _is_id(look: Look, header: str) -> bool:
    """Names of stages need no looking up; ids do."""
    return "id" in header.lower() or look.profile(header).numbers > 0.9


def json_rules(rules: list[Rule], look: Look) -> list[Rule]:
    """Keys inside a column of JSON text that are canonical columns."""
    named = {r.column for r in rules}
    header = look.first("attributes", "details", "properties", "customfields")
    if header is None:
        return rules
    keys: Counter[str] = Counter()
    cell = look.source.column(header)
    rows = look.workspace.con.execute(
        f"SELECT k, count(*) FROM (SELECT unnest(json_keys({cell})) AS k FROM (SELECT {cell} FROM {look.source.relation} "  # noqa: E501
        f"WHERE json_valid({cell}) AND json_type({cell}) = 'OBJECT' LIMIT 2000)) GROUP BY 1"
    ).fetchall()
    keys.update({str(k): int(n) for k, n in rows})
    for key, column in (
        ("lead_source", "source"),
        ("source", "source"),
        ("outcome", "outcome"),
        ("next_step", "next_step"),
        ("product", "product"),
    ):
        if key in keys and column not in named:
            rules.append(Rule(column, (header,), json_key=key, sure=Sure.LIKELY, reason=_("inside %s") % header))
            named.add(column)
    return rules


def _amount_currency(rules: list[Rule]) -> list[Rule]:
    amount = next((r for r in rules if r.column == "amount"), None)
    if amount is None or any(r.column == "currency" for r in rules):
        return rules
    header = amount.headers[0]
    code = next((c for c in CODES if re.search(rf"(^|[^A-Za-z]){c}($|[^A-Za-z])", header)), None)
    code = code or next((c for sign, c in CURRENCY_SIGNS.items() if sign in header), None)
    if code:
        rules.append(Rule("currency", constant=code, sure=Sure.SURE, reason=_("stands in the column's name")))
    return rules


def _outcome(look: Look, rules: list[Rule]) -> OutcomeRule:
    status, closed, won = (
        _status(look),
        look.first("isclosed", "closed"),
        look.first("iswon", "isclosedwon", "closedwon"),
    )
    stage = next((r for r in rules if r.column == "stage"), None)
    closed_rule = Rule("outcome", (closed,)) if closed else None
    won_rule = Rule("outcome", (won,)) if won else None
    return OutcomeRule(
        status=Rule("outcome", (status,)) if status else None,
        closed=closed_rule,
        won=won_rule,
        stage=stage is not None and not (closed_rule or won_rule),
    )


def _lead_of_win(look: Look, rules: list[Rule]) -> list[Target]:
    """A file of won deals keyed by the lead: the lead's owner is who developed it, the deal's who closed it."""
    lead = next((r for r in rules if r.column == "lead_id"), None)
    developer = look.first("sdrid", "bdrid", "leadownerid")
    if lead is None:
        return []
    fills = [Rule("lead_id", lead.headers), Rule("opportunity_id", lead.headers, reason=_("the deal it became"))]
    if developer:
        fills.append(Rule("owner_id", (developer,), reason=_("who developed the lead")))
    return [Target("leads", tuple(fills), use=Use.FILLS)]


def _entered(look: Look, rules: list[Rule]) -> list[Target]:
    """Days on which a deal entered a stage, where they stand beside the deal."""
    key = next((r for r in rules if r.column == "opportunity_id"), None)
    engaged = look.first("engagedate", "engagementdate")
    closed = next((r for r in rules if r.column == "closed_at"), None)
    stage = next((r for r in rules if r.column == "stage"), None)
    if key is None or engaged is None:
        return []
    entered = Rule("entered_at", (engaged,), reason=_("when it entered the stage"))
    made = [
        Target(
            "stage_changes",
            (key, Rule("stage", constant="qualified", sure=Sure.LIKELY, reason=_("engaged = qualified")), entered),
            only_with=("entered_at",),
        )
    ]
    if closed and stage:
        closing = Rule("entered_at", closed.headers, reason=_("when it was won or lost"))
        made.append(Target("stage_changes", (key, stage, closing), only_with=("entered_at", "stage")))
    return made
