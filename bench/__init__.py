"""What ``make bench`` runs: each figure beside its reference, from the same run.

The lines stand in ``names``, what each of them measures in the docstring of its part.
``make bench ARGS=rush_full`` prints one of them.

Machines are noisy, so only ratios count; rounds of a figure and of its reference are
interleaved and their medians compared. A name says what is measured: what is kept is
never called cold.
"""
