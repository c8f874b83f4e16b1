from tests.plans.conftest import people, run

__all__ = ["people", "run"]
