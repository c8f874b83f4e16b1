"""Who sells to small businesses at Alderwick, since when, and what is true about them."""

from __future__ import annotations

from headway.demo.rep import Rep, Wanted
from headway.demo.teams import CENTRAL, EAST

EAST_TEAM = (
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

CENTRAL_TEAM = (
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
