"""What each source probably means. A proposal, shown and corrected by a person."""

from __future__ import annotations

from collections.abc import Mapping as Readonly
from collections.abc import Sequence
from dataclasses import dataclass

from headway.facts.mapping import Mapping, Rule, SourceMapping, Target, fingerprint
from headway.facts.notices import Notice
from headway.facts.questions import Question
from headway.facts.readers import Source
from headway.facts.tables import TABLES
from headway.facts.workspace import Workspace


@dataclass(frozen=True)
class Proposal:
    """The mapping of a load, with what is still open about it."""

    mapping: Mapping
    questions: tuple[Question, ...]
    notices: tuple[Notice, ...]


def propose(
    sources: Sequence[Source],
    workspace: Workspace,
    *,
    given: Readonly[str, SourceMapping],
    saved: Readonly[str, SourceMapping],
    answers: Readonly[str, str],
) -> Proposal:
    """What each source means."""
    made = []
    for source in sources:
        best = max(TABLES, key=lambda t: (sum(c in source.headers for c in t.names), t.name == source.path.stem))
        rules = tuple(Rule(c, (c,), reason="the same name") for c in best.names if c in source.headers)
        aside = tuple(h for h in source.headers if h not in best.names)
        made.append(SourceMapping(source.name, fingerprint(source.headers), (Target(best.name, rules),), aside=aside))
    return Proposal(Mapping(tuple(made)), (), ())
