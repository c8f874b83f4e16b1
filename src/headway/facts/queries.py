"""Reading about the facts: versions, what is loaded, what is remembered."""

from __future__ import annotations

from collections.abc import Sequence

from headway.facts.mapping import SourceMapping, fingerprint, source_from_json
from headway.facts.models import SavedMapping
from headway.facts.readers import Source


def saved_mappings(sources: Sequence[Source]) -> dict[str, SourceMapping]:
    """What is remembered of the sources, by their names."""
    prints = {s.name: fingerprint(s.headers) for s in sources}
    found = {m.fingerprint: m.mapping for m in SavedMapping.objects.filter(fingerprint__in=prints.values())}
    return {name: source_from_json(found[print_]) for name, print_ in prints.items() if print_ in found}
