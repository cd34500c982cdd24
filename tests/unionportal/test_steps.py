"""``deploy/portal.sh``, behind make: what is missing on a machine is reported in one line."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OLD_PYTHON = "exit 1\n"
# New enough, but Debian's: without the package python3-venv.
PYTHON_WITHOUT_VENV = 'case "$*" in *version_info*) exit 0 ;; esac\nexit 1\n'


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
    program.write_text(f"#!/bin/sh\n{text}")
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
def test_make_names_a_missing_or_old_python(machine, pythons):
    for name, text in pythons.items():
        add_program(machine, name, text)

    status, said = make(machine, "run")

    assert status != 0
    assert said == [
        "Python 3.11 or newer is missing: apt-get install python3 python3-venv"
    ]


@pytest.mark.parametrize("name", ["python3", "python3.12"])
def test_make_names_a_missing_venv(machine, name):
    add_program(machine, "python3", OLD_PYTHON)
    add_program(machine, name, PYTHON_WITHOUT_VENV)

    status, said = make(machine, "test")

    assert status != 0
    assert said == ["Python's venv module is missing: apt-get install python3-venv"]


def test_make_stop_needs_no_environment(machine):
    status, said = make(machine, "stop")

    assert status != 0
    assert said == ["Nothing to stop: .venv does not exist."]


# --- .ci/run --------------------------------------------------------------------------


@pytest.fixture
def bare_debian(machine):
    """A machine where every program that .ci/run calls writes down that it was."""
    (machine / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", machine / ".ci")
    programs = machine.parent / "bin"
    (programs / "make").unlink()
    for name in ["ls", "env"]:
        (programs / name).symlink_to(shutil.which(name))
    add_program(machine, "apt-get", 'echo "apt-get $*"\n')
    add_program(machine, "sudo", 'echo "sudo $1"; exec "$@"\n')
    add_program(machine, "make", 'echo "make $* browser=$REQUIRE_BROWSER"\n')
    return machine


def ci_run(machine, user):
    add_program(machine, "id", f"echo {user}\n")
    return subprocess.run(
        ["sh", ".ci/run"],
        capture_output=True,
        cwd=machine,
        env={"PATH": str(machine.parent / "bin")},
        text=True,
    )


@pytest.mark.parametrize(("user", "through_sudo"), [(0, False), (1000, True)])
def test_make_ci_machine_installs_what_is_missing_then_checks(
    bare_debian, user, through_sudo
):
    done = ci_run(bare_debian, user)

    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    installed = next(line for line in said if line.startswith("apt-get install"))
    assert {"python3", "python3-venv", "chromium"} <= set(installed.split())
    assert ("sudo env" in said) == through_sudo
    assert said[-4:] == [
        "make lint browser=",
        "Running the suite: make test, browser required",
        "make test browser=1",
        "All checks passed.",
    ]


def test_make_ci_machine_says_no_when_a_check_fails(bare_debian):
    add_program(bare_debian, "make", '[ "$1" != lint ]\n')

    done = ci_run(bare_debian, 0)

    assert done.returncode != 0
    assert "Running the suite" not in done.stdout


@pytest.mark.parametrize(
    "script", ["deploy/portal.sh", ".ci/run"], ids=lambda name: Path(name).name
)
def test_deploy_scripts_are_plain_shell(script):
    assert os.access(ROOT / script, os.X_OK)
    checked = subprocess.run(
        ["sh", "-n", ROOT / script], capture_output=True, check=True, text=True
    )
    assert checked.stderr == ""
