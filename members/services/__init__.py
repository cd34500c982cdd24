"""Verbs of people and unions, and the only code that writes to their tables.

Log-ins:

``accounts``  opening one, its number, its rights
``duties``    roles that stay apart or need a second administrator
``selfservice``  what people do to their own account
``passwords``, ``second_factor``, ``devices``, ``logins``  what guards a log-in
``codes``     proving a number by a code
``texting``   sending a text within the limits
``consents``  what people agreed to

People and unions, which know log-ins and not the other way round:

``unions``    the tree of unions
``rights``    who looks after which union, and the reveal of a full number
``workers``   a worker's row filled in by hand
``roster``    a union's own list of its people, brought in (``roster_pass`` reads it)
``verification``  an account becomes that of a worker on the roster
``transfers``  from one union to another
``memberships``  each January and July the roster is gone through
``owndata``  what a person may see, correct, withdraw and end
"""
