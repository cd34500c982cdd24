"""Verbs of people and unions, and the only code that writes to their tables.

``accounts``  log-ins: opening one, its number, its rights
``unions``    the tree of unions
``passwords``, ``second_factor``, ``devices``, ``logins``  what guards a log-in
"""
