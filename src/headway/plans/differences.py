"""What changed between two versions of a plan, in words a person can read: kept, added, taken out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from headway.plans.letter import kind_name
from headway.plans.plan_draft import Goal, PlanDraft, Promise
from headway.plans.wording import day, figure_text

# Beyond so many words on both sides a text is compared paragraph by paragraph only: word by word would take seconds.
MOST_WORDS = 4_000
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Run:
    """Words that stayed ("same"), came ("added") or went ("removed")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One piece that differs, with its words."""

    label: str
    runs: tuple[Run, ...]


def between(before: PlanDraft, after: PlanDraft) -> tuple[Difference, ...]:
    """Every piece that differs, in the plan's order; empty where the versions are the same."""
    old, new = _pieces(before), _pieces(after)
    found = []
    for label in dict.fromkeys((*old, *new)):
        one, two = old.get(label, ""), new.get(label, "")
        if one != two:
            found.append(Difference(label, words_between(one, two)))
    return tuple(found)


def words_between(before: str, after: str) -> tuple[Run, ...]:
    """Two texts as runs of words. Joining all but the added ones gives `before`, all but the removed ones `after`."""
    one, two = _WORDS.findall(before), _WORDS.findall(after)
    if len(one) + len(two) > MOST_WORDS:
        one, two = before.splitlines(keepends=True), after.splitlines(keepends=True)
    runs: list[Run] = []
    gone = came = ""
    opcodes = SequenceMatcher(None, one, two, autojunk=len(one) > 1000).get_opcodes()
    for n, (tag, a, b, c, d) in enumerate(opcodes):
        before_text, after_text = "".join(one[a:b]), "".join(two[c:d])
        # A space between two changes belongs to them: "26 May" became "9 June", not 26 9 and May June.
        between_two = tag == "equal" and not before_text.strip() and 0 < n < len(opcodes) - 1
        if tag == "equal" and not between_two:
            runs += _changed(gone, came)
            runs.append(Run("same", before_text))
            gone = came = ""
        else:
            gone, came = gone + before_text, came + after_text
    return tuple(runs + _changed(gone, came))


def _changed(gone: str, came: str) -> list[Run]:
    return [Run(kind, text) for kind, text in (("removed", gone), ("added", came)) if text]


def _pieces(draft: PlanDraft) -> dict[str, str]:
    """The plan as texts by their labels. Two pieces with the same label get a number."""
    from headway.plans.desk import section_titles

    titles = section_titles(draft)
    rows: list[tuple[str, str]] = [
        (_("Days"), f"{day(draft.start, year=True)} – {day(draft.last_day, year=True)}"),
        *((_("Goal: %s") % kind_name(goal.kind), _goal(goal, draft)) for goal in draft.goals),
        (titles["actions"], "\n".join(f"{act.text} ({act.when})" for act in draft.actions)),
        *((_("Promise: %s") % promise.key, _promise(promise)) for promise in draft.promises),
        (_("Check-ins"), ", ".join(day(meeting.on) for meeting in draft.check_ins)),
        *((titles[key], _words(getattr(draft, key))) for key in titles if key != "actions"),
    ]
    named: dict[str, str] = {}
    for label, text in rows:
        free = next(name for n in range(1, len(rows) + 1) if (name := label if n == 1 else f"{label} {n}") not in named)
        named[free] = text
    return named


def _words(paragraphs: Sequence[object]) -> str:
    return "\n\n".join(str(getattr(paragraph, "text", paragraph)) for paragraph in paragraphs)


def _goal(goal: Goal, draft: PlanDraft) -> str:
    target = figure_text(goal.target, goal.unit, draft.currency)
    return _("%(text)s Target %(target)s by %(day)s, weighs %(weight)d of 100.") % {
        "text": goal.text,
        "target": target,
        "day": day(goal.by, year=True),
        "weight": goal.weight,
    }


def _promise(promise: Promise) -> str:
    hours = _(", %g hours") % promise.hours if promise.hours is not None else ""
    return f"{promise.text}: {promise.owner}, {day(promise.due, year=True)}{hours}"
