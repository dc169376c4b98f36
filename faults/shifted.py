"""`python -m faults.shifted FILE MODULE …`: run a module with a clock that is FILE's seconds off.

The file may change while it runs: then the clock steps, forward or back, in each process of the program.
"""

import datetime
import os
import runpy
import sys
import threading
import time
from pathlib import Path

import time_machine

LOOK_EVERY = 0.2


class SteppingClock:
    """The Python clock of this process. The monotonic one goes on untouched, as when a real clock steps."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.offset = 0.0
        self.traveller = time_machine.travel(datetime.datetime.now(datetime.UTC), tick=True).start()
        late = time_machine.escape_hatch.time.time() - time.time()
        self.traveller.shift(datetime.timedelta(seconds=late))
        os.register_at_fork(after_in_child=self.follow)

    def follow(self) -> None:
        """Look at the file for as long as the process lives."""
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while True:
            offset = float(self.file.read_text() or 0)
            if offset != self.offset:
                self.traveller.shift(datetime.timedelta(seconds=offset - self.offset))
                self.offset = offset
            time.sleep(LOOK_EVERY)


def main() -> None:
    SteppingClock(Path(sys.argv[1])).follow()
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
