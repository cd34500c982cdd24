"""The back office of people; each module registers its own tables."""

from members.admin import belonging, people, rosters

__all__ = ["belonging", "people", "rosters"]
