"""Measures the window: `python -m adir_desktop.ui.benchmark start|stall|large`.

start: seconds from the process's start to the window being painted and answering, several times over.
stall: the gaps between the ticks of a 5 ms timer on the window's thread while a restoration runs.
large: how long every turn of the event loop takes while a 100-megapixel photo is zoomed, panned and painted
on; with --job while the engine restores another photo, with --canvas without the rest of the window.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtGui import QImage

from adir_desktop.contract import Event, Finished, Progress
from adir_desktop.errors import AdirError

if TYPE_CHECKING:
    from adir_desktop.ui.main_window import MainWindow

TICK = 5  # ms
RUNS = 5
LONGEST = 600_000  # ms that a restoration may take here
SIDE = 256  # pixels of the photo that is restored
ITERATIONS = 10  # of the adaptation: enough ticks in that stage too


def main(argv: list[str]) -> int:
    """Prints one measurement as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=("start", "stall", "large", "once"))
    parser.add_argument("began", nargs="?", type=float, help="used by start for the processes it starts")
    parser.add_argument("--photo", type=Path, help="large: this one instead of a made one")
    parser.add_argument("--job", action="store_true", help="large: with the engine at work")
    parser.add_argument("--canvas", action="store_true", help="large: the canvas alone")
    arguments = parser.parse_args(argv)
    if arguments.what == "large":
        from adir_desktop.ui.benchmark_large import measure

        print(json.dumps(measure(arguments.photo, job=arguments.job, canvas_alone=arguments.canvas)))
        return 0
    if arguments.what == "once":
        return _once(arguments.began or time.time())
    print(json.dumps(_starts() if arguments.what == "start" else _stalls()))
    return 0


class Ticker(QObject):
    """A timer that notes how late it is: whatever holds the window's thread shows as a gap."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []  # ms
        self.stages: list[str] = []  # what the engine was at when each gap ended
        self._stage = "start"
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.gaps.clear()
        self.stages.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @Slot(object)
    def hear(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._stage = f"{event.stage} {event.done}"
        elif isinstance(event, Finished):
            self._stage = "end"

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self._last))
        self.stages.append(self._stage)
        self._last = now


def _starts() -> dict[str, object]:
    seconds = []
    for _ in range(RUNS):
        began = time.time()
        command = [sys.executable, "-m", "adir_desktop.ui.benchmark", "once", str(began)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # ourselves
        seconds.append(float(done.stdout))
    return {"seconds": seconds, "first": seconds[0], "median": round(statistics.median(seconds), 3)}


def _once(began: float) -> int:
    """In a process of its own: the same steps as `app.run`, as far as the first answered event."""
    from adir_desktop.ui import app

    application = app.application()
    window = app.open_window(app.real_engine())

    def answered() -> None:
        print(f"{time.time() - began:.3f}")
        window.close()

    window.repaint()
    QTimer.singleShot(0, answered)
    return application.exec()


def _stalls() -> dict[str, object]:
    """A real restoration with the real engine, loaded beforehand."""
    from adir_desktop.ui import app

    app.application()
    with tempfile.TemporaryDirectory() as folder:
        window = app.open_window(app.real_engine())
        failures: list[AdirError] = []
        window.context.jobs.failed.connect(failures.append)
        window.commands.warm()
        window.commands.photos.open(_photo(Path(folder)))
        _until_idle(window)
        values = replace(window.context.session.values, task="deblur", adapt="self", iterations=ITERATIONS)
        window.context.session.change(values)
        ticker = Ticker()
        window.context.runs.happened.connect(ticker.hear)
        ticker.start()
        began = time.perf_counter()
        window.commands.runs.restore()
        _until_idle(window)
        ticker.stop()
        for result in (result for sheet in window.context.desk.sheets for result in sheet.results):
            result.saved = True  # no question at the end
        window.close()
    gaps = np.array(ticker.gaps)
    longest = [(round(ticker.gaps[i]), ticker.stages[i]) for i in np.argsort(-gaps)[:3]]
    return {
        "restored": window.context.session.restored is not None,
        "failures": [str(error) for error in failures],
        "seconds": round(time.perf_counter() - began, 2),
        "ticks": len(gaps),
        "gap_ms": {
            "median": round(float(np.median(gaps)), 1),
            "p99": round(float(np.quantile(gaps, 0.99)), 1),
            "max": round(float(gaps.max()), 1),
        },
        "longest_ms": longest,
        "over_50_ms": int((gaps > 50).sum()),
        "over_100_ms": int((gaps > 100).sum()),
    }


def _photo(folder: Path) -> Path:
    """A smooth picture with edges, as small as the starter prior likes it."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    rings = np.sin(40 * np.hypot(x - 0.5, y - 0.5)) > 0
    pixels = np.stack([x, y, 0.3 + 0.4 * rings], axis=-1)
    image = np.ascontiguousarray((255 * pixels).astype(np.uint8))
    path = folder / "rings.png"
    QImage(image.data, SIDE, SIDE, 3 * SIDE, QImage.Format.Format_RGB888).save(str(path))
    return path


def _until_idle(window: MainWindow) -> None:
    loop = QEventLoop()
    limit = QTimer()
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    limit.start(LONGEST)

    def look() -> None:
        if not window.context.jobs.has("warm", "open", "restore"):
            loop.quit()

    window.context.jobs.changed.connect(look)
    look_again = QTimer()
    look_again.timeout.connect(look)
    look_again.start(200)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
