"""Where definitions of figures usually part: one person per case, with rows to add up by hand.

Period: the first quarter of 2026, as-of day 31 March, a company in Berlin that counts in euros. The reference shows
these rows; tests compute them after a load and on every engine.
"""

# ruff: noqa: E501 (a sum stands on one line)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from headway.metrics.examples import Table
from headway.metrics.spec import Words

ZONE = "Europe/Berlin"
_DEAL = ("opportunity_id", "owner_id", "account_id", "created_at", "outcome", "closed_at", "amount", "currency")
_PERSON = ("person_id", "name", "role", "hired_on")
_ACTIVITY = ("activity_id", "person_id", "kind", "occurred_at", "count", "opportunity_id")
_CHANGE = ("opportunity_id", "stage", "entered_at")


@dataclass(frozen=True)
class EdgeCase:
    """One case.

    Args:
        name: what it is about.
        tables: its rows.
        wanted: (person, metric) -> value, or the code of the reason why there is none.
        working: the sum in words.
    """

    name: Words
    tables: Mapping[str, Table]
    wanted: Mapping[tuple[str, str], float | str]
    working: Words


def _people(*names: str) -> Table:
    return _PERSON, tuple((f"x_{name.lower()}", name, "rep", "2020-01-01") for name in names)


EDGE_CASES: tuple[EdgeCase, ...] = (
    EdgeCase(
        _("Missing values"),
        {
            "people": _people("Nora"),
            "opportunities": (
                _DEAL,
                tuple(
                    (f"N{i}", "x_nora", None, "2026-01-07", "won", "2026-02-03", None if i == 5 else 100, "EUR")
                    for i in range(1, 6)
                ),
            ),
        },
        {("x_nora", "revenue"): 400.0, ("x_nora", "deals_won"): 5.0, ("x_nora", "average_deal_size"): 100.0},
        _(
            "N1 to N4 have 100 each: 400, on average 100. N5 was won for an unknown amount: it counts as a deal won, not as 0. More than one in five unknown, and the sum would not be told."
        ),
    ),
    EdgeCase(
        _("The same row twice"),
        {
            "people": _people("Dora"),
            "opportunities": (
                _DEAL,
                (("DD1", "x_dora", None, "2026-01-07", "won", "2026-02-03", 50, "EUR"),) * 2,
            ),
        },
        {("x_dora", "revenue"): 50.0, ("x_dora", "deals_won"): 1.0},
        _("DD1 came twice, as after a job that ran twice. One row per key counts: 50."),
    ),
    EdgeCase(
        _("One deal, many rows beside it (fan-out)"),
        {
            "people": _people("Fanny"),
            "accounts": (("account_id", "owner_id", "started_on"), (("XA1", "x_fanny", "2025-01-01"),)),
            "opportunities": (_DEAL, (("F1", "x_fanny", "XA1", "2026-01-07", "won", "2026-02-03", 70, "EUR"),)),
            "stage_changes": (
                _CHANGE,
                (
                    ("F1", "qualified", "2026-01-08"),
                    ("F1", "proposal", "2026-01-12"),
                    ("F1", "qualified", "2026-01-15"),
                    ("F1", "proposal", "2026-01-20"),
                ),
            ),
            "activities": (
                _ACTIVITY,
                (
                    ("FK1", "x_fanny", "call", "2026-01-09T09:00", 1, "F1"),
                    ("FK2", "x_fanny", "call", "2026-01-13T09:00", 1, "F1"),
                    ("FK3", "x_fanny", "email", "2026-01-14T09:00", None, "F1"),
                ),
            ),
        },
        {("x_fanny", "revenue"): 70.0, ("x_fanny", "deals_won"): 1.0, ("x_fanny", "expansion_revenue"): 70.0},
        _("F1 has four stage changes and three activities and is still one deal: 70."),
    ),
    EdgeCase(
        _("Time zone"),
        {
            "people": _people("Tina"),
            "opportunities": (
                _DEAL,
                (
                    ("T1", "x_tina", None, "2025-12-01", "won", "2025-12-31T23:30", 60, "EUR"),
                    ("T2", "x_tina", None, "2026-01-07", "won", "2026-03-31T22:30", 7, "EUR"),
                    ("T3", "x_tina", None, "2026-01-07", "won", "2026-03-31", 5, "EUR"),
                ),
            ),
        },
        {("x_tina", "revenue"): 65.0, ("x_tina", "deals_won"): 2.0},
        _(
            "T1 closed at 00:30 on 1 January in Berlin: it counts. T2 closed at 00:30 on 1 April there (summer time since 29 March): it does not. T3 has a day without an hour, which no time zone moves: 60 + 5."
        ),
    ),
    EdgeCase(
        _("Another currency"),
        {
            "people": _people("Curt"),
            "opportunities": (
                _DEAL,
                (
                    ("C1", "x_curt", None, "2026-01-07", "won", "2026-02-03", 90, "eur"),
                    ("C2", "x_curt", None, "2026-01-07", "won", "2026-02-04", 80, "USD"),
                    ("C3", "x_curt", None, "2026-01-07", "won", "2026-02-05", 70, None),
                ),
            ),
        },
        {("x_curt", "revenue"): "foreign_currency", ("x_curt", "deals_won"): 3.0},
        _(
            "Euros and dollars are not added up: revenue is not evaluable. Three deals were won. C3 names no currency and is read as euros."
        ),
    ),
    EdgeCase(
        _("Owner changed"),
        {
            "people": _people("Otto", "Olga"),
            "opportunities": (
                _DEAL,
                (
                    ("O1", "x_olga", None, "2026-01-07", "won", "2026-02-03", 40, "EUR"),
                    ("O2", "x_otto", None, "2026-01-07", "won", "2026-02-03", 30, "EUR"),
                ),
            ),
            "activities": (_ACTIVITY, (("OK1", "x_otto", "call", "2026-01-09T09:00", 1, "O1"),)),
        },
        {("x_olga", "revenue"): 40.0, ("x_otto", "revenue"): 30.0},
        _(
            "Otto began O1 and made the call; Olga owned it when it closed. The deal counts for Olga, whom the CRM names as its owner; the call for Otto, who made it."
        ),
    ),
    EdgeCase(
        _("Deal reopened"),
        {
            "people": _people("Rita"),
            "opportunities": (
                _DEAL,
                (
                    ("R1", "x_rita", None, "2026-01-07", "open", "2026-02-03", 80, "EUR"),
                    ("R2", "x_rita", None, "2026-01-07", "won", "2026-03-03", 20, "EUR"),
                ),
            ),
            "stage_changes": (
                _CHANGE,
                (("R1", "proposal", "2026-01-12"), ("R1", "lost", "2026-02-03"), ("R1", "proposal", "2026-02-20")),
            ),
        },
        {("x_rita", "pipeline_value"): 80.0, ("x_rita", "deals_won"): 1.0, ("x_rita", "revenue"): 20.0},
        _(
            "R1 was lost on 3 February and opened again; the CRM kept the old closing day. It is open: 80 in the pipeline, and neither won nor lost."
        ),
    ),
    EdgeCase(
        _("Absence"),
        {
            "people": _people("Abel"),
            "absences": (
                ("person_id", "start_on", "end_on"),
                (("x_abel", "2026-01-01", "2026-02-14"), ("x_abel", "2026-02-09", "2026-02-14")),
            ),
            "activities": (_ACTIVITY, (("XK1", "x_abel", "call", "2026-02-16T09:00", 32, None),)),
        },
        {("x_abel", "calls"): 5.0},
        _(
            "On leave from 1 January to 13 February, the last week entered twice: 32 of 64 workdays at work are 6.4 weeks. 32 calls ÷ 6.4."
        ),
    ),
)
