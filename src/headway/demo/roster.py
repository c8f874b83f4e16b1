"""Who works at Alderwick: all teams."""

from __future__ import annotations

from headway.demo.reps_enterprise import DACH_TEAM, NORDICS_TEAM
from headway.demo.reps_mid_market import SOUTH_TEAM, WEST_TEAM
from headway.demo.reps_north import NORTH_TEAM
from headway.demo.reps_small_business import CENTRAL_TEAM, EAST_TEAM

REPS = (*NORTH_TEAM, *SOUTH_TEAM, *WEST_TEAM, *EAST_TEAM, *CENTRAL_TEAM, *DACH_TEAM, *NORDICS_TEAM)
