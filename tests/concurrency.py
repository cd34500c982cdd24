"""Many people at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from common.errors import Refusal


def at_once(calls):
    """Start every call at the same moment; results and Refusals, in the order given."""
    gate = Barrier(len(calls), timeout=30)

    def run(call):
        try:
            connection.ensure_connection()
            gate.wait()
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
