"""A step of the funnel: its own past as a pointer, and the words of a plan's two marks."""

import re
from dataclasses import replace

import pytest

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


@pytest.mark.parametrize(
    ("began", "goal", "towards"), [(150.0, 200.0, "end"), (200.0, 150.0, "start"), (20.0, 200.0, "middle")]
)
def test_where_a_plan_began_is_written_aside_of_a_goal_that_is_near(began, goal, towards):
    marked = replace(STEP, value=91.0, began=began, began_text="began", goal=goal, goal_text="goal")
    anchors = re.findall(r'text-anchor="(\w+)">(began|goal)<', str(funnel.render(marked)))
    assert anchors == [(towards, "began"), ("middle", "goal")]
