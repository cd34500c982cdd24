"""The back office of training; each module registers its own tables."""

from activities.training.admin import classes, plans, terms

__all__ = ["classes", "plans", "terms"]
