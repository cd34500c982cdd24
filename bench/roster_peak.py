"""``python -m bench.roster_peak ROWS``: the most memory an import holds, in megabytes.

The file is made by another process, so that writing it does not count.
"""

import subprocess
import sys

import django

django.setup()

from bench import roster  # noqa: E402


def peak() -> float:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    raise RuntimeError("This system does not say how much memory a process held.")


if sys.argv[2:] == ["make"]:
    sys.stdout.buffer.write(roster.make_file(int(sys.argv[1])))
else:
    made = subprocess.run(
        [sys.executable, "-m", "bench.roster_peak", sys.argv[1], "make"],
        check=True,
        stdout=subprocess.PIPE,
    )
    roster.bring_in(made.stdout)
    print(f"{peak():.1f}")
