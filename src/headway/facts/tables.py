"""The canonical tables: the one shape into which every export is brought.

Everything else in this room is generated from what stands here: the empty views, the typed reading,
the checks, the reference in the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, and with it its type in the store."""

    ID = "id"
    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    COUNT = "count"
    DATE = "date"
    INSTANT = "instant"
    CURRENCY = "currency"

    @property
    def sql(self) -> str:
        """The column's type in DuckDB. Instants are naive UTC."""
        return {Kind.NUMBER: "DOUBLE", Kind.COUNT: "BIGINT", Kind.DATE: "DATE", Kind.INSTANT: "TIMESTAMP"}.get(
            self, "VARCHAR"
        )

    @property
    def is_time(self) -> bool:
        """True for days and instants."""
        return self in (Kind.DATE, Kind.INSTANT)


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    Args:
        name: as in the file format.
        kind: what it holds.
        required: a row without it is rejected (with the reason), it would say nothing.
        references: the table whose key it names.
        owner: it says whose row this is; a row of somebody unknown is rejected.
        not_before: another column of the row that must not be later.
        past_only: it happened, so it cannot lie after today.
        at_least, at_most: bounds of a number; outside it is not read.
        choices: allowed codes; others are not read.
        default: taken where the cell is empty.
        words: meaning, for the reference.
    """

    name: str
    kind: Kind
    required: bool = False
    references: str | None = None
    owner: bool = False
    not_before: str | None = None
    past_only: bool = False
    at_least: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()
    default: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Table:
    """One canonical table: its columns in order and which of them name a row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    words: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def repeating(self) -> tuple[str, ...]:
        """The columns whose cells repeat each other: not the key, instants and numbers."""
        return tuple(
            c.name for c in self.columns if self.key != (c.name,) and c.kind not in (Kind.INSTANT, Kind.NUMBER)
        )

    @property
    def owner(self) -> Column | None:
        """The column that says whose row this is."""
        return next((c for c in self.columns if c.owner), None)


_ID, _TEXT, _CODE, _NUMBER, _DATE, _INSTANT = (
    Kind.ID,
    Kind.TEXT,
    Kind.CODE,
    Kind.NUMBER,
    Kind.DATE,
    Kind.INSTANT,
)


def _person() -> Column:
    return Column("person_id", _ID, required=True, references="people", owner=True, words="whose row this is")


_SPAN = (
    Column("valid_from", _DATE, words="first day"),
    Column("valid_to", _DATE, not_before="valid_from", words="first day no longer; empty = still"),
)
_PLACE = (
    Column("manager_id", _ID, references="people", words="the manager"),
    Column("team", _TEXT, words="team"),
    Column("segment", _TEXT, words="market segment"),
    Column("territory_id", _ID, references="territories", words="territory"),
)
_CURRENCY = Column("currency", Kind.CURRENCY, words="ISO 4217 code")

TABLES: tuple[Table, ...] = (
    Table(
        "people",
        ("person_id",),
        (
            Column("person_id", _ID, required=True, words="the company's own id"),
            Column("name", _TEXT, words="full name"),
            Column("email", _TEXT, words="e-mail address"),
            Column(
                "role",
                _CODE,
                choices=("rep", "manager", "leader", "hr", "revops"),
                default="rep",
                words="what the person is",
            ),
            *_PLACE,
            Column("hired_on", _DATE, words="first day of work"),
            Column("left_on", _DATE, not_before="hired_on", words="last day of work; empty = works here"),
        ),
        "Everybody the facts speak of.",
    ),
    Table(
        "assignments",
        ("person_id", "valid_from"),
        (_person(), *_SPAN, *_PLACE),
        "Who worked where and for whom, over time; wins over `people`.",
    ),
    Table(
        "territories",
        ("territory_id", "valid_from"),
        (
            Column("territory_id", _ID, required=True, words="the company's own id"),
            Column("name", _TEXT, words="name"),
            Column("potential", _NUMBER, at_least=0, words="what it is worth; 1.0 = average"),
            *_SPAN,
        ),
        "Territories and what they are worth, over time.",
    ),
    Table(
        "quotas",
        ("person_id", "metric", "period_start", "period_end"),
        (
            _person(),
            Column("metric", _CODE, default="revenue", words="what is counted"),
            Column("period_start", _DATE, required=True, words="first day"),
            Column("period_end", _DATE, required=True, not_before="period_start", words="first day no longer"),
            Column("target", _NUMBER, required=True, at_least=0, words="what is to be reached"),
            _CURRENCY,
        ),
        "Targets per person and period.",
    ),
    Table(
        "activities",
        ("activity_id",),
        (
            Column("activity_id", _ID, required=True, words="id"),
            _person(),
            Column(
                "kind",
                _CODE,
                choices=("call", "email", "social", "meeting", "demo", "other"),
                default="other",
                words="what was done",
            ),
            Column("occurred_at", _INSTANT, required=True, past_only=True, words="when it happened"),
            Column("logged_at", _INSTANT, past_only=True, words="when it was written down"),
            Column("outcome", _CODE, words="how it went"),
            Column("count", Kind.COUNT, at_least=0, default="1", words="how many the row stands for"),
            Column("lead_id", _ID, references="leads", words="lead it belongs to"),
            Column("opportunity_id", _ID, references="opportunities", words="deal it belongs to"),
            Column("account_id", _ID, references="accounts", words="account it belongs to"),
        ),
        "Calls, mails, meetings, demos.",
    ),
    Table(
        "leads",
        ("lead_id",),
        (
            Column("lead_id", _ID, required=True, words="id"),
            Column("owner_id", _ID, references="people", owner=True, words="who works it; empty = nobody yet"),
            Column("created_at", _INSTANT, past_only=True, words="when it came in"),
            Column("source", _TEXT, words="where from; `self` = found by the rep"),
            Column("score", _NUMBER, words="the company's own score"),
            Column("qualified_at", _INSTANT, past_only=True, not_before="created_at", words="when it qualified"),
            Column("disqualified_at", _INSTANT, past_only=True, not_before="created_at", words="when it was given up"),
            Column("disqualified_reason", _TEXT, words="why"),
            Column("opportunity_id", _ID, references="opportunities", words="the deal it became"),
        ),
        "Leads as they came in.",
    ),
    Table(
        "opportunities",
        ("opportunity_id",),
        (
            Column("opportunity_id", _ID, required=True, words="id"),
            Column("owner_id", _ID, references="people", owner=True, words="who works it"),
            Column("account_id", _ID, references="accounts", words="account"),
            Column("lead_id", _ID, references="leads", words="lead it came from"),
            Column("created_at", _INSTANT, past_only=True, words="when it was opened"),
            Column("stage", _CODE, words="stage on the ladder, or won, lost"),
            Column("outcome", _CODE, choices=("open", "won", "lost"), words="open, won or lost"),
            Column("closed_at", _INSTANT, past_only=True, not_before="created_at", words="when it was won or lost"),
            Column("amount", _NUMBER, at_least=0, words="value in `currency`"),
            _CURRENCY,
            Column("source", _TEXT, words="where from"),
            Column("product", _TEXT, words="product"),
            Column("list_price", _NUMBER, at_least=0, words="price before discount"),
            Column("expected_close_on", _DATE, words="when it should close"),
            Column("next_step", _TEXT, words="what comes next"),
            Column("lost_reason", _TEXT, words="why it was lost"),
        ),
        "Deals in their present state.",
    ),
    Table(
        "stage_changes",
        ("opportunity_id", "stage", "entered_at"),
        (
            Column("opportunity_id", _ID, required=True, references="opportunities", words="the deal"),
            Column("stage", _CODE, required=True, words="the stage it entered"),
            Column("entered_at", _INSTANT, required=True, past_only=True, words="when"),
        ),
        "When a deal entered which stage.",
    ),
    Table(
        "accounts",
        ("account_id",),
        (
            Column("account_id", _ID, required=True, words="id"),
            Column("name", _TEXT, words="name"),
            Column("owner_id", _ID, references="people", words="who looks after it"),
            Column("segment", _TEXT, words="market segment"),
            Column("started_on", _DATE, words="customer since"),
            Column("churned_on", _DATE, not_before="started_on", past_only=True, words="customer until"),
            Column("annual_value", _NUMBER, at_least=0, words="worth a year in `currency`"),
            _CURRENCY,
        ),
        "Customers, and whether they stayed.",
    ),
    Table(
        "trainings",
        ("person_id", "module", "completed_on"),
        (
            _person(),
            Column("module", _TEXT, required=True, words="what was learned"),
            Column("completed_on", _DATE, past_only=True, words="when"),
            Column("score", _NUMBER, at_least=0, at_most=100, words="result, 0 to 100"),
        ),
        "Trainings and their results.",
    ),
    Table(
        "feedback",
        ("feedback_id",),
        (
            Column("feedback_id", _ID, required=True, words="id"),
            _person(),
            Column("from_role", _CODE, choices=("customer", "peer", "manager", "self"), words="who gave it"),
            Column("given_on", _DATE, past_only=True, words="when"),
            Column("kind", _CODE, words="occasion or competency"),
            Column("score", _NUMBER, words="score"),
            Column("text", _TEXT, words="the words"),
        ),
        "What customers, peers and managers said.",
    ),
    Table(
        "absences",
        ("person_id", "start_on", "end_on"),
        (
            _person(),
            Column("start_on", _DATE, required=True, words="first day away"),
            Column("end_on", _DATE, not_before="start_on", words="first day back"),
            Column("kind", _CODE, default="leave", words="time that must not count against anybody"),
        ),
        "Leave: time that must not count against anybody.",
    ),
    Table(
        "groups",
        ("person_id", "attribute"),
        (
            _person(),
            Column("attribute", _CODE, required=True, words="which attribute"),
            Column("value", _TEXT, words="its value"),
        ),
        "For adverse-impact tests only; readable by HR alone.",
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}

# One of these must be there before anything can be measured.
FACT_TABLES = ("leads", "opportunities", "activities")

# Days on which something happened: they decide from when to when the facts reach.
EVENT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("activities", "occurred_at"),
    ("activities", "logged_at"),
    ("leads", "created_at"),
    ("leads", "qualified_at"),
    ("leads", "disqualified_at"),
    ("opportunities", "created_at"),
    ("opportunities", "closed_at"),
    ("stage_changes", "entered_at"),
    ("accounts", "churned_on"),
    ("trainings", "completed_on"),
    ("feedback", "given_on"),
)
