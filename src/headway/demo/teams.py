"""The segments and teams of Alderwick, and who leads and looks after them."""

from __future__ import annotations

from headway.demo.rep import Change, Segment, Team

MID, SMALL, LARGE = "mid-market", "small business", "enterprise"

SEGMENTS = {
    s.name: s
    for s in (
        Segment(MID, 13.3, 4.6, 0.45, 0.78, 0.50, 10_800, 0.45, 5, 15, 29, 345_000),
        Segment(SMALL, 6.0, 1.5, 0.50, 0.58, 0.42, 6_500, 0.50, 3, 7, 13, 61_000),
        Segment(LARGE, 3.4, 1.6, 0.40, 0.60, 0.38, 52_000, 0.50, 10, 32, 60, 235_000),
    )
}

NORTH, SOUTH, WEST = "Mid-market North", "Mid-market South", "Mid-market West"
EAST, CENTRAL = "Small business East", "Small business Central"
DACH, NORDICS = "Enterprise DACH", "Enterprise Nordics"

TEAMS = (
    Team(NORTH, MID, "Marta Lindqvist"),
    Team(SOUTH, MID, "Ruben Kaya"),
    Team(WEST, MID, "Céline Moreau"),
    Team(EAST, SMALL, "Gregor Hahn"),
    Team(CENTRAL, SMALL, "Aoife Byrne"),
    Team(DACH, LARGE, "Isabella Conti"),
    Team(NORDICS, LARGE, "Anders Holm"),
)

# A competitor's free offer for small practices: the whole team feels it, nobody in it is the reason.
MARKET_DIPS = {CENTRAL: Change("2026-02-02", "proposal", 0.74)}

LEADERS = {"Henrik Aalto": (NORTH, SOUTH, WEST, EAST, CENTRAL), "Beatriz Navarro": (DACH, NORDICS)}
HR_PARTNERS = ("Hanne Dijkstra", "Samuel Okoye")
REVOPS = ("Tomás Oliveira",)
ADMIN = "Wanda Falk"
