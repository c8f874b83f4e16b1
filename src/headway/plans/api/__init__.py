"""Plans over the API: the same reads, actions and rules as the pages."""

from headway.plans.api import reading, signing, steps, talk, writing  # each adds its operations
from headway.plans.api.routing import router

__all__ = ["reading", "router", "signing", "steps", "talk", "writing"]
