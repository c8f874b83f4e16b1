"""How long a paper takes after warm-up: `python -m bench.documents`. Target: under 150 ms each on one core.

Time is this process's own (CPU), so that other work on the machine does not count; the wall clock stands beside it.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from datetime import time as clock_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
os.environ.setdefault("HEADWAY_HOME", tempfile.mkdtemp(prefix="headway-bench-"))

TARGET = 0.150
TIMES = 15


def main() -> int:
    """Print the middle and the worst of fifteen; 1 if a paper is over the target."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    over = False
    for name, make in papers().items():
        make(0)
        taken, walls = zip(*(_timed(make, n) for n in range(1, TIMES + 1)), strict=True)
        middle = statistics.median(taken)
        over = over or middle > TARGET
        print(
            f"{name:<16} {middle * 1000:6.0f} ms middle, {max(taken) * 1000:6.0f} ms worst, "
            f"{statistics.median(walls) * 1000:6.0f} ms on the wall, {len(make(0)) / 1024:6.0f} KB"
        )
    return int(over)


def papers() -> dict[str, Callable[[int], bytes]]:
    """What is made: the plan of the tests in each format, its warning, its meetings."""
    from headway.documents.calendar import Invitation, Meeting, to_ics
    from headway.documents.render import render
    from headway.plans.letter import letter_of
    from headway.plans.papers.seal import Seal
    from headway.plans.papers.warning import warning_letter
    from tests.plans.jonas import jonas_plan

    # Other words each time, or the setter would answer from its memory.
    plans = [replace(jonas_plan(), company=f"Alderwick {n}") for n in range(TIMES + 1)]
    seal = Seal(4, "signed", "0" * 64, datetime(2026, 5, 28, 15, tzinfo=UTC))
    meetings = tuple(Meeting(f"m{n}@x", "Check-in", "", date(2026, 6, 1 + n), clock_time(14)) for n in range(13))
    invitation = Invitation(meetings, "Europe/Berlin", 1, datetime(2026, 5, 28, tzinfo=UTC))
    return {
        "plan, PDF": lambda n: render(letter_of(plans[n], draft=False, seal=seal), "pdf"),
        "plan, DOCX": lambda n: render(letter_of(plans[n], draft=False, seal=seal), "docx"),
        "warning, PDF": lambda n: render(warning_letter(plans[n], seal), "pdf"),
        "warning, DOCX": lambda n: render(warning_letter(plans[n], seal), "docx"),
        "meetings, ICS": lambda n: to_ics(replace(invitation, sequence=n)),
    }


def _timed(make: Callable[[int], bytes], n: int) -> tuple[float, float]:
    before, wall = time.process_time(), time.perf_counter()
    make(n)
    return time.process_time() - before, time.perf_counter() - wall


if __name__ == "__main__":
    sys.exit(main())
