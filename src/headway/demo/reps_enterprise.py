"""Who sells to large companies at Alderwick, since when, and what is true about them."""

from __future__ import annotations

from headway.demo.rep import Change, Rep, Wanted
from headway.demo.teams import DACH, NORDICS

DACH_TEAM = (
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

NORDICS_TEAM = (
    Rep("Astrid Dahl", NORDICS, "2021-03-22", "Oslo", 1.06),
    Rep("Björn Lindgren", NORDICS, "2020-08-03", "Stockholm", gender="m"),
    Rep("Kaisa Virtanen", NORDICS, "2022-01-24", "Helsinki"),
    Rep("Lars Mikkelsen", NORDICS, "2023-05-02", "Aarhus", gender="m"),
    Rep("Maja Sjöberg", NORDICS, "2022-06-07", "Göteborg"),
    Rep("Pekka Laine", NORDICS, "2021-09-13", "Tampere", gender="m"),
    Rep("Signe Krogh", NORDICS, "2023-09-11", "København"),
)
