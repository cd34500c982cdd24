"""Demonstration content, made through the services as staff and workers would.

Every person in it is invented and carries the mark “示例·”; figures and proper names
are those of the union's own report. ``services.make`` makes all of it, once.
"""
