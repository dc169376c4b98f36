"""Remove the databases of this clone, also those outside of it: `python -m schoolcomm.embedded.removal`."""

import shutil
import sys

from schoolcomm.embedded import state
from schoolcomm.embedded.folders import SHARED, local


def main() -> str | int:
    folders = [lock.parent for lock in local().glob(f"{SHARED}*/lock")]
    for folder in folders:
        if not state.lock(folder):
            return f"The servers in {folder} are running. Stop `make run` (or whatever uses them) first."
    for folder in folders:
        shutil.rmtree((folder / "data").resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
