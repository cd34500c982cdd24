"""One line a figure, and the same as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Figure:
    """``value unit ratio-to-reference``. ``reach`` is what to reach: a lower bound of
    the ratio, or, where ``reference`` is a limit, an upper bound of the value."""

    name: str
    value: float
    unit: str
    ratio: float
    reference: str
    reach: float
    is_limit: bool = False
    note: str = ""

    @property
    def is_reached(self) -> bool:
        return self.value <= self.reach if self.is_limit else self.ratio >= self.reach

    def __str__(self):
        bound = "<=" if self.is_limit else ">="
        aim = f"{bound} {self.reach:g}{' ' + self.unit if self.is_limit else ''}"
        verdict = "reached" if self.is_reached else "NOT REACHED"
        note = f" · {self.note}" if self.note else ""
        return (
            f"{self.name} {self.value:.1f} {self.unit} {self.ratio:.3f} "
            f"to {self.reference} (reach {aim}: {verdict}){note}"
        )


def write(figure: Figure) -> None:
    """Put a figure into ``bench/results.json``, beside those of other names."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known[figure.name] = asdict(figure) | {"is_reached": figure.is_reached}
    RESULTS.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n")
