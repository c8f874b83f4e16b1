"""Names of Alderwick's customers: clinics, practices, laboratories, care services and firms around them."""

from __future__ import annotations

import numpy as np

STORY_ACCOUNTS = ("Praxisverbund Elbe", "MVZ Altona", "Klinik Nord")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PLACES = _words(
    "Aachen Ahlen Alster Ammersee Ansbach Bamberg Barnim Bergstraße Bielefeld Blankenese Bodensee "
    "Brandenburg Brenner Celle Chiemgau Coburg Dahme Deister Donau Eder Eider Eifel Elm Ems Erft "
    "Erzgebirge Fehmarn Fläming Franken Fulda Goslar Greifswald Haar Hainich Harburg Havel Hegau Heide "
    "Hochrhein Holstein Hunte Ilmenau Inn Isar Jade Jever Kaiserstuhl Kocher Kraichgau Lahn Landshut "
    "Lausitz Leine Lippe Lübeck Main Mosel Müritz Murg Naab Nahe Neckar Nidda Oder Ostsee Passau "
    "Pegnitz Prignitz Regen Rems Rhön Ruhr Saale Sauerland Schlei Schwinge Siegen Spessart Spree Stade "
    "Sylt Taunus Teuto Trave Uckermark Unstrut Usedom Vechta Vogtland Weinstraße Werra Weser Wetterau "
    "Wismar Wupper Zingst Zwickau "
)
_FAMILIES = _words(
    "Ahrens Albrecht Bachmann Behrens Böhm Busch Claasen Dietz Ebert Eggers Falk Fink Gerlach Gruber "
    "Haas Hansen Hartig Heller Henning Jansen Jensen Kaufmann Keller Kern Kramer Kuhn Lange Lindner "
    "Lorenz Marx Möller Nagel Ohlsen Ott Pohl Quast Reimers Ritter Sander Schilling Schön Seiler Stein "
    "Thiele Ullrich Voss Wagner Wendt Winkler Ziegler "
)
_OF_PLACE = (
    "Klinik {}", "MVZ {}", "Praxisverbund {}", "Reha-Zentrum {}", "Pflegedienst {}", "Ärztehaus {}",
    "Fachklinik {}",
    "Kinderzentrum {}", "Zahnzentrum {}", "Rettungsdienst {}", "Therapiezentrum {}", "Gesundheitszentrum {}",
    "Tagesklinik {}", "Stadtwerke {}", "Seniorenstift {}", "Sozialstation {}", "Augenzentrum {}",
    "Dialyse {}",
)  # fmt: skip
_OF_FAMILY = (
    "Labor {}", "{} Medizintechnik GmbH", "Praxis Dr. {}", "{} & Partner", "{} Orthopädietechnik",
    "Apotheke {}",
    "{} Hörakustik", "Physio {}", "{} Homecare GmbH", "Dentallabor {}", "{} Optik KG", "{} Pflege gGmbH",
)  # fmt: skip
_SIDES = ("", " Nord", " Süd", " Ost", " West", " Mitte")


def accounts(n: int, rng: np.random.Generator) -> list[str]:
    """`n` different names, shuffled; none of them is one of the story's."""
    of_place = [kind.format(place) + side for side in _SIDES for kind in _OF_PLACE for place in _PLACES]
    of_family = [
        kind.format(f"{family} {place}" if place else family)
        for place in ("", *_PLACES[::6])
        for kind in _OF_FAMILY
        for family in _FAMILIES
    ]
    pool = [name for name in (*of_place, *of_family) if name not in STORY_ACCOUNTS]
    if n > len(pool):
        raise ValueError(f"{n} account names were asked for, {len(pool)} can be made; add places or families")
    return [pool[i] for i in rng.permutation(len(pool))[:n]]
