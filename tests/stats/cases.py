"""Published cases: read where they are, skipped, saying so, where they are not."""

import json
from typing import Any

from tests.paths import shared


def case(name: str) -> dict[str, Any]:
    """The inputs and results of a published case."""
    return dict(json.loads(shared("published-cases", name, "case.json").read_text()))
