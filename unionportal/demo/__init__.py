"""Demonstration content, made through the services as staff and workers would.

Every person in it is invented, which every page says on top (``IS_DEMONSTRATION``);
figures are those of the union's own report. ``services.make`` makes all of it, once.
"""
