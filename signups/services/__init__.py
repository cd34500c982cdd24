"""Verbs of the desk. The only code that writes to its tables.

Lock order, everywhere: worker (advisory), then pool (row). The settler's own advisory
lock on a pool comes before both and is taken by nobody else.

``seats``      taking a seat, waiting, cancelling, passing freed seats on
``offerings``  opening an offering, its times, its capacity, closing it down
``leaving``    giving up everything at once
``messages``   writing to all who hold a seat or wait
``standing``   the same rules as a question: every reason, for buttons and refusals
"""
