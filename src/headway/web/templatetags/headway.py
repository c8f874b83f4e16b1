"""What templates may say: money, chances, days, pictures, and attributes passed on safely."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django_cotton.templatetags import Attrs

from headway.charts import change, cusum, dots, forecast, funnel, funnel_plot, interval, levels, meter, waterfall, weeks
from headway.charts.marks import Kind
from headway.charts.svg import Svg, key_of
from headway.web import text

register = template.Library()

_NAME = re.compile(r"^[A-Za-z_:][A-Za-z0-9_.:-]*$")
Picture = (
    interval.Interval
    | change.Change
    | waterfall.Waterfall
    | funnel.Step
    | dots.Reach
    | levels.Levels
    | weeks.Weeks
    | forecast.Forecast
    | funnel_plot.FunnelPlot
    | cusum.Strip
)


@register.filter
def money(value: text.Amount | None, currency: str = "EUR") -> str:
    """{{ amount|money:company.currency }}: €150,000."""
    return text.money(value, currency=currency)


@register.filter
def money_short(value: text.Amount | None, currency: str = "EUR") -> str:
    """{{ amount|money_short:company.currency }}: €150k, for pictures and tables."""
    return text.money(value, currency=currency, short=True)


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """{{ 0.55|percent }}: 55%."""
    return text.percent(share, digits=digits)


@register.simple_tag
def range_percent(low: float | None, high: float | None) -> str:
    """{% range_percent low high %}: likely 44 to 68%."""
    return text.range_percent(low, high)


@register.filter
def chances(chance: float | None) -> str:
    """{{ 0.56|chances }}: 56 in 100."""
    return text.chances(chance)


@register.filter
def in_hundred(chance: float) -> int:
    return text.in_hundred(chance)


@register.filter
def day(value: date | None, form: str = "") -> str:
    """{{ on|day }}: 3 March, with the year when it is not this year; {{ on|day:"short" }}: 3 Mar."""
    return text.day(value, short=form == "short")


@register.filter
def initials(name: str) -> str:
    return text.initials(str(name))


@register.simple_tag(name="key_of")
def key_of_texts(*texts: object) -> str:
    """{% key_of title note as id %}: an id made of words, the same on every rendering."""
    return key_of(*(str(words) for words in texts))


@register.filter
def choices(options: Iterable[tuple[Any, Any]], value: Any) -> SafeString:
    """The options of a select, the one of this value chosen. In code: a list may have a thousand teams."""
    written = []
    for choice, words in options:
        kept = escape(str(choice))
        shown = kept if words == choice else conditional_escape(words)
        written.append(f'<option value="{kept}"{" selected" if choice == value else ""}>{shown}</option>')
    return mark_safe("".join(written))


@register.filter
def attributes(passed: Mapping[str, Any]) -> SafeString:
    """The attributes a component was given and does not know, escaped; never style or inline script."""
    written = []
    unknown = passed.attrs_dict() if isinstance(passed, Attrs) else passed  # without the declared ones
    for name, value in unknown.items():
        lower = name.lower()
        if lower == "style" or lower.startswith(("on", "hx-on")) or not _NAME.match(name) or value is False:
            continue
        written.append(name if value is True else f'{name}="{conditional_escape(value)}"')
    return mark_safe(" ".join(written))


@register.simple_tag(takes_context=True)
def page_link(context: Context, number: int) -> str:
    """This page's address with another page number; every other choice is kept."""
    query = QueryDict(mutable=True)
    if "request" in context:
        query.update(context["request"].GET)
    query["page"] = str(number)
    return f"?{query.urlencode()}"


_CONTROLS = {"select": "select", "textarea": "area", "checkbox": "box", "radio": "box", "hidden": ""}


@register.filter
def widget(field: BoundField) -> SafeString:
    """A form field's control in our look; Django adds aria-invalid and aria-describedby itself."""
    kind = getattr(field.field.widget, "input_type", None) or type(field.field.widget).__name__.lower()
    return field.as_widget(attrs={"class": _CONTROLS.get(kind, "input")})


@register.simple_tag
def interval_picture(
    of: interval.Interval, large: bool = False, scale: interval.Scale | str = "", key: str = ""
) -> Svg:
    """The picture of one `charts.interval.Interval`."""
    chosen = scale if isinstance(scale, interval.Scale) else interval.USUAL
    return interval.render(of, large=bool(large), scale=chosen, key=key)


@register.simple_tag
def picture(of: Picture, key: str = "") -> Svg:
    """The picture of any chart's data."""
    match of:
        case interval.Interval():
            return interval.render(of, large=True, key=key)
        case change.Change():
            return change.render(of, key=key)
        case waterfall.Waterfall():
            return waterfall.render(of, key=key, colours="var")
        case funnel.Step():
            return funnel.render(of, key=key)
        case funnel_plot.FunnelPlot():
            return funnel_plot.render(of, key=key)
        case cusum.Strip():
            return cusum.render(of, key=key)
        case weeks.Weeks():
            return weeks.render(of, key=key)
        case dots.Reach():
            return dots.render(of, key=key)
        case levels.Levels():
            return levels.render(of, key=key)
        case _:
            return forecast.render(of, key=key)


@register.filter
def waterfall_rows(of: waterfall.Waterfall) -> tuple[waterfall.Row, ...]:
    return waterfall.rows(of)


@register.simple_tag
def meter_bar(share: float, kind: str = "unknown") -> Svg:
    return meter.render(meter.Meter(share=share, kind=Kind(kind)))
