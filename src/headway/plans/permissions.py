"""Who may do what with plans. Imported at start."""

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

BELOW, SELF, CASE, EVERYONE = Reach.BELOW, Reach.SELF, Reach.CASE, Reach.ANYONE

allow("plan.draft", words=_("start a plan"), manager=BELOW, leader=BELOW, system=EVERYONE)
allow("plan.edit", words=_("change a plan"), manager=BELOW, leader=BELOW)
# What a rep or HR may see also depends on the plan's state: see states.VISIBLE.
allow("plan.view", words=_("see a plan"), rep=SELF, manager=BELOW, leader=BELOW, hr=CASE, system=EVERYONE)
