"""Running plans over the API: the same reads, actions and rules as the pages."""

from headway.running.api import coaching, steps  # each adds its operations
from headway.running.api.routing import router

__all__ = ["coaching", "router", "steps"]
