"""What ``make bench`` runs: each figure beside its reference, from the same run.

``page_uncached``, ``list_uncached``   in one process, through the whole WSGI stack
``rush_sql``                           the seat statement alone, against a plain insert
``rush``, ``memory``, ``first_load``   through the real application server

Machines are noisy, so only ratios count; rounds of a figure and of its reference are
interleaved and their medians compared.
"""
