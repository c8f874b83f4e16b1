"""How often stated chances came true: ten classes beside what happened, nobody named."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from scipy.special import betaincinv

from headway.charts import funnel
from headway.charts.marks import Kind
from headway.charts.table import Table
from headway.people.models import User
from headway.plans.outlook.queries import ENOUGH, Calibration, ChanceClass, calibration

# a class of fewer than this is shown without a mark's verdict
FEW = 10


def forecasts(request: HttpRequest) -> HttpResponse:
    """The calibration of everything that was forecast and is over."""
    found = calibration(cast(User, request.user))
    context = {
        "title": headline(found),
        "found": found,
        "steps": [step_of(k) for k in found.classes] if found.enough else [],
        "table": table_of(found),
        "missing": max(0, ENOUGH - found.settled),
    }
    return render(request, "plans/forecasts.html", context)


def headline(found: Calibration) -> str:
    """The finding of the page."""
    if not found.enough:
        return _("Not enough forecasts are over yet to say how well chances come true")
    # off by chance: beyond what each class's own luck allows
    off = [k for k in found.classes if k.n >= FEW and not _holds(k)]
    if not off:
        return _("Stated chances come true about as often as they say")
    return ngettext(
        "One class of chances came true more or less often than stated",
        "%(n)s classes of chances came true more or less often than stated",
        len(off),
    ) % {"n": len(off)}


def _range(k: ChanceClass) -> tuple[float, float]:
    hit = round(k.came_true * k.n)
    low, high = (float(v) for v in betaincinv(hit + 0.5, k.n - hit + 0.5, [0.05, 0.95]))
    return (0.0 if hit == 0 else low), (1.0 if hit == k.n else high)


def _holds(k: ChanceClass) -> bool:
    low, high = _range(k)
    return low <= k.stated <= high


def step_of(k: ChanceClass) -> funnel.Step:
    """One class as a row: the mark is what came true, the line what was said."""
    low, high = _range(k)
    label = _("%(low)s to %(high)s in 100") % {"low": round(100 * k.low), "high": round(100 * k.high)}
    true, said = f"{100 * k.came_true:.0f}%", f"{100 * k.stated:.0f}%"
    return funnel.Step(
        label=label,
        title=_("Said %(said)s, came true %(true)s") % {"said": said, "true": true},
        description=_("Of %(n)s forecasts %(hit)s came true.") % {"n": k.n, "hit": round(k.came_true * k.n)},
        kind=Kind.UNKNOWN if k.n < FEW else Kind.GOOD if _holds(k) else Kind.SIGNAL,
        value=k.came_true,
        value_text=true,
        low=low,
        high=high,
        peer=k.stated,
        counts=ngettext("%s forecast", "%s forecasts", k.n) % k.n,
        say=_("Said %s") % said,
        peer_text=said,
        scale_high=1.0,
    )


def table_of(found: Calibration) -> Table:
    """The same as figures, with their counts; also while there are too few for a picture."""
    header = (_("Said, in 100"), _("Forecasts"), _("Said, on average"), _("Came true"))
    rows = tuple(
        (
            f"{round(100 * k.low)}–{round(100 * k.high)}",
            str(k.n),
            f"{100 * k.stated:.0f}%",
            _("%(hit)s of %(n)s") % {"hit": round(k.came_true * k.n), "n": k.n},
        )
        for k in found.classes
    )
    return Table(header, rows, figures=frozenset({1, 2, 3}))
