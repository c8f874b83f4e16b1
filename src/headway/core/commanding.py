"""Who stands behind a command: the operator of the machine, or the person whose access token is given.

The operator is the program itself, with rights of its own (see the role `system`): it drafts, reads and repairs, but it
approves and signs nothing. Steps that a person takes need that person's token in `HEADWAY_TOKEN`.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from headway.core.actors import SYSTEM, Actor
from headway.core.errors import NotAllowed

_finders: list[Callable[[str], Actor | None]] = []


def find_by(finder: Callable[[str], Actor | None]) -> None:
    """Tell how a token leads to a person. Called once at start by the room that knows tokens."""
    if finder not in _finders:
        _finders.append(finder)


def commander() -> Actor:
    """The person of `HEADWAY_TOKEN`, else the operator.

    Raises:
        NotAllowed: the token works no more, or never did.
    """
    secret = os.environ.get("HEADWAY_TOKEN")
    if not secret:
        return SYSTEM
    found = next((actor for finder in _finders if (actor := finder(secret)) is not None), None)
    if found is None:
        raise NotAllowed("The token in HEADWAY_TOKEN is not valid", todo="Make a new one with `headway token make`.")
    return found
