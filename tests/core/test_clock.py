from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.errors import Conflict
from headway.core.models import Company
from headway.people.actions import set_demo_day

pytestmark = pytest.mark.django_db


def test_the_day_is_the_companys_not_the_machines() -> None:
    Company.objects.create(name="Alderwick", time_zone="Pacific/Auckland")
    with clock.at(datetime(2026, 5, 17, 20, tzinfo=UTC)):
        assert clock.today() == date(2026, 5, 18)
        assert clock.now() == datetime(2026, 5, 17, 20, tzinfo=UTC)


def test_a_demo_company_has_a_day_of_its_own() -> None:
    Company.objects.create(name="Alderwick", is_demo=True)
    set_demo_day(day=date(2026, 5, 18), by=SYSTEM)
    assert clock.today() == date(2026, 5, 18)
    assert clock.now().date() == date(2026, 5, 18)


def test_nobody_sets_the_clock_of_a_real_company() -> None:
    Company.objects.create(name="Real")
    with pytest.raises(Conflict):
        set_demo_day(day=date(2026, 5, 18), by=SYSTEM)
    assert Company.objects.get().demo_today is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 5, 18)):  # noqa: DTZ001
        pass
