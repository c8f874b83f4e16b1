"""How the sources of one export complete each other, and the targets that follow from it."""

from __future__ import annotations

import re
from collections.abc import Mapping as Readonly
from dataclasses import replace

from django.utils.translation import gettext as _

from headway.facts.codes import plain
from headway.facts.deal_targets import deal_targets, json_rules
from headway.facts.guess import Guess, Look
from headway.facts.lookup_parts import Parts
from headway.facts.mapping import Drop, Lookup, Rule, SourceMapping, Sure, Target, Use
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


def complete(best: dict[str, Guess], looks: Readonly[str, Look], found: Parts, made: dict[str, SourceMapping]) -> None:
    """Turn the best guess of each source into its targets, adding what follows from the others."""
    deals = next((n for n, g in sorted(best.items(), key=lambda i: -i[1].score) if g.table == "opportunities"), None)
    people = {n for n, g in best.items() if g.table == "people"}
    listed_owners = _better_people(people, best, looks)
    for name, guess in best.items():
        look = looks[name]
        drops = _drops(look, found, guess.table)
        if guess.table == "opportunities":
            made[name] = replace(made[name], targets=deal_targets(name, guess, look, found, drops, looks, deals))
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


def _people_targets(
    guess: Guess,
    look: Look,
    found: Parts,
    drops: tuple[Drop, ...],
    deals: str | None,
    looks: Readonly[str, Look],
    best: dict[str, Guess],
) -> tuple[Target, ...]:
    rules = list(guess.rules)
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
    rules = json_rules(list(guess.rules), look)
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
    rules = list(guess.rules)
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
    """A file of sales beside the deals: what was really paid counts, whatever the deal hoped for; the day of the sale
    fills a closing day that is missing."""
    if deals is None:
        return
    for name, look in looks.items():
        if name == deals or "opportunityid" not in look.plain or (made[name].targets[:1] and best.get(name) is None):
            continue
        paid, when = look.first("finalvalue", "finalamount", "saleamount"), look.first("saledate", "solddate")
        if paid or when:
            rules = [Rule("opportunity_id", (look.plain["opportunityid"],))]
            rules.extend([Rule("amount", (paid,), reason=_("what was paid"), wins=True)] if paid else [])
            rules.extend(
                [Rule("closed_at", (when,), reason=_("when it was sold, where the deal has no closing date"))]
                if when
                else []
            )
            made[name] = replace(made[name], targets=(Target("opportunities", tuple(rules), use=Use.FILLS),), note="")
