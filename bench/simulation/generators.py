"""The generators by name: three sales forces made by different mechanics, none by the engine's assumptions."""

import warnings
from collections.abc import Callable

from bench.simulation import cells, daily, rough
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.truth import Truth, World

GENERATORS: dict[str, Callable[[World], tuple[MemoryFacts, Truth]]] = {
    "daily": daily.simulate,
    "cells": cells.simulate,
    "rough": rough.simulate,
}


def configured() -> None:
    """What the engine needs of its surroundings, in every process."""
    import django
    from django.conf import settings

    warnings.simplefilter("ignore")
    if not settings.configured:
        settings.configure(USE_I18N=False, USE_TZ=True)
        django.setup()
