"""What the sources of a load mean together: each one's tables, and how they complete each other."""

from __future__ import annotations

from collections.abc import Mapping as Readonly
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from headway.facts import relations
from headway.facts.deciding import decide_cells
from headway.facts.guess import Guess, Look, canonical_guess, guesses
from headway.facts.lookup_parts import Parts, parts
from headway.facts.mapping import Mapping, OutcomeRule, SourceMapping, Target, fingerprint
from headway.facts.notices import Notice
from headway.facts.questions import Question
from headway.facts.readers import Source
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
    """What each source means: as a person said now, else as remembered, else as guessed.

    Args:
        sources: as read.
        workspace: where their rows lie.
        given: mappings of this load by source name.
        saved: remembered mappings by source name; taken only where the files they look into are here too.
        answers: by question id.
    """
    looks = {s.name: Look(s, workspace) for s in sources}
    said = {**{n: m for n, m in saved.items() if _complete(m, looks)}, **given}
    # Those already said are guessed as well: what the others mean may depend on them.
    guessed = _guess(looks, parts(looks))
    made: list[SourceMapping] = []
    for source in sources:
        mapped = said.get(source.name) or guessed[source.name]
        made.append(_aside(replace(mapped, fingerprint=fingerprint(source.headers)), source))
    decided, questions, notices = decide_cells(made, looks, answers)
    return Proposal(Mapping(tuple(decided)), tuple(questions), tuple(notices))


def _complete(mapped: SourceMapping, looks: Readonly[str, Look]) -> bool:
    wanted = {lookup.source for t in mapped.targets for r in t.rules for lookup in r.lookups}
    return all(w in looks or w.startswith("facts:") for w in wanted)


def _aside(mapped: SourceMapping, source: Source) -> SourceMapping:
    """What no rule reads is kept as attributes of the first table the source gives rows to."""
    used = {h for t in mapped.targets for h in t.headers}
    return replace(mapped, aside=tuple(h for h in source.headers if h not in used))


def _guess(looks: dict[str, Look], found_parts: Parts) -> dict[str, SourceMapping]:
    found: dict[str, SourceMapping] = {}
    best: dict[str, Guess] = {}
    for name, look in looks.items():
        canonical = canonical_guess(look.source)
        if canonical:
            found[name] = SourceMapping(name, "", (_canonical(canonical, look),))
            continue
        if name in found_parts.notes:
            found[name] = SourceMapping(name, "", note=found_parts.notes[name])
            continue
        options = guesses(look)
        if options:
            best[name] = options[0]
        found[name] = SourceMapping(
            name, "", note="" if options else _("No canonical table fits; the file is not used.")
        )
    relations.complete(best, looks, found_parts, found)
    return found


def _canonical(found: Guess, look: Look) -> Target:
    named = {r.column for r in found.rules}
    outcome = None
    if found.table == "opportunities" and "outcome" not in named and "stage" in named:
        outcome = OutcomeRule(stage=True)
    return Target(found.table, tuple(found.rules), outcome=outcome)
