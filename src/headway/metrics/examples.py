"""One small company that a person can add up by hand: the reference's tables, and the tests of every metric.

Period: the first quarter of 2026; as-of day: 31 March 2026. The rows hold what goes wrong in real exports: missing
values, a deal without an owner, a deal that entered a stage twice, a meeting nobody came to, leave.
"""

# ruff: noqa: E501 (a sum stands on one line)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from headway.metrics.spec import Words

AS_OF = date(2026, 3, 31)
CURRENCY = "EUR"
LADDER = ("lead", "qualified", "proposal", "won")
Cell = str | int | float | None
Table = tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]


@dataclass(frozen=True)
class Example:
    """One metric worked out by hand for Ana: the value (None = not evaluable) and the sum in words."""

    metric: str
    value: float
    working: Words


TABLES: Mapping[str, Table] = {
    "people": (
        ("person_id", "name", "role", "hired_on"),
        (
            ("ana", "Ana Lima", "rep", "2020-01-01"),
            ("ben", "Ben Okoro", "rep", "2020-01-01"),
            ("cem", "Cem Kaya", "rep", None),
        ),
    ),
    "absences": (
        ("person_id", "start_on", "end_on", "kind"),
        # Overlapping on purpose: the days from 9 to 13 February must not be taken off twice.
        (("ana", "2026-02-02", "2026-02-14", "leave"), ("ana", "2026-02-09", "2026-02-14", "sick")),
    ),
    "quotas": (
        ("person_id", "metric", "period_start", "period_end", "target", "currency"),
        (
            ("ana", "revenue", "2026-01-01", "2027-01-01", 3650.0, "EUR"),
            ("ana", "meetings", "2026-01-01", "2026-04-01", 50.0, None),
        ),
    ),
    "accounts": (
        ("account_id", "owner_id", "started_on", "churned_on"),
        (
            ("A1", "ana", "2024-05-01", None),
            ("A2", "ana", "2024-06-01", "2026-02-10"),
            ("A3", "ana", None, None),
            ("A4", "ana", "2025-01-01", "2025-11-30"),
            ("A5", "ana", "2026-02-01", "2026-03-15"),
            ("A6", "ana", "2025-03-01", None),
            ("A7", "ana", "2025-12-31", "2026-04-02"),
            ("A8", "ben", "2025-01-01", None),
        ),
    ),
    "opportunities": (
        (
            "opportunity_id",
            "owner_id",
            "account_id",
            "created_at",
            "outcome",
            "closed_at",
            "amount",
            "currency",
            "expected_close_on",
            "next_step",
        ),
        (
            ("D0", "ana", None, "2025-10-01", "won", "2025-12-31", 999, "EUR", None, None),
            ("D1", "ana", "A1", "2025-12-01", "won", "2026-01-01", 100, "EUR", None, None),
            ("D2", "ana", "A9", "2025-12-10", "won", "2026-02-15", 300, None, None, None),
            ("D3", "ana", "A5", "2026-01-10", "won", "2026-03-31", 200, "EUR", None, None),
            ("D4", "ana", None, "2026-01-11", "won", "2026-03-01", 120, "EUR", None, None),
            ("D5", "ana", None, "2026-01-05", "won", "2026-03-02", None, "EUR", None, None),
            ("D6", "ana", None, "2026-01-05", "lost", "2026-02-01", 80, "EUR", None, None),
            ("D7", "ana", None, "2026-01-20", "lost", "2026-02-20", None, "EUR", None, None),
            ("D8", "ana", "A1", "2026-03-10", "open", None, 50, "EUR", "2026-05-01", "Call back"),
            ("D9", "ana", None, "2026-01-15", "open", None, 70, "EUR", "2026-03-30", " "),
            ("D10", "ana", None, "2025-12-20", "open", None, 60, "EUR", "2026-03-31", "Send offer"),
            ("D11", "ana", None, "2026-02-10", "open", None, 40, "EUR", None, None),
            ("D12", "ana", None, "2026-03-31", "open", None, 30, "EUR", "2026-06-30", "Demo"),
            ("D13", None, None, "2026-01-01", "won", "2026-02-02", 500, "EUR", None, None),
            ("D14", "ben", None, "2026-01-01", "won", "2026-02-02", 700, "EUR", None, None),
            ("E1", "ana", None, "2025-10-01", "won", "2025-12-20", 10, "EUR", None, None),
            ("E2", "ana", None, "2025-10-15", "lost", "2025-12-01", 10, "EUR", None, None),
            ("E3", "ana", None, "2025-12-01", "lost", "2025-12-30", 10, "EUR", None, None),
            ("E4", "ana", None, "2025-12-15", "lost", "2025-12-31", 10, "EUR", None, None),
            ("E5", "ana", None, "2025-12-01", "lost", "2025-12-29", 10, "EUR", None, None),
        ),
    ),
    "stage_changes": (
        ("opportunity_id", "stage", "entered_at"),
        (
            ("D1", "qualified", "2025-12-01"),
            ("D1", "proposal", "2025-12-20"),
            ("D1", "won", "2026-01-01"),
            ("D2", "qualified", "2025-12-10"),
            ("D2", "proposal", "2026-02-12"),
            ("D3", "qualified", "2026-01-10"),
            ("D3", "proposal", "2026-02-01"),
            ("D3", "qualified", "2026-02-05"),
            ("D5", "qualified", "2026-01-05"),
            ("D6", "qualified", "2026-01-05"),
            ("D6", "proposal", "2026-01-20"),
            ("D7", "qualified", "2026-01-20"),
            ("D9", "qualified", "2026-01-15"),
            ("D9", "proposal", "2026-03-20"),
            ("D9", "proposal", "2026-03-20T15:00"),
            ("D10", "qualified", "2025-12-20"),
            ("D10", "proposal", "2025-12-22"),
            ("E1", "proposal", "2025-10-10"),
            ("E2", "proposal", "2025-11-01"),
            ("E3", "proposal", "2025-12-05"),
            ("E4", "proposal", "2025-12-31"),
            ("E5", "proposal", "2025-12-15"),
        ),
    ),
    "leads": (
        ("lead_id", "owner_id", "created_at", "source", "qualified_at"),
        (
            ("L1", "ana", "2025-12-02", "web", "2026-01-01"),
            ("L2", "ana", "2025-12-03", "web", "2026-01-03"),
            ("L3", "ana", "2025-12-20", "self", None),
            ("L4", "ana", "2026-01-01", "self", "2026-01-15"),
            ("L5", "ana", "2026-01-05", None, "2026-01-06"),
            ("L6", "ana", "2026-01-05", "Self", None),
            ("L7", "ana", "2026-02-01", "fair", None),
            ("L8", "ana", "2026-02-02", "fair", "2026-02-20"),
            ("L9", "ana", "2026-02-20", "web", None),
            ("L10", "ana", "2026-02-25", "web", "2026-03-27"),
            ("L11", "ana", "2026-03-01", "web", "2026-03-02"),
            ("L12", "ana", "2026-03-10", "web", "2026-03-11"),
            ("L13", None, "2026-02-01", "web", "2026-02-02"),
            ("L14", "ana", "2026-01-25", "web", None),
        ),
    ),
    "activities": (
        ("activity_id", "person_id", "kind", "occurred_at", "logged_at", "outcome", "count", "lead_id"),
        (
            ("K1", "ana", "call", "2026-01-05T09:00", "2026-01-05T10:00", None, 30, "L5"),
            ("K2", "ana", "call", "2026-01-20T09:00", "2026-01-22T10:00", None, 10, "L4"),
            ("K3", "ana", "call", "2026-03-31T23:30", "2026-03-31T23:40", "no_answer", None, None),
            ("K4", "ana", "email", "2026-02-20T09:00", None, None, 22, "L9"),
            ("K5", "ana", "meeting", "2026-02-16T09:00", "2026-02-17T09:00", "held", None, None),
            ("K6", "ana", "meeting", "2026-02-17T09:00", "2026-02-17T10:00", "no_show", None, None),
            ("K7", "ana", "meeting", "2026-02-18T09:00", "2026-02-20T10:00", None, 2, None),
            ("K8", "ana", "demo", "2026-03-02T09:00", "2026-03-02T12:00", "held", None, "L11"),
            ("K9", "ana", "social", "2026-03-03T09:00", None, None, 11, "L7"),
            ("K10", "ana", "call", "2025-12-31T09:00", "2025-12-31T09:30", None, 9, None),
            ("K11", "ben", "call", "2026-01-05T09:00", "2026-01-05T09:30", None, 5, None),
        ),
    ),
}

WEEKS = 10.8  # 64 workdays from 1 January to 31 March 2026, less 10 on leave, are 54 days of 5 a week

EXAMPLES: tuple[Example, ...] = (
    Example(
        "revenue",
        720.0,
        _(
            "D1 100 + D2 300 + D3 200 + D4 120 = 720. D0 closed the day before; D5 has no amount and is named; D13 has no owner; D14 is Ben's."
        ),
    ),
    Example("deals_won", 5.0, _("D1, D2, D3, D4, D5.")),
    Example(
        "quota_attainment",
        0.8,
        _(
            "Revenue 720 ÷ quota 3,650 × 90 days ÷ 365 days = 720 ÷ 900. The quota of meetings is not a quota of revenue."
        ),
    ),
    Example("average_deal_size", 180.0, _("720 ÷ 4 deals with an amount.")),
    Example("win_rate", 5 / 7, _("Won: D1, D2, D3, D4, D5. Lost: D6, D7. 5 ÷ 7.")),
    Example(
        "sales_cycle",
        56.0,
        _(
            "Days from opening to closing of the 18 deals opened in the year up to 31 March (+ = still open): 0+, 16, 21+, 27, 28, 29, 31, 31, 47, 49, 49+, 56, 67, 75+, 80, 80, 91, 101+. Undecided after day 49: 16/17 × 14/15 × 13/14 × 12/13 × 10/12 × 9/10 × 8/9 = 50.2%. After day 56: × 6/7 = 43.0%, for the first time half or less."
        ),
    ),
    Example(
        "account_retention",
        0.8,
        _(
            "Customers on 1 January: A1, A2, A3 (since unknown days), A6, A7. A4 had left, A5 came later. A2 left: 4 ÷ 5."
        ),
    ),
    Example(
        "expansion_revenue",
        300.0,
        _(
            "D1 100 (A1 customer since 2024) + D3 200 (A5 customer since February). The account of D2 is not known as a customer."
        ),
    ),
    Example(
        "leads_received",
        10 / WEEKS,
        _("L4 to L12 and L14 came in during the quarter; L13 has no owner. 10 ÷ 10.8 weeks at work."),
    ),
    Example(
        "own_leads_found",
        2 / WEEKS,
        _("L4 and L6 (“Self” is read as self) came in during the quarter: 2 ÷ 10.8 weeks at work."),
    ),
    Example(
        "lead_to_qualified",
        0.5,
        _(
            "The 30th day of L1 to L11 and L14 falls in the quarter. Qualified by then: L1 (on the day), L4, L5, L8, L10 (on the day), L11. L2 took 31 days. 6 ÷ 12."
        ),
    ),
    Example(
        "qualified_to_proposal",
        5 / 8,
        _(
            "Day 60 falls in the quarter for D1, D2, D3, D5, D6, D7, D9, D10. Further by then: D1, D3 (its second entry does not count again), D5 (won without a proposal), D6, D10. D2 and D9 took 64 days. 5 ÷ 8."
        ),
    ),
    Example(
        "proposal_to_won",
        2 / 7,
        _("Day 90 falls in the quarter for D1, D10, E1, E2, E3, E4, E5. Won by then: D1, E1. 2 ÷ 7."),
    ),
    Example(
        "time_in_qualified",
        22.0,
        _(
            "Days in Qualified: D10 2, D6 15, D1 19, D3 22, D7 31 (to its closing), D5 56 (to its closing), D2 64, D9 64. After day 22 four of eight have left."
        ),
    ),
    Example(
        "time_in_proposal",
        14.0,
        _(
            "Days in Proposal (+ = still there): E4 0, D2 3, D3 4 (back to Qualified), D9 11+, D1 12, D6 12, E5 14, E3 25, E2 30, E1 71, D10 99+. Still there after day 12: 10/11 × 9/10 × 8/9 × 5/7 = 51.9%. After day 14: × 4/5 = 41.6%, for the first time half or less."
        ),
    ),
    Example("calls", 41 / WEEKS, _("30 + 10 + 1 (K3: an empty count is 1) = 41 ÷ 10.8 weeks at work.")),
    Example("emails", 22 / WEEKS, _("22 ÷ 10.8 weeks at work.")),
    Example("social_touches", 11 / WEEKS, _("11 ÷ 10.8 weeks at work.")),
    Example("meetings", 3 / WEEKS, _("K5 1 + K7 2; to K6 nobody came. 3 ÷ 10.8 weeks at work.")),
    Example("meetings_booked", 5 / WEEKS, _("K5 1 + K6 1 + K7 2 + K8 1 = 5 ÷ 10.8 weeks at work.")),
    Example("demos", 1 / WEEKS, _("K8. 1 ÷ 10.8 weeks at work.")),
    Example("activities", 79 / WEEKS, _("30 + 10 + 1 + 22 + 1 + 1 + 2 + 1 + 11 = 79 ÷ 10.8 weeks at work.")),
    Example("call_to_meeting", 4 / 41, _("Meetings held 3 + demos held 1 = 4 ÷ 41 calls.")),
    Example(
        "follow_ups_on_time",
        0.3,
        _(
            "The second day of L4 to L12 and L14 falls in the quarter. In touch by then: L5 (K1, the same day), L9 (K4, the same day), L11 (K8, the day after). L4 and L7 were called too late. 3 ÷ 10."
        ),
    ),
    Example("new_opportunities", 9 / WEEKS, _("D3, D4, D5, D6, D7, D8, D9, D11, D12. 9 ÷ 10.8 weeks at work.")),
    Example("pipeline_value", 250.0, _("D8 50 + D9 70 + D10 60 + D11 40 + D12 30.")),
    Example("pipeline_coverage", 250 / 900, _("Pipeline value 250 ÷ quota of the quarter 900.")),
    Example(
        "stagnant_share",
        0.4,
        _(
            "Last moves: D8 10 March, D9 20 March, D10 22 December, D11 10 February, D12 31 March. D10 and D11 have rested 28 days or more: 2 ÷ 5."
        ),
    ),
    Example(
        "unqualified_share",
        0.6,
        _("Open: D8 to D12. D9 and D10 entered Qualified; D8, D11 and D12 have no history. 3 ÷ 5."),
    ),
    Example(
        "slipped_close_dates",
        0.25,
        _("D8, D9, D10 and D12 have a day; that of D9 has passed, that of D10 is today. 1 ÷ 4."),
    ),
    Example("next_step_present", 0.6, _("D8, D10, D12. The next step of D9 is a blank. 3 ÷ 5.")),
    Example("close_date_ahead", 0.6, _("D8 and D12 lie ahead, D10 is today; D9 has passed and D11 has none. 3 ÷ 5.")),
    Example(
        "logged_within_24h",
        34 / 46,
        _(
            "With a logging time: K1 30, K2 10, K3 1, K5 1, K6 1, K7 2, K8 1 = 46. In time: K1 30, K3 1, K5 1 (to the minute), K6 1, K8 1 = 34."
        ),
    ),
)
