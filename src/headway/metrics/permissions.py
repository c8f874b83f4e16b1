"""Who may run an analysis and read the catalogue."""

from __future__ import annotations

from headway.core.permissions import Reach, allow

ANYONE = Reach.ANYONE

allow("analysis.run", words="run an analysis", revops=ANYONE, admin=ANYONE, system=ANYONE)
allow(
    "catalogue.view",
    words="read how metrics are defined",
    rep=ANYONE,
    manager=ANYONE,
    leader=ANYONE,
    hr=ANYONE,
    revops=ANYONE,
    admin=ANYONE,
    system=ANYONE,
)
