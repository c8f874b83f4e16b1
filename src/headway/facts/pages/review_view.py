"""The review of a load in words: its title, its tables, its choices."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import company
from headway.facts.models import Load
from headway.facts.pages.words import listed, number, table_words
from headway.facts.tables import BY_NAME
from headway.facts.web_loads.corrections import OWN_NAME, column_field, question_field, stage_field
from headway.facts.web_loads.review import ColumnView, QuestionView, Review, SourceView

# The files that matter most come first.
_FIRST = ("opportunities", "people", "leads", "activities", "quotas", "stage_changes", "accounts")
Options = list[tuple[str, str]]
_SURE = {
    "sure": "sure",
    "likely": "likely",
    "please check": "check",
    "kept aside": "aside",
    "said by a person": "person",
}
UNSAID = "?"
# More columns that are kept aside than this are folded away: the eye is for those that count.
MOST_ASIDE = 2


@dataclass(frozen=True)
class ColumnRow:
    """One row of the mapping table."""

    header: str
    example: str
    field: str
    options: Options
    value: str
    sure: str
    note: str


@dataclass(frozen=True)
class StageRow:
    """One stage and the ladder's stage it is taken for."""

    written: str
    field: str
    options: Options
    value: str


@dataclass(frozen=True)
class SourceCard:
    """One file on the page."""

    key: str
    name: str
    means: str
    used: bool
    rows: int
    columns: tuple[ColumnRow, ...]
    aside: tuple[ColumnRow, ...]
    stages: tuple[StageRow, ...]
    notes: tuple[str, ...]
    doubtful: int
    order: int


@dataclass(frozen=True)
class QuestionRow:
    """One question on the page."""

    field: str
    text: str
    why: str
    options: Options
    value: str
    answered: bool
    must: bool


@dataclass(frozen=True)
class ReviewPage:
    """Everything the review says."""

    title: str
    lead: str
    button: str
    cards: tuple[SourceCard, ...]
    unused: tuple[SourceCard, ...]
    questions: tuple[QuestionRow, ...]
    tables: tuple[tuple[str, object], ...]
    files: str


def of(load: Load, review: Review) -> ReviewPage:
    """The page of a review."""
    cards = tuple(_card(i, s) for i, s in enumerate(review.sources))
    return ReviewPage(
        title=_title(review),
        lead=_lead(review),
        button=_button(review),
        cards=tuple(sorted((c for c in cards if c.used), key=lambda c: (c.doubtful == 0, c.order))),
        unused=tuple(c for c in cards if not c.used),
        questions=tuple(_question(n, q) for n, q in enumerate(review.questions)),
        tables=tuple((table_words(t.table), t) for t in review.tables),
        files=_files(load),
    )


def _files(load: Load) -> str:
    names = [str(f["name"]) for f in load.files]
    if len(names) > 3:
        more = len(names) - 2
        names = [*names[:2], ngettext("%(n)s more file", "%(n)s more files", more) % {"n": more}]
    return listed(names)


_COUNT_WORDS = (
    lambda: _("No"), lambda: _("One"), lambda: _("Two"), lambda: _("Three"), lambda: _("Four"),
    lambda: _("Five"), lambda: _("Six"), lambda: _("Seven"), lambda: _("Eight"), lambda: _("Nine"),
)  # fmt: skip


def _spelled(count: int) -> str:
    return _COUNT_WORDS[count]() if count < len(_COUNT_WORDS) else number(count)


def _title(review: Review) -> str:
    doubtful, asked = len(review.doubtful), len(review.open_questions)
    must = sum(1 for q in review.open_questions if q.must)
    if must:
        words = ngettext("%(n)s question needs your answer", "%(n)s questions need your answer", must)
        return words % {"n": _spelled(must)}
    if not review.changes:
        return _("Nothing in it is new")
    if doubtful:
        words = ngettext("%(n)s column needs your eye", "%(n)s columns need your eye", doubtful)
        return words % {"n": _spelled(doubtful)}
    if asked:
        words = ngettext("%(n)s question is worth your answer", "%(n)s questions are worth your answer", asked)
        return words % {"n": _spelled(asked)}
    if review.unread:
        words = ngettext(
            "Ready, but %(n)s row could not be read", "Ready, but %(n)s rows could not be read", review.unread
        )
        return words % {"n": number(review.unread)}
    if review.cells:
        words = ngettext(
            "Ready, but %(n)s cell could not be read", "Ready, but %(n)s cells could not be read", review.cells
        )
        return words % {"n": number(review.cells)}
    return _("Ready to load")


def _looks_like(source: SourceView) -> str:
    return listed([table_words(t).lower() for t in source.tables])


def _lead(review: Review) -> str:
    used = [s for s in review.sources if s.tables]
    columns = [c for s in used for c in s.columns]
    understood = sum(1 for c in columns if c.column and c.sure != "please check")
    aside = sum(1 for c in columns if not c.column)
    said = {"understood": _spelled(understood), "all": _spelled(len(columns)).lower(), "aside": _spelled(aside).lower()}
    if len(review.sources) == 1 and used:
        head = _("looks like %(tables)s.") % {"tables": _looks_like(used[0])} + " "
    else:
        head = _("belong together.") + " "
    if aside:
        words = ngettext(
            "%(understood)s of %(all)s columns are understood and %(aside)s is kept aside; "
            "your answers are remembered for next time.",
            "%(understood)s of %(all)s columns are understood and %(aside)s are kept aside; "
            "your answers are remembered for next time.",
            aside,
        )
    else:
        words = _("%(understood)s of %(all)s columns are understood; your answers are remembered for next time.")
    return head + words % said


def _button(review: Review) -> str:
    words = ngettext("Load %(n)s row", "Load %(n)s rows", review.to_load)
    return words % {"n": number(review.to_load)}


def done_title(review: Review) -> str:
    """What changed, in one line."""
    if not review.changes:
        return _("Nothing was different, so nothing changed")
    words = ngettext("%(n)s row is loaded", "%(n)s rows are loaded", review.to_load)
    return words % {"n": number(review.to_load)}


def _card(number_of: int, source: SourceView) -> SourceCard:
    options = _column_options(source)
    stages = _stage_options() if source.stages else []
    rows = tuple(_column(number_of, j, c, options) for j, c in enumerate(source.columns))
    aside = tuple(r for r in rows if r.sure == "aside")
    if len(aside) <= MOST_ASIDE:
        aside = ()
    return SourceCard(
        key=f"f{number_of}",
        name=source.name,
        means=_looks_like(source),
        used=bool(source.tables),
        rows=source.rows,
        columns=tuple(r for r in rows if r not in aside),
        aside=aside,
        stages=tuple(
            StageRow(s.written, stage_field(number_of, k), stages, s.means) for k, s in enumerate(source.stages)
        ),
        notes=tuple(n for n in (source.note, *source.notes) if n),
        doubtful=sum(1 for c in source.columns if c.sure == "please check"),
        order=min((_FIRST.index(t) if t in _FIRST else len(_FIRST) for t in source.tables), default=len(_FIRST)),
    )


def _column_options(source: SourceView) -> Options:
    """Canonical columns of the tables the file feeds; the table is named from the second one on."""
    made: Options = [("", _("leave out"))]
    for table in source.tables:
        for column in BY_NAME[table].columns:
            shown = column.name if table == source.tables[0] else f"{table}: {column.name}"
            made.append((f"{table}.{column.name}", shown))
    return made


def _column(source: int, number_of: int, column: ColumnView, options: Options) -> ColumnRow:
    known = {value for value, _words in options}
    shown = options if column.value in known else [*options, (column.value, column.value)]
    also = _("also %(columns)s") % {"columns": listed(list(column.also))} if column.also else ""
    return ColumnRow(
        header=column.header,
        example=" · ".join(column.examples) or _("empty in the first rows"),
        field=column_field(source, number_of),
        options=shown,
        value=column.value,
        sure=_SURE.get(column.sure, "aside"),
        note="; ".join(part for part in (column.reason, also) if part),
    )


def _stage_options() -> Options:
    ladder = [(stage, stage) for stage in company.current().ladder]
    return [*ladder, ("lost", _("lost")), (OWN_NAME, _("keep its own name"))]


def _question(number_of: int, question: QuestionView) -> QuestionRow:
    options = list(question.options)
    value = question.chosen
    if question.must and not question.answered:
        # Nothing is chosen beforehand: a date order that nobody looked at would be a guess.
        options, value = [(UNSAID, _("choose")), *options], UNSAID
    return QuestionRow(
        question_field(number_of), question.text, question.why, options, value, question.answered, question.must
    )
