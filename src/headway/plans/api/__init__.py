"""Plans over the API: the same reads, actions and rules as the pages."""

from headway.plans.api import papers, reading, signing, steps, talk, writing  # each adds its operations
from headway.plans.api.routing import router

__all__ = ["papers", "reading", "router", "signing", "steps", "talk", "writing"]
