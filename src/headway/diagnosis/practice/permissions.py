"""Who may read and write what people saw and did. Imported at start."""

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

BELOW, SELF, CASE, EVERYONE = Reach.BELOW, Reach.SELF, Reach.CASE, Reach.ANYONE

allow(
    "practice.view",
    words=_("read coaching, observations and competencies"),
    rep=SELF,
    manager=BELOW,
    leader=BELOW,
    hr=CASE,
    system=EVERYONE,
)
allow("practice.write", words=_("write down coaching and observations"), manager=BELOW, leader=BELOW)
allow("practice.answer", words=_("answer a coaching note in their own words"), rep=SELF)
allow("competency.rate", words=_("rate competencies"), rep=SELF, manager=BELOW, leader=BELOW)
allow(
    "link.validate", words=_("say whether a chain from gap to coaching is right"), rep=SELF, manager=BELOW, leader=BELOW
)
allow("factors.answer", words=_("answer what lies outside a person's hands"), manager=BELOW, leader=BELOW)
allow(
    "gate.view",
    words=_("see what comes before a formal plan"),
    rep=SELF,
    manager=BELOW,
    leader=BELOW,
    hr=CASE,
    system=EVERYONE,
)
allow("gate.ask", words=_("ask HR for an exception"), manager=BELOW, leader=BELOW)
allow("gate.except", words=_("grant an exception before a formal plan"), hr=CASE)
allow("protected.view", words=_("see protected events"), hr=EVERYONE)
allow("protected.record", words=_("record protected events"), hr=EVERYONE)
