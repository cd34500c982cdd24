"""What is not promised by the log-in library is imported in one module only."""

from pathlib import Path

from tests.architecture.test_rooms import MODULES, imported

HERE = Path("members/library.py")


def reaches_inside(path):
    return any(
        name.split(".")[0] == "allauth"
        and any(part == "internal" or part.startswith("_") for part in name.split("."))
        for name in imported(path)
    )


def test_log_in_library_is_imported_from_inside_in_one_module():
    assert [path for path in MODULES if reaches_inside(path)] == [HERE]
