"""Who may do what at the end of a plan and after it. Imported at start."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

BELOW, SELF, CASE, EVERYONE = Reach.BELOW, Reach.SELF, Reach.CASE, Reach.ANYONE

# What a rep or HR may see also depends on the evaluation's state: see states.VISIBLE.
allow(
    "outcome.view",
    words=_("see how a plan is judged"),
    rep=SELF,
    manager=BELOW,
    leader=BELOW,
    hr=CASE,
    system=EVERYONE,
)
allow("outcome.prepare", words=_("prepare the evaluation of a plan"), manager=BELOW, leader=BELOW)
allow("outcome.propose", words=_("propose the outcome of a plan"), manager=BELOW, leader=BELOW)
allow("outcome.answer", words=_("answer the proposed outcome of the own plan"), rep=SELF)
allow("outcome.confirm", words=_("confirm an outcome or send it back"), hr=CASE)
allow("outcome.appeal", words=_("appeal against the outcome of the own plan"), rep=SELF)
allow("outcome.decide_appeal", words=_("decide an appeal against an outcome"), leader=BELOW, hr=CASE)
allow("outcome.extend", words=_("write the extension of a plan for signature"), manager=BELOW, leader=BELOW)
allow("outcome.look", words=_("keep a verdict and look for a renewed drop"), system=EVERYONE)
allow("followup.plan", words=_("put refreshers on the calendar after a plan"), system=EVERYONE)
allow("followup.do", words=_("say that a refresher took place"), rep=SELF, manager=BELOW, leader=BELOW)
allow("relapse.answer", words=_("answer a renewed drop"), manager=BELOW, leader=BELOW)
allow("portfolio.view", words=_("see the plans of the own teams in figures"), leader=BELOW, hr=EVERYONE)
allow("lessons.view", words=_("see what helped over all finished plans"), manager=EVERYONE, leader=EVERYONE,
      hr=EVERYONE, revops=EVERYONE)  # fmt: skip
