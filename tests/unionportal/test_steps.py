"""``deploy/portal.sh``, behind make: what is missing on a machine is told in one line."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OLD_PYTHON = "#!/bin/sh\nexit 1\n"
# New enough, but Debian's: without the package python3-venv.
PYTHON_WITHOUT_VENV = '#!/bin/sh\ncase "$*" in *version_info*) exit 0 ;; esac\nexit 1\n'


@pytest.fixture
def machine(tmp_path):
    """A checkout with a space in its path, on a machine without any Python yet."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ["sh", "dirname", "rm", "cat", "sha256sum", "flock", "make", "pwd"]:
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    checkout = tmp_path / "union portal"
    (checkout / "deploy").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", checkout)
    shutil.copy(ROOT / "deploy" / "portal.sh", checkout / "deploy")
    return checkout


def add_program(machine, name, text):
    program = machine.parent / "bin" / name
    program.write_text(text)
    program.chmod(0o755)


def make(machine, *arguments):
    done = subprocess.run(
        ["make", *arguments],
        capture_output=True,
        cwd=machine,
        env={"PATH": str(machine.parent / "bin")},
        text=True,
    )
    said = done.stderr.splitlines()
    return done.returncode, [line for line in said if not line.startswith("make:")]


@pytest.mark.parametrize("pythons", [{}, {"python3": OLD_PYTHON}])
def test_a_missing_or_old_python_is_named(machine, pythons):
    for name, text in pythons.items():
        add_program(machine, name, text)

    status, said = make(machine, "run")

    assert status != 0
    assert said == [
        "Python 3.11 or newer is missing: apt-get install python3 python3-venv"
    ]


@pytest.mark.parametrize("name", ["python3", "python3.12"])
def test_a_missing_venv_is_named(machine, name):
    add_program(machine, "python3", OLD_PYTHON)
    add_program(machine, name, PYTHON_WITHOUT_VENV)

    status, said = make(machine, "test")

    assert status != 0
    assert said == ["Python's venv module is missing: apt-get install python3-venv"]


def test_stopping_needs_no_environment(machine):
    status, said = make(machine, "stop")

    assert status != 0
    assert said == ["Nothing to stop: .venv does not exist."]


@pytest.mark.parametrize(
    "script", ["deploy/portal.sh", ".ci/run"], ids=lambda name: Path(name).name
)
def test_scripts_are_plain_shell(script):
    assert os.access(ROOT / script, os.X_OK)
    checked = subprocess.run(
        ["sh", "-n", ROOT / script], capture_output=True, check=True, text=True
    )
    assert checked.stderr == ""
