"""The back office of people; each module registers its own tables."""

from members.admin import belonging, certificates, people, rosters, telling

__all__ = ["belonging", "certificates", "people", "rosters", "telling"]
