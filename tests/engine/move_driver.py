"""Moves the models in a process of its own, to be killed: `move_driver.py TARGET SETTING`, the setting a file.

As between two drives: no file can have a second name.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from adir_desktop.engine.store import copying, moving

if __name__ == "__main__":
    target = Path(sys.argv[1])
    copying.CHUNK = 2**16
    setting = Path(sys.argv[2])

    def no_link(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    os.link = no_link  # type: ignore[assignment]
    print("ready", flush=True)
    for _ in moving.copy_models(target):
        pass
    time.sleep(0.02)
    setting.write_text(str(target))
    for _ in moving.remove_old(target):
        pass
    print("done", flush=True)
