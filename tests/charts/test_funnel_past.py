"""A step's own past: a pointer where it is given, on a scale that holds it."""

from dataclasses import replace

from headway.charts import funnel
from headway.charts.marks import Kind

STEP = funnel.Step("Won", "Won: 20%", "Likely 10 to 30%.", Kind.UNKNOWN, value=0.2, value_text="20%", low=0.1, high=0.3)


def test_the_pointer_stands_where_the_person_was_and_nowhere_else():
    plain, told = funnel.render(STEP), funnel.render(replace(STEP, earlier=0.3))
    assert "M-4.5-15" not in str(plain)
    assert str(told).count("M-4.5-15") == 1
    # the largest thing shown is .3: a quarter more is the end of the scale
    assert 'x="80%"' in str(told)


def test_a_past_beyond_everything_else_widens_the_scale():
    assert 'x="80%"' in str(funnel.render(replace(STEP, earlier=0.6)))
