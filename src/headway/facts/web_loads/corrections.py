"""What a person changed on the review page, against what was proposed."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict

from headway.core import company
from headway.facts.mapping import Mapping, SourceMapping, mapping_from_json
from headway.facts.models import Load
from headway.facts.tables import BY_NAME
from headway.facts.web_loads.review import Corrections, QuestionView, Review, SourceView

ASIDE = ""
# A stage that keeps the source's own name and is no step of the ladder.
OWN_NAME = ""


def column_field(source: int, column: int) -> str:
    """Name of the form's field for a column."""
    return f"c-{source}-{column}"


def stage_field(source: int, stage: int) -> str:
    """Name of the form's field for a stage."""
    return f"s-{source}-{stage}"


def question_field(number: int) -> str:
    """Name of the form's field for a question."""
    return f"q-{number}"


def corrections_of(post: QueryDict, *, load: Load, review: Review) -> Corrections:
    """What differs from the proposal. Fields that are not there say nothing; unknown values are passed over."""
    before = mapping_from_json(load.mapping) if load.mapping else Mapping()
    after = before
    for i, source in enumerate(review.sources):
        after = _columns(post, i, source, after)
        after = _stages(post, i, source, after)
    answers = {q.key: said for n, q in enumerate(review.questions) if (said := _answer(post, n, q)) is not None}
    mode = post.get("mode", "")
    return Corrections(
        mapping=after.as_json() if after != before else {},
        answers=answers,
        mode=mode if mode in ("add", "replace") and mode != review.mode else "",
    )


def _columns(post: QueryDict, number: int, source: SourceView, mapping: Mapping) -> Mapping:
    for j, column in enumerate(source.columns):
        said = post.get(column_field(number, j))
        if said is None or said == column.value:
            continue
        if said == ASIDE:
            mapping = mapping.with_rule(source.name, column.table, column.column, None)
            continue
        table, _dot, name = said.partition(".")
        if table in BY_NAME and BY_NAME[table].column(name) is not None:
            mapping = mapping.with_rule(source.name, table, name, column.header)
    return mapping


def _stages(post: QueryDict, number: int, source: SourceView, mapping: Mapping) -> Mapping:
    known = {*company.current().ladder, "lost", OWN_NAME}
    changed: dict[str, str] = {}
    for k, stage in enumerate(source.stages):
        said = post.get(stage_field(number, k))
        if said is not None and said != stage.means and said in known:
            changed[stage.written.lower()] = said
    if not changed:
        return mapping
    return Mapping(tuple(_with_stages(s, changed) if s.source == source.name else s for s in mapping.sources))


def _with_stages(source: SourceMapping, changed: dict[str, str]) -> SourceMapping:
    return replace(source, stages={**source.stages, **changed})


def _answer(post: QueryDict, number: int, question: QuestionView) -> str | None:
    said = post.get(question_field(number))
    if said is None or said not in {value for value, _words in question.options}:
        return None
    if question.answered and said == question.chosen:
        return None
    # An open question whose proposal is sent back unchanged is answered only where the person was asked to choose.
    if not question.answered and not question.must and said == question.chosen:
        return None
    return said
