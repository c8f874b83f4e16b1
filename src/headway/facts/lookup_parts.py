"""Sources that are looked into rather than loaded: files of stages, teams, products and links."""

from __future__ import annotations

from collections.abc import Mapping as Readonly
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from headway.facts.guess import Look


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
