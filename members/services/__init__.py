"""Verbs of people and unions, and the only code that writes to their tables.

``accounts``  log-ins: opening one, its number, its rights
``unions``    the tree of unions
``verification``  an account becomes that of a worker on the roster
``transfers``  from one union to another
``memberships``  each January and July the roster is gone through
``owndata``  what a person may see, correct, withdraw and end
"""
