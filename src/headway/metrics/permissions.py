"""Who may run an analysis and read the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

ANYONE = Reach.ANYONE

allow("analysis.run", words=_("run an analysis"), revops=ANYONE, admin=ANYONE, system=ANYONE)
allow(
    "metric.define",
    words=_("define the company's own metrics"),
    revops=ANYONE,
    admin=ANYONE,
    system=ANYONE,
)
allow(
    "catalogue.view",
    words=_("read how metrics are defined"),
    rep=ANYONE,
    manager=ANYONE,
    leader=ANYONE,
    hr=ANYONE,
    revops=ANYONE,
    admin=ANYONE,
    system=ANYONE,
)
allow(
    "figures.look",
    words=_("open the pages of figures and take them as a file, each within the own reach"),
    rep=ANYONE,
    manager=ANYONE,
    leader=ANYONE,
    hr=ANYONE,
    revops=ANYONE,
    system=ANYONE,
)
