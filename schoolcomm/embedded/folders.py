"""Where the servers keep their files: in the clone, unless they may not look in there."""

import hashlib
import os
import shutil
from pathlib import Path

from schoolcomm.embedded.account import Account
from schoolcomm.embedded.errors import CannotStart

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = "embedded"
LOCK = "lock"
OUTSIDE = [Path("/var/lib/schoolcomm-embedded"), Path("/var/tmp/schoolcomm-embedded")]


def local() -> Path:
    """Return the folder of everything that belongs to this clone and is not committed."""
    return Path(os.environ.get("LOCAL_FOLDER") or REPOSITORY / ".local").absolute()


def folder_of(name: str) -> Path:
    """Return the folder of the pair with that name, whether it exists or not."""
    return local() / (SHARED if name == SHARED else f"{SHARED}-{name}")


def make_folder(name: str) -> Path:
    """Return the folder of the pair, made if it was missing. Raises CannotStart if it cannot be written."""
    folder = folder_of(name)
    try:
        folder.parent.parent.mkdir(parents=True, exist_ok=True)
        for path in (folder.parent, folder):
            if not path.exists():
                path.mkdir(exist_ok=True)
                path.chmod(_mode())
        (folder / LOCK).touch()
    except OSError as error:
        raise CannotStart(
            f"Cannot write to {folder} ({error.strerror}). Make it writable for you, or set LOCAL_FOLDER to "
            "a folder that is; or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from error
    return folder


def data_folder(folder: Path, account: Account) -> Path:
    """Return where the servers' data lies: `data` in the folder, or where that leads outside the clone."""
    data = folder / "data"
    if data.is_symlink() and not account.can_reach(data.resolve()):
        data.unlink()
    if not data.is_symlink():
        if account.can_reach(folder):
            data.mkdir(exist_ok=True)
            data.chmod(_mode())
        else:
            _link_outside(data)
    return data.resolve()


def _mode() -> int:
    return 0o711 if os.geteuid() == 0 else 0o700


def _link_outside(data: Path) -> None:
    target = _home_outside(data) / hashlib.sha256(str(data).encode()).hexdigest()[:12]
    if data.exists():
        shutil.move(data, target)
    data.symlink_to(target)
    target.mkdir(exist_ok=True)
    target.chmod(0o711)
    (target / "link").write_text(str(data))


def _home_outside(data: Path) -> Path:
    for home in OUTSIDE:
        try:
            home.mkdir(exist_ok=True)
            home.chmod(0o711)
        except OSError:
            continue
        _clear(home)
        return home
    raise CannotStart(
        f"The servers run as the user nobody, who cannot look into {data.parent}, and neither "
        f"{OUTSIDE[0]} nor {OUTSIDE[1]} can be made. Move the clone, or set LOCAL_FOLDER to an open folder."
    )


def _clear(home: Path) -> None:
    """Remove the data of clones that are gone: their link no longer leads here."""
    for target in home.iterdir():
        link = target / "link"
        if link.exists() and Path(link.read_text()).resolve() != target.resolve():
            shutil.rmtree(target, ignore_errors=True)
