"""Verbs of people and unions, and the only code that writes to their tables.

``accounts``  log-ins: opening one, its number, its rights
``unions``    the tree of unions
``texting``   sending a text within the limits
``codes``     proving a number by a code
``consents``  what people agreed to
``selfservice``  what people do to their own account
"""
