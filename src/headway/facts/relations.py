"""How the sources of one export complete each other: files of stages, teams, products and links, and the
targets that follow from one file having several meanings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as Readonly
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from headway.facts.codes import OUTCOMES, plain
from headway.facts.guess import Guess, Look
from headway.facts.mapping import Drop, Lookup, OutcomeRule, Rule, SourceMapping, Sure, Target, Use
from headway.facts.numbers_in_text import CODES, CURRENCY_SIGNS
from headway.facts.profiles import values

_DELETED = ("isdeleted", "fivetrandeleted", "archived", "deleted", "ischild")
_YES = ("true", "1", "yes", "t")
_KIND_BY_FILE = (
    ("call", "call"),
    ("email", "email"),
    ("meeting", "meeting"),
    ("event", "meeting"),
    ("demo", "demo"),
    ("task", "other"),
)
_OUTCOME_WORDS = {plain(w) for code, words in OUTCOMES.items() for w in (code, *words.split())}


@dataclass
class Parts:
    """Sources that are looked into rather than loaded.

    Args:
        stages: files of stages: name -> (id header, name header).
        teams, roles: files of teams and of user roles: name -> (id header, name header).
        team_links: owner -> team: name -> (owner header, team header, header of the primary flag).
        deal_links: activity -> deal: name -> (activity header, deal header).
        merged: deals merged away: name -> header.
        products: list prices: name -> (product header, price header).
        notes: what is said of each.
    """

    stages: dict[str, tuple[str, str]] = field(default_factory=dict)
    teams: dict[str, tuple[str, str]] = field(default_factory=dict)
    roles: dict[str, tuple[str, str]] = field(default_factory=dict)
    team_links: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    deal_links: dict[str, tuple[str, str]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    products: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def parts(looks: Readonly[str, Look]) -> Parts:
    """Find the sources that others look into."""
    found = Parts()
    for name, look in looks.items():
        _one_part(name, look, found)
    return found


def _one_part(name: str, look: Look, found: Parts) -> None:
    key, label = look.first("stageid", "pipelinestageid", "id"), look.first("stagename", "label", "name")
    flagged = look.first("isclosed", "closedwon", "winprobability", "probability", "displayorder")
    owner_column = look.first("dealid", "opportunityid", "ownerid", "accountid", "amount")
    if key and label and flagged and "stage" in look.stem and not owner_column:
        found.stages[name] = (key, label)
        found.notes[name] = _("Looked into for the names of stages.")
    elif look.has("mergeddealid", "dealid"):
        found.merged[name] = look.plain["mergeddealid"]
        found.notes[name] = _("Looked into for deals that were merged into another.")
    elif look.has("engagementid", "dealid"):
        found.deal_links[name] = (look.plain["engagementid"], look.plain["dealid"])
        found.notes[name] = _("Looked into for the deal of an activity.")
    elif look.has("ownerid", "teamid"):
        found.team_links[name] = (look.plain["ownerid"], look.plain["teamid"], look.first("isteamprimary") or "")
        found.notes[name] = _("Looked into for the team of a person.")
    elif look.has("id", "name") and "team" in look.stem and not look.first("email", "ownerid", "managerid"):
        found.teams[name] = (look.plain["id"], look.plain["name"])
        found.notes[name] = _("Looked into for the names of teams.")
    elif look.has("id", "name") and "role" in look.stem:
        found.roles[name] = (look.plain["id"], look.plain["name"])
        found.notes[name] = _("Looked into for the names of roles.")
    elif (
        look.has("product")
        and look.first("salesprice", "listprice", "price")
        and not look.first("opportunityid", "dealid")
    ):
        price = look.first("salesprice", "listprice", "price")
        found.products[name] = (look.plain["product"], price or "")
        found.notes[name] = _("Looked into for list prices.")


def complete(best: dict[str, Guess], looks: Readonly[str, Look], found: Parts, made: dict[str, SourceMapping]) -> None:
    """Turn the best guess of each source into its targets, adding what follows from the others."""
    deals = next((n for n, g in sorted(best.items(), key=lambda i: -i[1].score) if g.table == "opportunities"), None)
    people = {n for n, g in best.items() if g.table == "people"}
    listed_owners = _better_people(people, best, looks)
    for name, guess in best.items():
        look = looks[name]
        drops = _drops(look, found, guess.table)
        if guess.table == "opportunities":
            made[name] = replace(made[name], targets=_deal_targets(name, guess, look, found, drops, looks, deals))
        elif guess.table == "people":
            if name in listed_owners:
                made[name] = replace(made[name], note=listed_owners[name])
                continue
            made[name] = replace(made[name], targets=_people_targets(guess, look, found, drops, deals, looks, best))
        elif guess.table == "activities":
            made[name] = replace(made[name], targets=(_activity_target(guess, look, found, drops, deals, best),))
        elif guess.table == "stage_changes":
            made[name] = replace(made[name], targets=(_history_target(guess, look, found, drops),))
        else:
            made[name] = replace(made[name], targets=(Target(guess.table, guess.rules, drops=drops),))
    for name, look in looks.items():
        if name not in best and name not in found.notes:
            made[name] = _property_history(look, found, made[name])
    _retention(looks, best, found, made)
    _sales(looks, best, deals, made)


def _better_people(names: set[str], best: dict[str, Guess], looks: Readonly[str, Look]) -> dict[str, str]:
    """Two lists of people whose ids are not the same thing (HubSpot's owners and users): the owners count."""
    owners = [n for n in names if "ownerid" in looks[n].plain]
    users = [n for n in names if n not in owners and "user" in looks[n].stem]
    if owners and users:
        return {n: _("Users of the CRM, not owners of deals; the list of owners is used.") for n in users}
    return {}


def _drops(look: Look, found: Parts, table: str) -> tuple[Drop, ...]:
    made = []
    # Whoever was deleted from the CRM's users did the work that still stands there, so people are kept.
    for word in () if table == "people" else _DELETED:
        if word in look.plain:
            reason = _("copies for other participants") if word == "ischild" else _("deleted in the CRM")
            made.append(Drop(look.plain[word], _YES, reason=reason))
    if table == "people" and "type" in look.plain and "ownerid" in look.plain:
        made.append(Drop(look.plain["type"], ("queue",), reason=_("queues, not people")))
    if table in ("opportunities", "stage_changes"):
        key = look.first("dealid", "opportunityid")
        for name, header in found.merged.items():
            if key:
                made.append(Drop(key, inside=(name, header), reason=_("merged into another deal")))
    return tuple(made)


def _without(rules: tuple[Rule, ...], *columns: str) -> list[Rule]:
    return [r for r in rules if r.column not in columns]


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


def _deal_targets(
    name: str,
    guess: Guess,
    look: Look,
    found: Parts,
    drops: tuple[Drop, ...],
    looks: Readonly[str, Look],
    deals: str | None,
) -> tuple[Target, ...]:
    rules = _without(guess.rules)
    wins_only = _wins_only(look, looks)
    rules = _close_rules(rules, look)
    rules = _stage_rules(rules, look, found)
    rules = _json_rules(rules, look)
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


def _json_rules(rules: list[Rule], look: Look) -> list[Rule]:
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


def _people_targets(
    guess: Guess,
    look: Look,
    found: Parts,
    drops: tuple[Drop, ...],
    deals: str | None,
    looks: Readonly[str, Look],
    best: dict[str, Guess],
) -> tuple[Target, ...]:
    rules = _without(guess.rules)
    named = {r.column: r for r in rules}
    person = named["person_id"]
    for link, (owner, team, primary) in found.team_links.items():
        for teams, (key, label) in found.teams.items():
            rules = [r for r in rules if r.column != "team"]
            lookups = (Lookup(link, owner, team, where=primary), Lookup(teams, key, label))
            rules.append(Rule("team", person.headers, lookups=lookups, reason=_("the team in %s") % teams))
    role_header = look.first("userroleid", "roleid")
    for roles, (key, label) in found.roles.items():
        if role_header and not any(r.column == "team" for r in rules):
            rules.append(
                Rule(
                    "team",
                    (role_header,),
                    lookups=(Lookup(roles, key, label),),
                    sure=Sure.LIKELY,
                    reason=_("the role in %s") % roles,
                )
            )
    targets = [Target("people", tuple(rules), drops=drops)]
    manager = named.get("manager_id")
    if manager and _names(look, manager.headers[0]):
        # The manager stands beside each rep by name: he is a person too, in the team of his reps.
        more = [Rule("person_id", manager.headers), Rule("name", manager.headers), Rule("role", constant="manager")]
        more.extend([replace(named["team"], column="team")] if "team" in named else [])
        targets.append(Target("people", tuple(more), use=Use.ADDS, distinct=True, only_with=("person_id",)))
    territory = named.get("territory_id")
    if territory:
        both = (Rule("territory_id", territory.headers), Rule("name", territory.headers))
        targets.append(Target("territories", both, distinct=True, only_with=("territory_id",)))
    targets.extend(_yearly_quotas(look, person, deals, looks, best))
    return tuple(targets)


def _names(look: Look, header: str) -> bool:
    seen = values(look.source, header, look.workspace, most=20)
    return bool(seen) and sum(1 for v in seen if " " in v.strip() and not any(c.isdigit() for c in v)) >= 0.8 * len(
        seen
    )


def _yearly_quotas(
    look: Look, person: Rule, deals: str | None, looks: Readonly[str, Look], best: dict[str, Guess]
) -> list[Target]:
    """A yearly quota beside the person: for each calendar year in which deals were opened."""
    header = look.first("annualquota", "yearlyquota", "jahresziel", "jahresquote")
    if header is None or deals is None:
        return []
    created = best[deals].header("created_at")
    if created is None:
        return []
    cell = looks[deals].source.column(created)
    rows = (
        looks[deals]
        .workspace.con.execute(
            f"SELECT y, count(*) FROM (SELECT regexp_extract({cell}, '(19|20)[0-9]{{2}}') AS y FROM {looks[deals].source.relation}) "  # noqa: E501
            "WHERE y <> '' GROUP BY 1 ORDER BY 1"
        )
        .fetchall()
    )
    total = sum(n for _y, n in rows)
    years = [int(y) for y, n in rows if n >= 0.05 * total]
    made = []
    for year in years:
        rules = (
            Rule("person_id", person.headers),
            Rule("target", (header,), reason=_("the yearly quota, for each calendar year with deals")),
            Rule("period_start", constant=f"{year}-01-01", sure=Sure.CHECK, reason=_("the file names no year")),
            Rule("period_end", constant=f"{year + 1}-01-01", sure=Sure.CHECK, reason=_("the file names no year")),
        )
        made.append(Target("quotas", rules, only_with=("target",)))
    return made


def _activity_target(
    guess: Guess, look: Look, found: Parts, drops: tuple[Drop, ...], deals: str | None, best: dict[str, Guess]
) -> Target:
    rules = _json_rules(_without(guess.rules), look)
    named = {r.column: r for r in rules}
    for name, (activity, deal) in found.deal_links.items():
        if "opportunity_id" not in named and "activity_id" in named:
            lookup = Lookup(name, activity, deal)
            rules.append(
                Rule(
                    "opportunity_id", named["activity_id"].headers, lookups=(lookup,), reason=_("the link in %s") % name
                )
            )
            named = {r.column: r for r in rules}
    deal_rule = named.get("opportunity_id")
    if "person_id" not in named and deal_rule:
        owner = best[deals].header("owner_id") if deals else None
        key = best[deals].header("opportunity_id") if deals else None
        lookup = (
            Lookup(deals, key, owner)
            if deals and owner and key
            else Lookup("facts:opportunities", "opportunity_id", "owner_id")
        )
        reason = _("the owner of the deal; the file names nobody")
        rules.append(
            Rule("person_id", deal_rule.headers, lookups=(*deal_rule.lookups, lookup), sure=Sure.LIKELY, reason=reason)
        )
    return Target("activities", tuple(_kind_rules(rules, look)), drops=(*drops, *_planned(look)))


def _kind_rules(rules: list[Rule], look: Look) -> list[Rule]:
    kind = next((r for r in rules if r.column == "kind"), None)
    by_file = next((k for word, k in _KIND_BY_FILE if word in look.stem), None)
    if kind is None or look.profile(kind.headers[0]).filled == 0:
        rules = [r for r in rules if r.column != "kind"]
        rules.extend(
            [Rule("kind", constant=by_file, sure=Sure.LIKELY, reason=_("from the file's name"))] if by_file else []
        )
    else:
        more = look.first("tasksubtype", "eventsubtype")
        if more and more not in kind.headers:
            rules = [replace(r, headers=(*r.headers, more)) if r.column == "kind" else r for r in rules]
    return rules


def _planned(look: Look) -> list[Drop]:
    """Tasks that are not done yet are plans, not activities."""
    return [
        Drop(look.plain[w], ("false", "0", "no", "to do", "todo", "offen"), reason=_("planned, not done"))
        for w in ("isclosed", "done")
        if w in look.plain
    ]


def _history_target(guess: Guess, look: Look, found: Parts, drops: tuple[Drop, ...]) -> Target:
    rules = _without(guess.rules)
    if look.has("fivetranstart", "stagename"):
        # A whole-row history: the row's start is when it became so; the deal's creation is not.
        rules = [r for r in rules if r.column != "entered_at"]
        rules.append(
            Rule("entered_at", (look.plain["fivetranstart"],), sure=Sure.LIKELY, reason=_("since when the row is so"))
        )
    elif "dateentered" in look.plain:
        rules = [r for r in rules if r.column != "entered_at"]
        rules.append(Rule("entered_at", (look.plain["dateentered"],), reason=_("when it entered the stage")))
    stage = next(r for r in rules if r.column == "stage")
    for name, (key, label) in found.stages.items():
        rules = [r for r in rules if r.column != "stage"]
        rules.append(
            replace(
                stage, lookups=(Lookup(name, key, label, or_self=True),), reason=_("the name of the stage in %s") % name
            )
        )
    return Target(
        "stage_changes",
        tuple(rules),
        drops=drops,
        collapse=True,
        distinct=True,
        only_with=("opportunity_id", "stage", "entered_at"),
    )


def _property_history(look: Look, found: Parts, mapped: SourceMapping) -> SourceMapping:
    """A history of all properties of deals: those rows count that tell of the stage."""
    if mapped.targets or not look.has("dealid", "timestamp", "name", "value"):
        return mapped
    named = look.plain["name"]
    stage = next(
        (v for v in values(look.source, named, look.workspace, most=200) if plain(v) in ("dealstage", "stagename")),
        None,
    )
    if stage is None:
        return replace(mapped, note=_("A history of properties, none of them the stage; the file is not used."))
    lookups = tuple(Lookup(n, key, label, or_self=True) for n, (key, label) in found.stages.items())
    rules = (
        Rule("opportunity_id", (look.plain["dealid"],)),
        Rule("stage", (look.plain["value"],), lookups=lookups, reason=_("rows about the stage")),
        Rule("entered_at", (look.plain["timestamp"],)),
    )
    drops = (Drop(named, (stage.lower(),), others=True, reason=_("about other properties than the stage")),)
    target = Target(
        "stage_changes",
        rules,
        drops=drops,
        collapse=True,
        distinct=True,
        only_with=("opportunity_id", "stage", "entered_at"),
    )
    return replace(mapped, targets=(target,), note="")


def _retention(
    looks: Readonly[str, Look], best: dict[str, Guess], found: Parts, made: dict[str, SourceMapping]
) -> None:
    """When customers came and left, where it stands in files of its own."""
    if not any(g.table == "accounts" for g in best.values()):
        return
    for name, look in looks.items():
        if name in best or name in found.notes or "accountid" not in look.plain:
            continue
        account = Rule("account_id", (look.plain["accountid"],))
        churned = look.first("churndate", "churnedon", "cancelledon")
        started = (
            look.first("startdate", "startedon") if "subscription" in look.stem or "contract" in look.stem else None
        )
        column, header = ("churned_on", churned) if churned else ("started_on", started)
        if header:
            why = _("the last of the account") if churned else _("the first of the account")
            rules = (account, Rule(column, (header,), sure=Sure.LIKELY, reason=why))
            drops = _goes_on(looks, account.headers[0]) if churned else ()
            target = Target("accounts", rules, use=Use.FILLS, drops=drops)
            made[name] = replace(made[name], targets=(target,), note="")


def _goes_on(looks: Readonly[str, Look], header: str) -> tuple[Drop, ...]:
    """An account that ended one contract and keeps another has not left."""
    for name, look in looks.items():
        end = look.first("enddate", "endedon")
        if "accountid" in look.plain and end and re.search("subscription|contract|vertrag", look.stem):
            inside = (name, look.plain["accountid"])
            return (Drop(header, inside=inside, inside_empty=end, reason=_("another contract of the account goes on")),)
    return ()


def _sales(
    looks: Readonly[str, Look], best: dict[str, Guess], deals: str | None, made: dict[str, SourceMapping]
) -> None:
    """A file of sales beside the deals: what was really paid and when fills what the deal lacks."""
    if deals is None:
        return
    for name, look in looks.items():
        if name == deals or "opportunityid" not in look.plain or (made[name].targets[:1] and best.get(name) is None):
            continue
        paid, when = look.first("finalvalue", "finalamount", "saleamount"), look.first("saledate", "solddate")
        if paid or when:
            rules = [Rule("opportunity_id", (look.plain["opportunityid"],))]
            rules.extend(
                [Rule("amount", (paid,), reason=_("what was paid, where the deal has no amount"))] if paid else []
            )
            rules.extend(
                [Rule("closed_at", (when,), reason=_("when it was sold, where the deal has no closing date"))]
                if when
                else []
            )
            made[name] = replace(made[name], targets=(Target("opportunities", tuple(rules), use=Use.FILLS),), note="")
