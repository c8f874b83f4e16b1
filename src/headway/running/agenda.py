"""What a check-in talks about, prepared from the data and the last agreements; and what is new since the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.plans.plan_draft import GoalKind
from headway.running.ledger import Ledger
from headway.running.models import Agreement, CheckIn, Win
from headway.running.progress import GoalProgress
from headway.running.sentences import behind_words, said
from headway.web.text import money

MOST_TILES = 4


@dataclass(frozen=True)
class Tile:
    """One figure that is new since the last check-in."""

    value: str
    words: str


@dataclass(frozen=True)
class Item:
    """One line of the agenda."""

    title: str
    minutes: int
    words: str = ""


def since_last(
    found: Sequence[GoalProgress], agreements: Sequence[Agreement], *, last: date, currency: str
) -> list[Tile]:
    """What happened after the last check-in, at most four figures; nothing is made up where nothing is known."""
    tiles = [tile for one in found if (tile := _tile(one, last, currency))]
    due = [a for a in agreements if a.made_at.date() <= last or a.due <= last or a.done_on]
    if due:
        done = sum(1 for a in due if a.done_on)
        tiles.append(Tile(_("%(done)d of %(all)d") % {"done": done, "all": len(due)}, _("agreements done")))
    return tiles[:MOST_TILES]


def _tile(found: GoalProgress, last: date, currency: str) -> Tile | None:
    new = [row for row in found.rows if date.fromisoformat(row["on"]) > last]
    if found.goal.kind is GoalKind.REVENUE:
        won = [row for row in new if row["kind"] == "won"]
        if found.value is None:
            return None
        names = ", ".join(row["label"] for row in won[:2])
        words = _("won: %s") % names if names else _("won since then")
        return Tile(money(sum(row["value"] or 0 for row in won), currency=currency, short=True), words)
    if found.value is None:
        return None
    counted = [row for row in new if row["kind"] == "count" and row["ref"]]
    if counted:
        hits, of = sum(row["value"] for row in counted), sum(float(row["ref"]) for row in counted)
        return Tile(_("%(hits)s of %(of)s") % {"hits": f"{hits:g}", "of": f"{of:g}"}, found.goal.metric_name.lower())
    return Tile(
        said(found.goal, found.value, currency), found.goal.metric_name[:1].lower() + found.goal.metric_name[1:]
    )


def agenda_of(
    check_in: CheckIn,
    found: Sequence[GoalProgress],
    ledger: Ledger,
    wins: Sequence[Win],
    agreements: Sequence[Agreement],
    *,
    last: date,
    company_name: str,
    read_review: bool,
) -> list[Item]:
    """The agenda in order with minutes that add up to the meeting's length."""
    first = check_in.plan.person.first_name
    items = [Item(_("%s’s page") % first, 5, "")]
    keep = _to_keep(found, wins, last)
    if keep:
        items.append(Item(_("What to keep"), 4, keep))
    items.append(_hard(check_in, found, read_review=read_review))
    items.append(Item(_("What %s owes") % company_name, 3, behind_words(ledger.behind) or _("Nothing is open.")))
    still = [a for a in agreements if a.done_on is None]
    if still:
        words = ngettext("%d agreement is open: %s", "%d agreements are open: %s", len(still))
        items.append(Item(_("Last agreements"), 3, words % (len(still), "; ".join(a.text for a in still[:3]))))
    used = sum(item.minutes for item in items)
    rest = max(3, check_in.minutes - used)
    closing = _("Look at the whole plan, then agree") if check_in.kind != "check_in" else _("Agree and close")
    return [*items, Item(closing, rest)]


def _to_keep(found: Sequence[GoalProgress], wins: Sequence[Win], last: date) -> str:
    new = [win.text for win in wins if win.on > last]
    if new:
        return new[0]
    for one in found:
        won = [r for r in one.rows if r["kind"] == "won" and date.fromisoformat(r["on"]) > last]
        if won:
            return str(_("%s was won: what made it work?") % won[-1]["label"])
    return ""


def _hard(check_in: CheckIn, found: Sequence[GoalProgress], *, read_review: bool) -> Item:
    if read_review and check_in.hard:
        return Item(_("What is still hard"), 7, check_in.hard.split("\n")[0][:160])
    behind = next((one for one in found if one.ahead is False), None)
    if behind is not None:
        return Item(_("%s: what would help?") % behind.goal.metric_name, 7)
    return Item(_("What is still hard"), 7)


def suggested_steps(
    found: Sequence[GoalProgress], agreements: Sequence[Agreement], actions: Sequence[str], *, person: str
) -> list[str]:
    """Next steps a rep can take over with a tick: own open agreements first, then actions for goals behind the path."""
    steps = [a.text for a in agreements if a.done_on is None and a.side == "rep"]
    if any(one.ahead is False for one in found):
        steps += [text for text in actions if text not in steps]
    return steps[:4]
