"""Who works at Alderwick, where, since when, and what is true about them.

Factors are relative to an ordinary colleague of the same segment (1.0); None = drawn from the ordinary
spread. Luck is ordinary luck for everybody. People with a story are dealt it again until what is `wanted`
shows, in every seed; `even` people log in time, get the usual mix of leads and are there in the last weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["qualified", "proposal", "won", "assigned", "own", "discount", "follow_up", "meetings", "survey"]


@dataclass(frozen=True)
class Segment:
    """What is ordinary in a segment; leads per week at full presence, gaps in median days, amounts in EUR."""

    name: str
    assigned: float
    own: float
    qualified: float
    proposal: float
    won: float
    amount: float
    amount_spread: float
    gap_qualified: float
    gap_proposal: float
    gap_close: float
    quota: int


@dataclass(frozen=True)
class Team:
    name: str
    segment: str
    manager: str


@dataclass(frozen=True)
class Change:
    """From a day on (until another), a factor is multiplied."""

    since: str
    stage: Stage
    factor: float
    until: str = "2099-01-01"


@dataclass(frozen=True)
class Wanted:
    """A share that has to show between two days for the story to be there, with how many cases behind it.

    `share` = won of decided proposals (by the day of closing), proposed of qualified (by the day of
    qualifying), or qualified or found alone of leads (both by the day they came).
    """

    share: Literal["won", "proposed", "qualified", "own"]
    start: str
    end: str
    low: float
    high: float
    cases: tuple[int, int] = (0, 10_000)


@dataclass(frozen=True)
class Attained:
    """Won amounts of a span of quarters are scaled so that this share of quota is reached."""

    start: str
    end: str
    share: float


@dataclass(frozen=True)
class Rep:
    """One seller. `moved` = (day, team before, territory before, potential before)."""

    name: str
    team: str
    hired: str
    territory: str
    potential: float | None = None
    gender: str = "f"
    qualified: float | None = None
    proposal: float | None = None
    won: float | None = None
    size: float | None = None
    effort: float | None = None
    assigned: float | None = None
    changes: tuple[Change, ...] = ()
    attained: tuple[Attained, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    even: bool = False
    pace: float = 1.0  # deals take this times as long between proposal and close
    no_absence_since: str = ""
    left: str = ""
    back_from_leave: tuple[str, str] | None = None
    moved: tuple[str, str, str, float] | None = None
    sells: bool = True
    quota: bool = True
    story: str = ""


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

_NORTH_TEAM = (
    Rep(
        "Jonas Weber",
        NORTH,
        "2023-04-17",
        "Hamburg West",
        1.01,
        "m",
        qualified=0.98,
        proposal=1.0,
        won=1.08,
        size=0.95,
        effort=1.0,
        even=True,
        pace=0.7,
        changes=(
            Change("2025-10-06", "assigned", 0.85),
            Change("2026-01-12", "own", 1.1),
            Change("2026-03-03", "won", 0.22),
            Change("2026-03-03", "discount", 1.8),
            Change("2026-03-03", "follow_up", 0.62),
            Change("2026-03-03", "survey", -0.5),
        ),
        wanted=(
            Wanted("won", "2024-05-20", "2026-03-03", 0.5, 0.577),
            Wanted("won", "2025-12-01", "2026-03-03", 0.52, 0.63),
            Wanted("won", "2026-01-26", "2026-03-03", 0.5, 0.68, (10, 40)),
            Wanted("won", "2026-03-03", "2026-05-18", 0.095, 0.125, (56, 74)),
            Wanted("proposed", "2025-12-01", "2026-04-13", 0.69, 0.815),
            Wanted("own", "2025-12-01", "2026-05-18", 0.275, 0.32, (310, 385)),
            Wanted("qualified", "2025-12-01", "2026-05-18", 0.41, 0.48),
        ),
        story="Real drop since 3 March 2026, between proposal and won; also fewer leads assigned.",
    ),
    Rep(
        "Daniel Okafor",
        NORTH,
        "2023-10-02",
        "Lübeck",
        0.97,
        "m",
        qualified=0.66,
        proposal=0.94,
        won=0.93,
        size=0.98,
        effort=0.95,
        even=True,
        changes=(
            Change("2025-09-15", "qualified", 0.82, "2026-03-30"),
            Change("2026-03-30", "qualified", 1.5),
            Change("2026-03-30", "own", 1.2),
        ),
        wanted=(
            Wanted("qualified", "2024-05-20", "2025-09-15", 0.275, 0.315),
            Wanted("qualified", "2025-09-15", "2026-03-30", 0.21, 0.26),
            Wanted("qualified", "2026-03-30", "2026-05-08", 0.45, 0.50),
            Wanted("won", "2025-12-01", "2026-05-18", 0.42, 0.5),
        ),
        story="Behind for long, most of all in the winter; recovering since April 2026; a growth plan is running.",
    ),
    Rep(
        "Elif Demir",
        NORTH,
        "2024-03-04",
        "Kiel",
        1.0,
        "f",
        qualified=0.97,
        proposal=0.97,
        won=0.97,
        size=0.98,
        effort=1.0,
        even=True,
        no_absence_since="2025-12-29",
        changes=(Change("2026-04-20", "meetings", 3.1 / 5.2), Change("2026-04-20", "own", 0.3)),
        attained=(Attained("2026-01-01", "2026-04-01", 0.85),),
        wanted=(
            Wanted("won", "2025-12-01", "2026-03-03", 0.422, 0.577),
            Wanted("won", "2026-03-03", "2026-05-18", 0.422, 0.577),
            Wanted("won", "2024-05-20", "2025-12-01", 0.455, 0.544),
            Wanted("won", "2025-12-01", "2026-05-18", 0.444, 0.544),
            Wanted("qualified", "2025-12-01", "2026-05-18", 0.41, 0.48),
        ),
        story="Early sign since 20 April 2026: few leads found alone, meetings 5.2 to 3.1 a week; results as before.",
    ),
    Rep(
        "Mateusz Kowalski",
        NORTH,
        "2022-02-01",
        "Vorpommern",
        0.62,
        "m",
        qualified=1.0,
        proposal=1.0,
        won=0.99,
        size=0.99,
        effort=1.1,
        even=True,
        attained=(Attained("2025-07-01", "2026-01-01", 0.59), Attained("2026-01-01", "2026-04-01", 0.57)),
        wanted=(
            Wanted("won", "2025-12-01", "2026-03-03", 0.377, 0.599),
            Wanted("won", "2026-03-03", "2026-05-18", 0.377, 0.599),
            Wanted("won", "2024-05-20", "2026-05-18", 0.466, 0.533),
            Wanted("won", "2025-12-01", "2026-05-18", 0.422, 0.555),
            Wanted("qualified", "2024-05-20", "2026-05-18", 0.425, 0.475),
            Wanted("won", "2025-07-01", "2026-01-01", 0.4, 0.577),
            Wanted("won", "2026-01-01", "2026-04-01", 0.422, 0.577),
        ),
        story="Territory first: 62 % of the average potential, so 58 % of quota; conversions are normal.",
    ),
    Rep(
        "Amira Haddad",
        NORTH,
        "2024-02-12",
        "Bremen",
        0.98,
        "f",
        qualified=0.98,
        proposal=0.98,
        won=1.0,
        size=0.97,
        effort=0.95,
        assigned=0.92,
        even=True,
        changes=(Change("2025-09-29", "assigned", 0.25, "2026-02-02"),),
        attained=(Attained("2025-10-01", "2026-01-01", 0.54), Attained("2026-01-01", "2026-04-01", 0.46)),
        wanted=(
            Wanted("won", "2024-05-20", "2026-05-18", 0.444, 0.522),
            Wanted("won", "2026-01-01", "2026-04-01", 0.4, 0.611, (10, 30)),
            Wanted("won", "2025-12-01", "2026-05-18", 0.45, 0.52),
        ),
        story="Quota out of reach: a quarter of the usual leads for four months, so half of quota; skill is normal.",
    ),
    Rep(
        "Lukas Brandt",
        NORTH,
        "2026-01-12",
        "Oldenburg",
        1.0,
        "m",
        qualified=1.0,
        proposal=1.0,
        won=1.0,
        size=1.0,
        effort=1.0,
        even=True,
        quota=False,
        wanted=(
            Wanted("won", "2024-05-20", "2026-05-18", 0.355, 0.577, (8, 24)),
            Wanted("qualified", "2024-05-20", "2026-05-18", 0.36, 0.48),
        ),
        story="Ramping in month 4, on the usual curve.",
    ),
    Rep(
        "Sofie Janssen",
        NORTH,
        "2023-01-16",
        "Lüneburg",
        1.02,
        "f",
        qualified=1.0,
        proposal=1.0,
        won=1.0,
        size=1.0,
        effort=1.0,
        even=True,
        back_from_leave=("2025-03-10", "2026-04-20"),
        story="Back from leave since 20 April 2026: two deals closed, not enough to judge.",
    ),
    Rep(
        "Clara Nyström",
        NORTH,
        "2021-03-01",
        "Schwerin",
        1.03,
        "f",
        qualified=1.01,
        proposal=1.01,
        won=1.02,
        size=1.0,
        effort=1.0,
        even=True,
        wanted=(
            Wanted("won", "2025-12-01", "2026-03-03", 0.444, 0.577),
            Wanted("won", "2026-03-03", "2026-05-18", 0.444, 0.577),
            Wanted("won", "2024-05-20", "2026-05-18", 0.488, 0.533),
            Wanted("won", "2025-12-01", "2026-05-18", 0.466, 0.555),
        ),
        story="Steady: where comparable colleagues are.",
    ),
    Rep(
        "Ines Carvalho",
        NORTH,
        "2020-02-03",
        "Hamburg Ost",
        1.04,
        "f",
        qualified=1.02,
        proposal=1.03,
        won=1.27,
        size=1.02,
        effort=1.0,
        even=True,
        wanted=(
            Wanted("won", "2024-05-20", "2026-05-18", 0.611, 0.699),
            Wanted("won", "2025-12-01", "2026-05-18", 0.588, 0.71),
        ),
        story="Going well: strong between proposal and won.",
    ),
)

_SOUTH_TEAM = (
    Rep(
        "Viktor Seidel",
        SOUTH,
        "2022-05-02",
        "München Nord",
        1.04,
        "m",
        qualified=1.0,
        proposal=1.0,
        won=1.0,
        changes=(Change("2025-10-06", "proposal", 0.50),),
        even=True,
        story="Real drop since October 2025, between qualified and proposal.",
    ),
    Rep("Anouk Vermeer", SOUTH, "2021-09-01", "München Süd", 1.10),
    Rep("Tobias Reiter", SOUTH, "2020-06-15", "Augsburg", gender="m"),
    Rep("Leonie Fuchs", SOUTH, "2023-02-01", "Nürnberg"),
    Rep("Rafael Duarte", SOUTH, "2022-11-07", "Regensburg", gender="m"),
    Rep("Hannah Vogt", SOUTH, "2024-01-15", "Freiburg"),
    Rep("Milan Kovač", SOUTH, "2023-08-01", "Stuttgart", 1.08, gender="m"),
    Rep(
        "Nora Eklund",
        SOUTH,
        "2025-11-03",
        "Ulm",
        quota=False,
        qualified=1.0,
        proposal=1.0,
        won=1.0,
        even=True,
        wanted=(Wanted("won", "2024-05-20", "2026-05-18", 0.333, 0.555),),
        story="Ramping in month 7, on the usual curve.",
    ),
    Rep(
        "Dominik Sauer",
        SOUTH,
        "2022-01-10",
        "Würzburg",
        gender="m",
        left="2025-06-30",
        story="Left in June 2025.",
    ),
)

_WEST_TEAM = (
    Rep(
        "Philipp Krämer",
        WEST,
        "2021-05-03",
        "Köln",
        1.45,
        "m",
        qualified=0.88,
        proposal=0.78,
        won=0.70,
        size=0.98,
        effort=0.8,
        even=True,
        wanted=(
            Wanted("won", "2024-05-20", "2026-05-18", 0.311, 0.389),
            Wanted("won", "2025-12-01", "2026-05-18", 0.278, 0.411),
            Wanted("qualified", "2024-05-20", "2026-05-18", 0.36, 0.42),
        ),
        story="Well below colleagues all along; a rich territory hides it from the quota.",
    ),
    Rep("Yara Benali", WEST, "2023-05-15", "Düsseldorf", 1.06),
    Rep(
        "Stefan Albers",
        WEST,
        "2020-10-01",
        "Eifel",
        0.66,
        "m",
        qualified=1.02,
        proposal=1.0,
        won=1.0,
        size=1.0,
        effort=1.0,
        even=True,
        attained=(Attained("2025-10-01", "2026-04-01", 0.64),),
        story="Territory first: 66 % of the average potential, conversions are normal.",
    ),
    Rep("Judith Peeters", WEST, "2022-08-15", "Aachen"),
    Rep(
        "Marco Ricci",
        WEST,
        "2023-01-09",
        "Frankfurt",
        gender="m",
        moved=("2025-07-01", SOUTH, "Heilbronn", 0.97),
        story="Changed team in July 2025.",
    ),
    Rep("Ingrid Solberg", WEST, "2021-11-02", "Mainz"),
    Rep("Felix Baumann", WEST, "2022-03-01", "Dortmund", gender="m"),
    Rep(
        "Robin Jacobs",
        WEST,
        "2023-06-01",
        "Siegen",
        gender="m",
        left="2026-01-31",
        story="Left in January 2026.",
    ),
)

_EAST_TEAM = (
    Rep(
        "Nina Petrova",
        EAST,
        "2023-09-04",
        "Dresden",
        0.99,
        qualified=0.80,
        proposal=0.84,
        won=0.76,
        size=0.97,
        even=True,
        wanted=(
            Wanted("won", "2024-05-20", "2026-05-18", 0.27, 0.33),
            Wanted("qualified", "2024-05-20", "2026-05-18", 0.37, 0.42),
        ),
        story="Well below colleagues all along, a little at every step.",
    ),
    Rep("Paul Schuster", EAST, "2022-04-01", "Leipzig", gender="m"),
    Rep("Katarzyna Zielińska", EAST, "2021-08-02", "Cottbus"),
    Rep("Emil Lund", EAST, "2023-03-15", "Berlin Mitte", 1.12, gender="m"),
    Rep("Fatima El Amrani", EAST, "2022-10-03", "Berlin Süd", 1.06),
    Rep("Jan de Vries", EAST, "2020-09-01", "Potsdam", gender="m"),
    Rep("Lea Hoffmann", EAST, "2024-02-01", "Chemnitz", quota=False),
    Rep("Oliver Grant", EAST, "2021-01-18", "Jena", gender="m"),
    Rep("Sara Lopes", EAST, "2023-07-03", "Erfurt"),
    Rep(
        "Timo Brandl",
        EAST,
        "2026-05-04",
        "Magdeburg",
        gender="m",
        quota=False,
        qualified=1.0,
        proposal=1.0,
        won=1.0,
        story="Hired two weeks ago: nothing to judge yet.",
    ),
    Rep("Vera Novak", EAST, "2022-06-13", "Halle"),
    Rep("Helena Marques", EAST, "2022-09-01", "Zwickau", left="2025-03-31", story="Left in March 2025."),
)

_CENTRAL_TEAM = (
    Rep("Ben Carter", CENTRAL, "2022-02-14", "Hannover", 1.05, gender="m"),
    Rep("Carla Weiss", CENTRAL, "2021-06-01", "Braunschweig"),
    Rep("David Meier", CENTRAL, "2023-04-03", "Kassel", gender="m"),
    Rep(
        "Eva Horváth",
        CENTRAL,
        "2022-07-04",
        "Harz",
        0.78,
        moved=("2025-10-01", CENTRAL, "Göttingen", 1.15),
        story="Changed territory in October 2025, from a rich one to a poor one.",
    ),
    Rep("Finn Petersen", CENTRAL, "2023-11-06", "Osnabrück", gender="m"),
    Rep("Greta Lang", CENTRAL, "2020-11-02", "Bielefeld"),
    Rep("Hugo Martin", CENTRAL, "2022-12-01", "Paderborn", gender="m"),
    Rep("Ida Nielsen", CENTRAL, "2023-08-21", "Münster"),
    Rep("Jakub Dvořák", CENTRAL, "2021-10-04", "Gießen", gender="m"),
    Rep("Kim Tran", CENTRAL, "2024-01-08", "Fulda"),
    Rep(
        "Luca Marino",
        CENTRAL,
        "2026-01-07",
        "Marburg",
        gender="m",
        quota=False,
        qualified=1.0,
        proposal=1.0,
        won=1.0,
        even=True,
        wanted=(Wanted("won", "2024-05-20", "2026-05-18", 0.3, 0.5),),
        story="Ramping in month 5, on the usual curve.",
    ),
    Rep(
        "Sven Arndt",
        CENTRAL,
        "2022-05-16",
        "Celle",
        gender="m",
        left="2025-11-30",
        story="Left in November 2025.",
    ),
)

_DACH_TEAM = (
    Rep(
        "Oskar Bergström",
        DACH,
        "2021-02-15",
        "Wien",
        1.02,
        "m",
        qualified=1.0,
        proposal=1.0,
        won=1.0,
        changes=(Change("2025-08-04", "qualified", 0.50),),
        even=True,
        wanted=(
            Wanted("qualified", "2024-05-20", "2025-08-04", 0.34, 0.46),
            Wanted("qualified", "2025-08-04", "2026-04-01", 0.14, 0.25),
        ),
        story="Real drop since August 2025, between lead and qualified.",
    ),
    Rep("Monika Graf", DACH, "2020-04-01", "Zürich", 1.10, even=True),
    Rep("Nils Frank", DACH, "2022-09-19", "Bern", gender="m"),
    Rep("Patricia Silva", DACH, "2021-07-05", "Salzburg"),
    Rep("Quentin Dubois", DACH, "2023-02-20", "Basel", gender="m"),
    Rep("Ralf Engel", DACH, "2019-10-01", "Berlin Konzerne", gender="m"),
    Rep(
        "Agnes Thalberg",
        DACH,
        "2023-10-16",
        "Partner desk",
        sells=False,
        quota=False,
        story="Owns no leads and no deals (partner desk): cannot be judged.",
    ),
    Rep("Christina Wolff", DACH, "2021-04-12", "Graz", left="2025-01-31", story="Left in January 2025."),
)

_NORDICS_TEAM = (
    Rep("Astrid Dahl", NORDICS, "2021-03-22", "Oslo", 1.06),
    Rep("Björn Lindgren", NORDICS, "2020-08-03", "Stockholm", gender="m"),
    Rep("Kaisa Virtanen", NORDICS, "2022-01-24", "Helsinki"),
    Rep("Lars Mikkelsen", NORDICS, "2023-05-02", "Aarhus", gender="m"),
    Rep("Maja Sjöberg", NORDICS, "2022-06-07", "Göteborg"),
    Rep("Pekka Laine", NORDICS, "2021-09-13", "Tampere", gender="m"),
    Rep("Signe Krogh", NORDICS, "2023-09-11", "København"),
)

REPS = (
    *_NORTH_TEAM,
    *_SOUTH_TEAM,
    *_WEST_TEAM,
    *_EAST_TEAM,
    *_CENTRAL_TEAM,
    *_DACH_TEAM,
    *_NORDICS_TEAM,
)
