"""The words: every number in a sentence is one of the result's."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.detection.before_after import BeforeAfter
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
            "With the same leads a comparable colleague would have won about %(expected)s deals; "
            "%(name)s won %(observed)s."
        )
        if leads
        else _(
            "With the same deals a comparable colleague would have won about %(expected)s; %(name)s won %(observed)s."
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
        Finding.BELOW: _(
            "Results lie below those of comparable colleagues, by more than leads, territory or time in role explain."
        ),
        Finding.EARLY_SIGN: _("Something changed lately. Talk, don’t judge."),
        Finding.RECOVERING: _("Going up; still early."),
        Finding.TERRITORY: _("Results are behind because of the territory, not because of the work on it."),
        Finding.LUCK: _("Bad luck so far: results are behind, the work behind them is inside the usual band."),
        Finding.RAMPING: _("Ramping: compared with others at the same time in role, no quota applies yet."),
        Finding.STEADY: _("Where comparable colleagues are."),
        Finding.WELL: _("Above comparable colleagues."),
    }
    return texts[finding]


def where_colleagues_are() -> str:
    return _("Where comparable colleagues are.")


def ramp_sentence(month: int, usual: int | None) -> str:
    """usual: months after which colleagues were fully ramped, None where the data show no ramp."""
    values = {"month": month, "usual": usual}
    if usual is not None and month <= usual:
        return _("Month %(month)s of a usual %(usual)s, compared with others in their month %(month)s.") % values
    return _("Month %(month)s in role, compared with others in their month %(month)s.") % values


def counted(key: str, done: float, total: float, *, name: str) -> str:
    """'Jonas won 53 of 112 proposals (47%)'."""
    values = {"name": name, "done": f"{done:.0f}", "total": f"{total:.0f}", "share": percent(done / total)}
    before, _sep, after = key.partition("_to_")
    if key == "proposal_to_won":
        return _("%(name)s won %(done)s of %(total)s proposals (%(share)s)") % values
    if after == "won":
        return _("%(name)s won %(done)s of %(total)s deals (%(share)s)") % values
    if key == "lead_to_qualified":
        return _("%(name)s qualified %(done)s of %(total)s leads (%(share)s)") % values
    return _("%(name)s brought %(done)s of %(total)s from %(before)s to %(after)s (%(share)s)") % {
        **values,
        "before": before,
        "after": after,
    }


def before_after_sentence(name: str, since: date, change: BeforeAfter, *, currency: str) -> str:
    """'In the year before 3 March 2026 Jonas won 53 of 112 proposals (47%), since then 4 of 28 decided (14%).'"""
    values = {"day": day_text(since), "name": name}
    if change.kind == "conversion":
        return _("In the year before %(day)s %(counted)s, since then %(done)s of %(total)s decided (%(share)s).") % {
            **values,
            "counted": counted(change.key, change.done_before, change.total_before, name=name),
            "done": f"{change.done_after:.0f}",
            "total": f"{change.total_after:.0f}",
            "share": percent(change.after),
        }
    if change.kind == "size":
        return _("In the year before %(day)s a typical deal %(name)s won was %(before)s, since then %(after)s.") % {
            **values,
            "before": money(change.before, currency),
            "after": money(change.after, currency),
        }
    text = (
        _("In the year before %(day)s %(name)s had %(before)s meetings a week, since then %(after)s.")
        if change.kind == "activity"
        else _("In the year before %(day)s %(name)s found %(before)s leads a week, since then %(after)s.")
    )
    return text % {**values, "before": f"{change.before:.1f}", "after": f"{change.after:.1f}"}


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


def clear_sentence(weeks: int | None, *, key: str = "", wins: int = 0, chances: int = 0) -> str:
    """What would clear a person; with `wins` of `chances` in the step `key` as the example, where known."""
    if weeks is None:
        return _("Nothing needs to be cleared.")
    if weeks >= 52:
        return _(
            "More than a year at the level of comparable colleagues would be needed to clear this "
            "by figures alone; what was observed and agreed counts too."
        )
    values = {"n": weeks, "wins": wins, "chances": chances, "step": step_label(key) if key else ""}
    if key and chances >= 5 and wins >= 1:
        text = (
            ngettext(
                "About %(wins)s wins in the next %(chances)s proposals (some %(n)s week at the level of comparable "
                "colleagues) would clear this.",
                "About %(wins)s wins in the next %(chances)s proposals (some %(n)s weeks at the level of comparable "
                "colleagues) would clear this.",
                weeks,
            )
            if key == "proposal_to_won"
            else ngettext(
                "About %(wins)s of the next %(chances)s %(step)s (some %(n)s week at the level of comparable "
                "colleagues) would clear this.",
                "About %(wins)s of the next %(chances)s %(step)s (some %(n)s weeks at the level of comparable "
                "colleagues) would clear this.",
                weeks,
            )
        )
        return text % values
    return (
        ngettext(
            "About %(n)s week at the level of comparable colleagues would clear this.",
            "About %(n)s weeks at the level of comparable colleagues would clear this.",
            weeks,
        )
        % values
    )


def clear_effort_sentence() -> str:
    return _("A few weeks at the earlier level would clear this, or a good reason for the change.")


def refusal_sentences(code: str, name: str, *, chances: int, needed: int, weeks: int) -> tuple[str, str]:
    """Why there is no judgement, and what would help."""
    values = {"name": name, "chances": chances, "needed": needed, "weeks": weeks}
    texts = {
        "owns_nothing": (
            _(
                "%(name)s owns no leads and no deals in these data, so there is nothing to judge: "
                "away, new or in another job, the data don’t say."
            ),
            _("Say in the people file whether %(name)s sells, and since when."),
        ),
        "no_conversion": (
            _("No step shows both chances that went on and chances that did not, so no conversion can be computed."),
            _("Load won, lost and open deals (or leads) with their owner."),
        ),
        "no_comparison": (
            _("There are too few colleagues with results to compare %(name)s with."),
            _("A comparison needs at least %(needed)s colleagues with leads or deals."),
        ),
        "too_new": (
            _("%(name)s started %(weeks)s weeks ago: too early for results."),
            _("A first look makes sense after %(needed)s weeks."),
        ),
        "away": (
            _("%(name)s was away for most of the last three months, so recent results say nothing."),
            _("A first look makes sense some weeks after the return."),
        ),
        "too_few": (
            _("%(name)s had about %(chances)s chances with a known end so far: too few for an estimate."),
            _("About %(needed)s more will give a first estimate."),
        ),
    }
    why, help_text = texts[code]
    return why % values, help_text % values


def metric_name(key: str) -> str:
    return {
        "win_rate": _("Win rates"),
        SIZE: _("Deal sizes"),
        EFFORT: _("Numbers of leads found alone"),
    }.get(key) or _("Rates %(step)s") % {"step": step_label(key)}


def spread_sentence(key: str, *, statistic: float, df: int, p_value: float) -> str:
    """'Win rates differ no more than chance allows (chi-square 33 on 29 degrees of freedom).'"""
    text = (
        _("%(metric)s differ more than chance allows (chi-square %(statistic)s on %(df)s degrees of freedom).")
        if p_value < 0.05
        else _("%(metric)s differ no more than chance allows (chi-square %(statistic)s on %(df)s degrees of freedom).")
    )
    return text % {"metric": metric_name(key), "statistic": f"{statistic:.0f}", "df": df}


def metric_reason(key: str, code: str) -> str:
    """Why a measure could not be used."""
    texts = {
        "no_leads": _("No leads were loaded, so it is unknown who turns leads into deals; deals are taken as given."),
        "not_loaded": _("Nothing was loaded for this."),
        "no_amounts": _("No won deal carries an amount, so deal size is left out."),
        "few_amounts": _("Too few won deals with an amount to compare deal sizes, so deal size is left out."),
        "same_amounts": _("Every won deal has the same amount, so people cannot be told apart by deal size."),
        "no_self_sourced": _("Nothing says which leads people found themselves, so effort is left out."),
        "only_successes": _("Every chance in these data went on, so people cannot be told apart by it."),
        "never_occurs": _("This step never occurs in these data; the steps before and after it are taken as one."),
        "leads_not_linked": _("No lead is marked as qualified or linked to a deal, so leads are left out."),
        "mix_unknown": _(
            "Neither product nor list price is known, so deal sizes may differ by what is sold. "
            "Deal size alone names nobody, and estimates are less certain."
        ),
        "none_succeeded": _("Nobody succeeded in this step, so people cannot be told apart."),
        "too_few": _("Too few chances to compare people."),
    }
    return texts[code]


def false_discovery_sentence(share: float) -> str:
    return _("Of a hundred people named at this level about %(n)s are expected to be fine.") % {"n": round(100 * share)}
