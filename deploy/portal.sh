#!/bin/sh
# The steps behind the Makefile: sh deploy/portal.sh run|test|dev|lint|format|bench|soak|stop
#
# First the environment: a Python, .venv, the pinned packages (installed again only
# when the pins have changed). Then the step itself, always through .venv/bin/python:
# a checkout that was moved keeps working, although its scripts name the old path.
set -eu
unset CDPATH
cd "$(dirname "$0")/.."
venv=.venv
lock=$venv.lock

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in python3 python3.11 python3.12 python3.13; do
        if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is missing: apt-get install python3 python3-venv"
}

make_venv() {
    base=$(find_python)
    rm -rf "$venv"
    say "Making the environment $venv with $base"
    if "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        "$base" -m venv "$venv" || fail "$venv could not be made; see above."
    elif command -v uv >/dev/null && "$base" -c 'import venv' 2>/dev/null; then
        "$base" -m venv --without-pip "$venv" || fail "$venv could not be made; see above."
    else
        fail "Python's venv module is missing: apt-get install python3-venv"
    fi
}

pins_of() { cat "$@" | sha256sum; }

# install STAMP REQUIREMENTS…: install what is pinned, unless STAMP says it was.
install() {
    stamp=$venv/$1
    shift
    pins=$(pins_of "$@")
    if [ "$(cat "$stamp" 2>/dev/null)" = "$pins" ]; then
        return
    fi
    arguments=
    for file in "$@"; do
        arguments="$arguments -r $file"
    done
    say "Installing the packages of $* (once; up to a few minutes)"
    # shellcheck disable=SC2086  # file names of ours, without spaces
    if command -v uv >/dev/null &&
        uv pip install --python "$venv/bin/python" --require-hashes $arguments; then
        :
    else
        if command -v uv >/dev/null; then say "uv could not do it; trying pip"; fi
        "$venv/bin/python" -m pip install --disable-pip-version-check --no-input \
            --progress-bar off --require-hashes $arguments ||
            fail "The packages could not be installed; see above. Is the package index reachable (PIP_INDEX_URL, HTTPS_PROXY)? Then run the same command again."
    fi
    printf '%s\n' "$pins" >"$stamp"
}

# environment [for-tests]: two steps started at once wait for each other here.
environment() {
    if command -v flock >/dev/null; then
        [ -w . ] || fail "This account cannot write to $(pwd)."
        exec 9>"$lock"
        flock 9
    fi
    if ! is_new_enough "$venv/bin/python"; then
        make_venv
    fi
    if [ "${1:-}" = for-tests ]; then
        install .installed-for-tests requirements.txt requirements-dev.txt
        pins_of requirements.txt >"$venv/.installed"
    else
        install .installed requirements.txt
    fi
    exec 9>&-
}

# format_templates [--check]: the layout first, then what stands inside the tags; each
# leaves the other's work alone. Programs, not modules: they have no "python -m".
format_templates() {
    "$venv/bin/djangofmt" "$@" templates
    find templates -name '*.html' -exec \
        "$venv/bin/djade" --target-version 5.2 "$@" {} +
}

step=${1:-}
if [ $# -gt 0 ]; then shift; fi
python=$venv/bin/python

case $step in
run)
    environment
    exec "$python" manage.py serve "$@"
    ;;
dev)
    environment
    export DEBUG=1
    "$python" manage.py migrate --verbosity 0
    # the tasks too: imports, exports and texts would wait for ever; unlike the server
    # it does not see changed code
    "$python" manage.py worker &
    worker=$!
    trap 'kill "$worker" 2>/dev/null || :; wait "$worker" || :' EXIT
    trap 'exit 130' INT TERM
    "$python" manage.py runserver "127.0.0.1:${PORT:-8000}" "$@"
    ;;
test)
    environment for-tests
    status=0
    if [ $# -eq 0 ]; then # the whole suite: a process and a database for each core
        set -- --numprocesses auto --maxprocesses 4 --dist worksteal
    fi
    "$python" -m pytest "$@" || status=$?
    "$python" -m unionportal.embedded_postgres stop "${PORTAL_VAR:-var}/postgres-test" || :
    exit "$status"
    ;;
lint)
    environment for-tests
    "$python" -m ruff check .
    "$python" -m ruff format --check .
    format_templates --check
    ;;
format)
    environment for-tests
    "$python" -m ruff check --fix .
    "$python" -m ruff format .
    format_templates
    ;;
bench)
    environment for-tests
    exec "$python" manage.py bench "$@"
    ;;
soak)
    environment for-tests
    # the pages once more, with axe-core in every mode at every width, and what the
    # suite leaves out while the files it covers are the same (tests/soaked.py)
    SOAK=1 CHECK_EVERYWHERE=1 exec "$python" -m pytest tests/soak \
        tests/browser/test_every_page.py tests/browser/test_back_office.py \
        tests/browser/test_html_valid.py tests/browser/test_checklist.py \
        tests/browser/test_editing_day.py tests/browser/test_pasting.py \
        tests/browser/test_honours_edition.py \
        tests/members/test_matrix.py tests/unionportal/test_embedded_postgres.py \
        tests/unionportal/test_serve.py tests/unionportal/test_settings.py \
        --override-ini "python_files=soak_*.py" \
        --verbose --capture=no "$@"
    ;;
stop)
    [ -x "$python" ] || fail "Nothing to stop: $venv does not exist."
    exec "$python" -m unionportal.embedded_postgres stop \
        "${PORTAL_VAR:-var}/postgres" "${PORTAL_VAR:-var}/postgres-test"
    ;;
*)
    fail "Usage: make run | test | dev | lint | format | bench | soak | stop"
    ;;
esac
