"""Who may load and look at the facts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

allow("facts.load", words=_("load facts"), revops=Reach.ANYONE, admin=Reach.ANYONE, system=Reach.ANYONE)
allow("facts.undo", words=_("undo a load"), revops=Reach.ANYONE, admin=Reach.ANYONE, system=Reach.ANYONE)
# The data's health names people of every team, so it is for those who own the data; others ask them.
allow(
    "facts.view",
    words=_("see what is loaded and what is wrong with it"),
    revops=Reach.ANYONE,
    admin=Reach.ANYONE,
    system=Reach.ANYONE,
)
allow(
    "sources.change",
    words=_("connect systems that facts are read from"),
    revops=Reach.ANYONE,
    admin=Reach.ANYONE,
    system=Reach.ANYONE,
)
