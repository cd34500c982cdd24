"""The back office of training; each module registers its own tables."""

from activities.training.admin import classes, terms

__all__ = ["classes", "terms"]
