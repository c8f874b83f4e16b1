"""What Headway makes of companies it was not built on: `python -m bench.outside [--worlds N] [--seed S] [--kinds a,b]`.

Written without a look at the simulator that the engine was built with. The mechanics are described in `race`; files go
through CSV. Seeds from 810000, not used while building.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.outside.export import Told
from bench.outside.judge import FINE, UNDER, Judged, Kind, area, judge
from bench.outside.race import Change, Shape

PLAIN = Shape(leads_a_week=3.0, before=20)
ENTERPRISE = Shape(
    stages=("lead", "s1", "s2", "s3", "s4", "s5", "s6", "s7"),
    go_on=(0.5, 0.25, 0.25, 0.22, 0.22, 0.22, 0.22, 0.22),
    fall_away=(0.6, 0.1, 0.08, 0.08, 0.06, 0.06, 0.06, 0.08),
    leads_a_week=1.0,
    log_amount=11.5,
    amount_spread=0.8,
    tail=2.0,
    before=80,
)
COUNTER = Shape(
    stages=("open", "offer"),
    go_on=(2.0, 1.5),
    fall_away=(2.0, 2.0),
    leads_a_week=8.0,
    log_amount=6.5,
    own_share=0.0,
    before=10,
    weights=(0.45, 0.45, 0.0, 0.1),
)
TOLD = Told(activities=False)
KINDS = (
    Kind("alike", replace(PLAIN, alike=True), TOLD),
    Kind("plain", PLAIN, TOLD),
    Kind("plain-25", replace(PLAIN, people=25), TOLD),
    Kind("plain-12", replace(PLAIN, people=12), TOLD),
    Kind("no-scores", PLAIN, Told(activities=False, scores=False)),
    Kind("no-stages", PLAIN, Told(activities=False, stages=False)),
    Kind("joiners", replace(PLAIN, joiners=0.4, absences=0.3), TOLD),
    Kind("season-slump-price", replace(PLAIN, season=0.4), TOLD, Change(60.0, market=0.75, price=1.3)),
    Kind("enterprise", ENTERPRISE, Told(activities=False, currencies=("EUR", "USD"))),
    Kind("counter", COUNTER, Told(activities=False, leads=False, territories=False, scores=False)),
)


def line(kind: Kind, worlds: list[Judged]) -> str:
    """One row of the table."""
    index, support, formal, covered = (
        np.concatenate([getattr(w, name) for w in worlds]) for name in ("index", "support", "formal", "covered")
    )
    under, fine = index < UNDER, index >= FINE
    areas = [a for a in map(area, worlds) if a is not None]
    stated = [w.stated for w in worlds if w.stated is not None]
    right, asked = (sum(w.step[k] for w in worlds) for k in (0, 1))
    cells = (
        kind.name,
        len(worlds),
        _share(under),
        f"{np.mean(areas):.3f}" if areas else "-",
        _share(support[under]),
        f"{(support & fine).sum()} of {support.sum()}",
        f"{np.mean(stated):.3f}" if stated else "-",
        _share(formal[under]),
        f"{(formal & fine).sum()} of {formal.sum()}",
        _share(covered, 3),
        f"{right} of {asked}",
        "yes" if all(w.adds_up for w in worlds) else "NO",
    )
    return "| " + " | ".join(str(c) for c in cells) + " |"


def _share(flags: np.ndarray, digits: int = 2) -> str:
    return f"{flags.mean():.{digits}f}" if flags.size else "-"


HEAD = (
    "| company | worlds | under | area | support: found | fine among named | stated | formal: found | fine among named "
    "| ranges hold | largest part right | adds up |\n" + "| --- " * 12 + "|"
)


def main() -> None:
    """Print the table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    import django

    django.setup()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=810_000)
    parser.add_argument("--kinds", default=",".join(k.name for k in KINDS))
    given = parser.parse_args()
    print(HEAD)
    for kind in (k for k in KINDS if k.name in given.kinds.split(",")):
        judged = []
        for number in range(given.worlds):
            with tempfile.TemporaryDirectory() as folder:
                judged.append(judge(kind, given.seed + number, Path(folder)))
        print(line(kind, judged), flush=True)


if __name__ == "__main__":
    main()
