"""Who may load and look at the facts."""

from __future__ import annotations

from headway.core.permissions import Reach, allow

allow("facts.load", words="load facts", revops=Reach.ANYONE, admin=Reach.ANYONE, system=Reach.ANYONE)
allow("facts.undo", words="undo a load", revops=Reach.ANYONE, admin=Reach.ANYONE, system=Reach.ANYONE)
allow(
    "facts.view",
    words="see what is loaded and what is wrong with it",
    manager=Reach.ANYONE,
    leader=Reach.ANYONE,
    hr=Reach.ANYONE,
    revops=Reach.ANYONE,
    admin=Reach.ANYONE,
    system=Reach.ANYONE,
)
