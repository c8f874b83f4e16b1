"""Problems of the facts in words: the one list that pages and `headway status` show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from headway.facts.health import Example, Problem, Trouble
from headway.web.text import day

Text = str | Promise


def number(value: int) -> str:
    """1,284."""
    return formats.number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


@dataclass(frozen=True)
class Told:
    """A problem in words: the finding, what it does to the figures, what to do, and rows that show it."""

    finding: str
    so_what: str
    todo: str
    kind: str
    of: int | None
    count: int
    examples: tuple[Example, ...]


_FINDINGS: dict[Trouble, Text] = {
    Trouble.PAST_CLOSE: ngettext_lazy(
        "%(n)s open deal of %(of)s has a close date in the past",
        "%(n)s open deals of %(of)s have a close date in the past",
        "count",
    ),
    Trouble.DUPLICATES: ngettext_lazy(
        "%(n)s pair or group of deals looks like a duplicate",
        "%(n)s pairs or groups of deals look like duplicates",
        "count",
    ),
    Trouble.SAME_NAME: ngettext_lazy(
        "%(n)s name belongs to several people",
        "%(n)s names belong to several people",
        "count",
    ),
    Trouble.NO_DEALS: ngettext_lazy(
        "%(n)s person of %(of)s owns no deals",
        "%(n)s people of %(of)s own no deals",
        "count",
    ),
    Trouble.NEGATIVE_CYCLE: ngettext_lazy(
        "%(n)s deal was closed before it was opened",
        "%(n)s deals were closed before they were opened",
        "count",
    ),
    Trouble.AFTER_LEAVING: ngettext_lazy(
        "%(n)s deal belongs to somebody who has left",
        "%(n)s deals belong to people who have left",
        "count",
    ),
    Trouble.BEFORE_LEAD: ngettext_lazy(
        "%(n)s deal was closed before its lead came in",
        "%(n)s deals were closed before their lead came in",
        "count",
    ),
    Trouble.WORK_AFTER_LEAVING: ngettext_lazy(
        "%(n)s activity is dated after its owner had left",
        "%(n)s activities are dated after their owner had left",
        "count",
    ),
    Trouble.NO_AMOUNT: ngettext_lazy(
        "%(n)s won deal of %(of)s has no amount",
        "%(n)s won deals of %(of)s have no amount",
        "count",
    ),
    Trouble.CURRENCIES: ngettext_lazy(
        "%(n)s currency is used",
        "%(n)s currencies are used side by side",
        "count",
    ),
    Trouble.EMPTY_WEEKS: ngettext_lazy(
        "%(n)s week of %(of)s has no activity at all",
        "%(n)s weeks of %(of)s have no activity at all",
        "count",
    ),
    Trouble.NO_OWNER: ngettext_lazy(
        "%(n)s lead of %(of)s has no owner",
        "%(n)s leads of %(of)s have no owner",
        "count",
    ),
    Trouble.DEAL_NO_OWNER: ngettext_lazy(
        "%(n)s deal of %(of)s has no owner",
        "%(n)s deals of %(of)s have no owner",
        "count",
    ),
    Trouble.UNDATED: ngettext_lazy(
        "%(n)s closed deal has no closing day",
        "%(n)s closed deals have no closing day",
        "count",
    ),
    Trouble.NO_OUTCOME: ngettext_lazy(
        "%(n)s deal is neither open nor won nor lost",
        "%(n)s deals are neither open nor won nor lost",
        "count",
    ),
    Trouble.AFTER_CLOSE: ngettext_lazy(
        "%(n)s activity of %(of)s is dated after its deal closed",
        "%(n)s activities of %(of)s are dated after their deal closed",
        "count",
    ),
    Trouble.NO_HIRE_DAY: ngettext_lazy(
        "%(n)s person of %(of)s has no hire date",
        "%(n)s people of %(of)s have no hire date",
        "count",
    ),
}


def _finding(problem: Problem) -> str:
    shown = {"count": problem.count, "n": number(problem.count), "of": number(problem.of or 0)}
    return str(_FINDINGS[problem.kind] % shown)


_SO_WHAT: dict[Trouble, tuple[Text, Text]] = {
    Trouble.PAST_CLOSE: (
        gettext_lazy("Forecasts from these dates would be wrong."),
        gettext_lazy("Ask the owners for a new date in the CRM."),
    ),
    Trouble.DUPLICATES: (
        gettext_lazy("Same owner, account, day and amount: wins and losses may count twice."),
        gettext_lazy("Merge them in the CRM if they are the same deal."),
    ),
    Trouble.SAME_NAME: (
        gettext_lazy("Rows that name people by name cannot be told apart."),
        gettext_lazy("Export people with their id or e-mail address."),
    ),
    Trouble.NO_DEALS: (
        gettext_lazy(
            "They may be new, on leave or without access: they can’t be judged, and no deals is not read as zero sales."
        ),
        gettext_lazy("Load hire dates and absences, or take them off the list of people."),
    ),
    Trouble.NEGATIVE_CYCLE: (
        gettext_lazy("Their cycle length is left out."),
        gettext_lazy("Mend the dates in the CRM; check that days and months were not swapped."),
    ),
    Trouble.AFTER_LEAVING: (
        gettext_lazy("Nobody works on them."),
        gettext_lazy("Give them a new owner in the CRM."),
    ),
    Trouble.BEFORE_LEAD: (
        gettext_lazy("They are left out of cycle lengths."),
        gettext_lazy("One of the two dates is wrong; mend it in the CRM."),
    ),
    Trouble.WORK_AFTER_LEAVING: (
        gettext_lazy("Somebody else did the work, or the last day is wrong."),
        gettext_lazy("Check the day they left, and who logged the activities."),
    ),
    Trouble.NO_AMOUNT: (
        gettext_lazy("They count as won, but not toward revenue or deal size."),
        gettext_lazy("Add the amount in the CRM."),
    ),
    Trouble.CURRENCIES: (
        gettext_lazy("Amounts are never added across currencies."),
        gettext_lazy("Export amounts converted into one currency if you want one total."),
    ),
    Trouble.EMPTY_WEEKS: (
        gettext_lazy("Either nobody worked, or the export has a gap."),
        gettext_lazy("Export those weeks again if people were at work."),
    ),
    Trouble.NO_OWNER: (
        gettext_lazy(
            "Nobody can be judged on a lead without an owner: no win rate per person can be worked out from them."
        ),
        gettext_lazy("Export leads with the person who worked on them."),
    ),
    Trouble.DEAL_NO_OWNER: (
        gettext_lazy("They count for nobody."),
        gettext_lazy("Give them an owner in the CRM."),
    ),
    Trouble.UNDATED: (
        gettext_lazy("They belong to no period and are left out of every figure."),
        gettext_lazy("Add the closing days in the CRM."),
    ),
    Trouble.NO_OUTCOME: (
        gettext_lazy("Their stage is empty, so nobody can say whether they are still open; they are left out."),
        gettext_lazy("Fill in the stage in the CRM."),
    ),
    Trouble.AFTER_CLOSE: (
        gettext_lazy("They are service, or the closing day is wrong: they say nothing about winning the deal."),
        gettext_lazy("Check the closing days of these deals."),
    ),
    Trouble.NO_HIRE_DAY: (
        gettext_lazy("Whether they are still ramping can’t be told, so they are not judged as if they were settled."),
        gettext_lazy("Load people with the day they were hired."),
    ),
}


def told(problem: Problem) -> Told:
    """A problem in words."""
    so_what, todo = _SO_WHAT[problem.kind]
    return Told(
        finding=_finding(problem),
        so_what=str(so_what),
        todo=str(todo),
        kind=problem.kind,
        of=problem.of,
        count=problem.count,
        examples=tuple(Example(e.ref, _dated(e.detail)) for e in problem.examples),
    )


def _dated(text: str) -> str:
    """A day as people write it; any other text as it is."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
