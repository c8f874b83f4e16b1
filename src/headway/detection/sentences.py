"""The words: every number in a sentence is one of the result's."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.detection.chances import EFFORT, SIZE
from headway.detection.signal import Finding, Index, StageEvidence


def percent(share: float) -> str:
    """0.55 -> '55%'."""
    return f"{100 * share:.0f}%"


def in_hundred(chance: float) -> str:
    """0.03 -> '3 in 100'; never 0 or 100, which nobody can know."""
    return _("%(n)s in 100") % {"n": min(99, max(1, round(100 * chance)))}


def day_text(day: date) -> str:
    """'3 March 2026' in the reader's language."""
    return str(date_format(day, "j F Y"))


def money(amount: float, currency: str) -> str:
    """'€162,000': three figures are enough in a sentence; other currencies by their code."""
    sign = {"EUR": "€", "USD": "$", "GBP": "£"}.get(currency, f"{currency} ")
    digits = len(str(int(abs(amount))))
    return f"{'−' if amount < 0 else ''}{sign}{round(abs(amount), min(0, 3 - digits)):,.0f}"


def step_label(key: str) -> str:
    """'proposal_to_won' -> 'from proposal to won'."""
    if key == "meetings":
        return _("meetings")
    if key == EFFORT:
        return _("leads found alone")
    if key == SIZE:
        return _("deal size")
    before, _sep, after = key.partition("_to_")
    return _("from %(before)s to %(after)s") % {"before": before, "after": after}


def index_sentence(index: Index, *, peers: str) -> str:
    return _("Estimate %(estimate)s of %(peers)s, likely %(low)s to %(high)s (nine in ten).") % {
        "estimate": percent(index.estimate),
        "peers": peers,
        "low": percent(index.low),
        "high": percent(index.high),
    }


def wins_sentence(name: str, *, expected: float, observed: float, leads: bool) -> str:
    text = (
        _(
            "With the same leads a comparable colleague would have won about %(expected)s deals in the last half year; "
            "%(name)s won %(observed)s."
        )
        if leads
        else _(
            "With the same deals a comparable colleague would have won about %(expected)s in the last half year; "
            "%(name)s won %(observed)s."
        )
    )
    return text % {
        "expected": f"{expected:.0f}",
        "name": name,
        "observed": f"{observed:.0f}",
    }


def chance_sentence(p_under: float, *, under: float) -> str:
    return _("The chance of being under %(under)s is %(chance)s.") % {
        "under": percent(under),
        "chance": in_hundred(p_under),
    }


def finding_sentence(finding: Finding, name: str, *, since: date | None, kind: str | None) -> str:
    """First sentence about a person."""
    if finding is Finding.REAL_DROP and since:
        return _("Real drop since about %(day)s.") % {"day": day_text(since)}
    if finding is Finding.EARLY_SIGN and since:
        return _("Something changed around %(day)s: %(what)s. Talk, don’t judge.") % {
            "day": day_text(since),
            "what": step_label(kind) if kind else _("in several steps"),
        }
    if finding is Finding.RECOVERING and since:
        return _("Going up since about %(day)s; still early.") % {"day": day_text(since)}
    texts = {
        Finding.REAL_DROP: _("Results dropped and the drop is more than luck."),
        Finding.BELOW: _("Results lie below those of comparable colleagues."),
        Finding.EARLY_SIGN: _("Something changed lately. Talk, don’t judge."),
        Finding.RECOVERING: _("Going up; still early."),
        Finding.TERRITORY: _("Results are behind because of the territory, not because of the work on it."),
        Finding.SHARED: _(
            "Results are behind, and so are those of most colleagues; the work is inside the usual band."
        ),
        Finding.OUT_OF_REACH: _(
            "Results are behind the quota, and a comparable colleague would have missed it too; the work is inside the "
            "usual band."
        ),
        Finding.LUCK: _("Bad luck so far: results are behind, the work behind them is inside the usual band."),
        Finding.RAMPING: _("Ramping: compared with others at the same time in role, no quota applies yet."),
        Finding.STEADY: _("Where comparable colleagues are."),
        Finding.WELL: _("Above comparable colleagues."),
    }
    return texts[finding]


def below_sentence(adjusted: tuple[str, ...]) -> str:
    """First sentence about somebody below colleagues; names only what these data could take into account.

    adjusted: keys of it, as in the comparison group.
    """
    known = {"leads": {"source", "score"}, "products": {"product"}, "territory": {"territory"}, "tenure": {"tenure"}}
    named = [key for key, needs in known.items() if needs & set(adjusted)]
    texts = {
        "leads": _("the kinds of leads"),
        "products": _("the products"),
        "territory": _("the territory"),
        "tenure": _("the time in role"),
    }
    if not named:
        return _("Results lie below those of comparable colleagues, by more than chance makes likely.")
    said = [texts[key] for key in named]
    if len(said) == 1:
        return _("Results lie below those of comparable colleagues, by more than %(one)s can explain.") % {
            "one": said[0]
        }
    return _("Results lie below those of comparable colleagues, by more than %(some)s or %(last)s can explain.") % {
        "some": ", ".join(said[:-1]),
        "last": said[-1],
    }


def where_colleagues_are() -> str:
    return _("Where comparable colleagues are.")


def ramp_sentence(month: int, usual: int | None) -> str:
    """usual: months after which colleagues were fully ramped, None where the data show no ramp."""
    values = {"month": month, "usual": usual}
    if usual is not None and month <= usual:
        return _("Month %(month)s of a usual %(usual)s, compared with others in their month %(month)s.") % values
    return _("Month %(month)s in role, compared with others in their month %(month)s.") % values


def step_sentence(row: StageEvidence, *, currency: str) -> str:
    """'From proposal to won: 24% in the last half year, comparable colleagues 35%.'"""
    if row.key == SIZE:
        own, peer = money(row.rate, currency), money(row.peer_rate, currency)
    elif row.key == EFFORT:
        own, peer = (_("%(n)s a week") % {"n": f"{rate:.1f}"} for rate in (row.rate, row.peer_rate))
    else:
        own, peer = percent(row.rate), percent(row.peer_rate)
    label = step_label(row.key)
    return _("%(step)s: %(own)s in the last half year, comparable colleagues %(peer)s.") % {
        "step": label[:1].upper() + label[1:],
        "own": own,
        "peer": peer,
    }


def says_little_sentence() -> str:
    return _("Nothing points away from comparable colleagues, but these data say little.")


def watch_below_sentence() -> str:
    return _("Perhaps below comparable colleagues; the evidence is not clear yet.")


def quota_sentence(attainment: float, potential: float | None) -> str:
    if potential is not None:
        return _("%(share)s of quota on a territory with %(potential)s of the average potential.") % {
            "share": percent(attainment),
            "potential": percent(potential),
        }
    return _("%(share)s of quota in the periods that ended within the last half year.") % {"share": percent(attainment)}


def reach_sentence(attainment: float, colleague: float, *, leads: bool) -> str:
    """What was reached of the quotas that ended lately, and what a colleague would have reached of the same."""
    text = (
        _("%(share)s of quota; with the same leads a comparable colleague would have reached about %(colleague)s.")
        if leads
        else _("%(share)s of quota; with the same deals a comparable colleague would have reached about %(colleague)s.")
    )
    return text % {"share": percent(attainment), "colleague": percent(colleague)}


def behind_sentence(people: int, of: int) -> str:
    """ "9 of 10 people with a quota are clearly behind it: ..."."""
    return _(
        "%(people)s of %(of)s people with a quota are clearly behind it: that points to the quotas, the market or "
        "the data, not to one person."
    ) % {"people": people, "of": of}


def territory_sentence(potential: float) -> str:
    return _("The territory holds %(potential)s of the average potential.") % {"potential": percent(potential)}


def group_sentence(n: int, *, label: str, adjusted: tuple[str, ...]) -> str:
    return ngettext(
        "Compared with %(n)s colleague (%(label)s); %(adjusted)s taken into account.",
        "Compared with %(n)s colleagues (%(label)s); %(adjusted)s taken into account.",
        n,
    ) % {"n": n, "label": label, "adjusted": ", ".join(adjusted_label(key) for key in adjusted)}


def adjusted_label(key: str) -> str:
    return {
        "segment": _("segment"),
        "source": _("lead source"),
        "score": _("lead score"),
        "season": _("season"),
        "territory": _("territory"),
        "tenure": _("time in role"),
        "product": _("product"),
    }.get(key, key)


def group_label(segment: str | None, *, ramping: bool) -> str:
    if ramping:
        return _("at equal time in role")
    return _("segment %(segment)s") % {"segment": segment} if segment else _("all sales people")


def peers_label(*, ramping: bool) -> str:
    return _("others at the same time in role") if ramping else _("comparable colleagues")


def reliability_sentence(reliability: float, chances: int) -> str:
    return _("%(n)s chances give a reliability of %(r)s (1 would be certainty).") % {
        "n": chances,
        "r": f"{reliability:.2f}",
    }


def metric_name(key: str) -> str:
    return {
        "win_rate": _("Win rates"),
        SIZE: _("Deal sizes"),
        EFFORT: _("Numbers of leads found alone"),
    }.get(key) or _("Rates %(step)s") % {"step": step_label(key)}


def spread_sentence(key: str, *, statistic: float, df: int, p_value: float) -> str:
    """'Win rates differ no more than chance allows (spread 33, luck alone gives about 29).'"""
    text = (
        _("%(metric)s differ more than chance allows (spread %(statistic)s, luck alone gives about %(df)s).")
        if p_value < 0.05
        else _("%(metric)s differ no more than chance allows (spread %(statistic)s, luck alone gives about %(df)s).")
    )
    return text % {"metric": metric_name(key), "statistic": f"{statistic:.0f}", "df": df}


def false_discovery_sentence(share: float) -> str:
    return _("Of a hundred people named at this level about %(n)s are expected to be fine.") % {"n": round(100 * share)}
