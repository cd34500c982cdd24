"""``manage.py serve``: what it refuses, and what it does only when needed."""

import os
import socket

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command
from django.core.management.base import CommandError

from unionportal.management.commands import serve

pytestmark = pytest.mark.covers("server")


@pytest.fixture
def taken_port():
    """A port on which a server listens that would share it, as granian does."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_serve_refuses_a_taken_port_before_anything_starts(taken_port, monkeypatch):
    monkeypatch.setenv("PORT", str(taken_port))
    monkeypatch.setattr(
        serve.Command, "prepare", lambda self, port: pytest.fail("started")
    )

    with pytest.raises(CommandError, match=f"Port {taken_port} is taken.*PORT=8001"):
        call_command("serve")


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "８０００"])
def test_serve_refuses_a_port_that_is_none(port, monkeypatch):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(CommandError, match="PORT must be a number"):
        call_command("serve")


@pytest.mark.parametrize("cores", [1, 2, 3, 8, 64])
def test_serve_holds_about_eight_connections_however_many_cores(cores, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)

    command = serve.granian(8000)

    workers = int(command[command.index("--workers") + 1])
    threads = int(command[command.index("--blocking-threads") + 1])
    assert workers == min(cores, 8)
    assert 5 < workers * threads <= 8


def test_serve_logs_no_addresses_of_visitors():
    assert "--no-access-log" in serve.granian(8000)


def test_serve_does_not_know_the_owner_of_the_database():
    environment = {"DATABASE_OWNER_URL": "postgres://o:o@h/d", "DATABASE_URL": "x"}

    assert serve.without_owner(environment) == {"DATABASE_URL": "x"}


# --- preparing ------------------------------------------------------------------------


@pytest.fixture
def command(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return serve.Command()


@pytest.fixture
def called(monkeypatch):
    """The commands that ``serve`` would have called."""
    names = []
    monkeypatch.setattr(serve, "call_command", lambda name, **_: names.append(name))
    monkeypatch.setattr(serve, "get_commands", lambda: {"demo": "unionportal"})
    return names


def test_serve_gathers_static_files_again_only_when_one_changed(
    command, called, settings, tmp_path
):
    sources = tmp_path / "sources"
    sources.mkdir()
    settings.STATIC_ROOT.mkdir()
    settings.STATICFILES_DIRS = [sources]
    get_finder.cache_clear()

    command.collect_static()
    command.collect_static()
    assert called == ["collectstatic"]

    (sources / "new.css").write_text("a { color: red }")
    command.collect_static()
    assert called == ["collectstatic", "collectstatic"]
    get_finder.cache_clear()


@pytest.mark.parametrize("is_late", [True, False])
def test_serve_loads_the_server_meanwhile_only_where_there_is_nothing_to_do(
    command, called, monkeypatch, is_late
):
    def happens(name, answer=None):
        return lambda *_args, **_options: called.append(name) or answer

    monkeypatch.setattr(serve, "is_static_gathered", lambda: True)
    monkeypatch.setattr(serve, "start", happens("server", "process"))
    monkeypatch.setattr(serve, "end", happens("end"))
    monkeypatch.setattr(serve, "prepare_tables", happens("look", is_late))
    monkeypatch.setattr(serve.services, "write_roles", happens("roles"))
    monkeypatch.setattr(command, "fill_if_empty", happens("fill"))

    command.prepare(8000)

    migrated = ["end", "migrate"] if is_late else []
    assert called == ["server", "look", *migrated, "roles", "fill"]
    assert command.server == (None if is_late else "process")


@pytest.mark.django_db
def test_serve_fills_an_empty_database_with_demonstration_content_once(command, called):
    command.fill_if_empty()
    get_user_model().objects.create()
    command.fill_if_empty()

    assert called == ["demo"]


@pytest.mark.django_db
def test_serve_makes_no_demonstration_content_in_production(command, called, settings):
    settings.IS_DEMONSTRATION = False

    command.fill_if_empty()

    assert called == []


@pytest.mark.django_db
def test_serve_remembers_demonstration_content_that_failed(command, monkeypatch):
    def die(name):
        raise RuntimeError(name)

    monkeypatch.setattr(serve, "call_command", die)
    monkeypatch.setattr(serve, "get_commands", lambda: {"demo": "unionportal"})

    with pytest.raises(RuntimeError, match="demo"):
        command.fill_if_empty()

    assert serve.half_made().exists()


@pytest.mark.django_db
def test_serve_throws_half_made_content_away_but_only_in_a_private_database(
    command, monkeypatch
):
    recreated = []
    monkeypatch.setattr(serve.embedded_postgres, "recreate", recreated.append)
    monkeypatch.setattr(serve.connection, "close", lambda: None)
    monkeypatch.setitem(serve.connection.settings_dict, "SERVER", "private")
    serve.half_made().touch()

    serve.rebuild_half_made_demonstration(lambda text: None)
    serve.rebuild_half_made_demonstration(lambda text: None)
    assert recreated == ["private"]

    monkeypatch.delitem(serve.connection.settings_dict, "SERVER")
    serve.half_made().touch()
    with pytest.raises(CommandError, match="Empty the database of DATABASE_URL"):
        serve.rebuild_half_made_demonstration(lambda text: None)
