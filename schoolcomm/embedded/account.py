import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schoolcomm.embedded.errors import CannotStart

NOBODY = 65534


@dataclass(frozen=True)
class Account:
    """The user the servers run as: PostgreSQL refuses to be root, so under root both run as nobody."""

    uid: int
    gid: int
    is_another: bool

    def popen_options(self) -> dict[str, Any]:
        if not self.is_another:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Whether this user gets through to the path: a home closed to others stops nobody."""
        if not self.is_another:
            return True
        command = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        try:
            return subprocess.run(command, cwd="/", check=False, **self.popen_options()).returncode == 0
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotStart(
                f"Root cannot become the user {self.uid} here ({error}), and PostgreSQL refuses to run as "
                "root. Run the same command as an ordinary user, or set DATABASE_URL and REDIS_URL."
            ) from error

    def give(self, path: Path) -> None:
        """Make the path this user's own."""
        if self.is_another:
            os.chown(path, self.uid, self.gid)


def account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_another=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(NOBODY, NOBODY, is_another=True)
    return Account(nobody.pw_uid, nobody.pw_gid, is_another=True)
