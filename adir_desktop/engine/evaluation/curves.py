"""Curves as SVG: how quality and agreement change along sampling, drawn by a few lines of our own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

WIDTH, HEIGHT = 520, 280  # pixels
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 26, 40
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#6a3d9a", "#b2182b", "#444444")
DASHES = ("", "6 3", "2 3", "8 3 2 3")  # one set of colours after the other
GRID = 40  # points at which the photos' curves are averaged

Line = Sequence[tuple[float, float]]


def mean_curve(curves: Sequence[Sequence[Sequence[float | None]]], column: int) -> list[tuple[float, float]]:
    """The mean over photos of [share done, consistency, PSNR] at common shares, as (share, value)."""
    usable = []
    for curve in curves:
        points = [(p[0], p[column]) for p in curve if p[0] is not None and p[column] is not None]
        if points:
            usable.append(np.array(points, np.float64))
    if not usable:
        return []
    first = max(points[0, 0] for points in usable)
    shares = np.unique(np.linspace(first, 1.0, GRID))
    values = np.mean([np.interp(shares, points[:, 0], points[:, 1]) for points in usable], axis=0)
    return list(zip(shares.tolist(), values.tolist(), strict=True))


def chart(title: str, x_title: str, y_title: str, lines: Mapping[str, Line], *, log_y: bool = False) -> str:
    """One chart with a logarithmic x axis, a line for each name and a legend below; "" without any point."""
    drawn = {name: [p for p in line if _drawable(p, log_y=log_y)] for name, line in lines.items()}
    drawn = {name: line for name, line in drawn.items() if line}
    if not drawn:
        return ""
    xs, ys = zip(*(point for line in drawn.values() for point in line), strict=True)
    x_axis, y_axis = _Axis(min(xs), max(xs), log=True), _Axis(min(ys), max(ys), log=log_y)
    styles = {name: _style(i) for i, name in enumerate(lines)}
    legend = 18 * math.ceil(len(drawn) / 3)
    body = [
        f'<text x="{LEFT}" y="16" class="title">{escape(title)}</text>',
        *(_tick(x_axis, value, across=True) for value in x_axis.ticks()),
        *(_tick(y_axis, value, across=False) for value in y_axis.ticks()),
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_title)}</text>',
        f'<text transform="translate(12 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(y_title)}</text>',
    ]
    for number, (name, line) in enumerate(drawn.items()):
        points = [(_x(x_axis, x), _y(y_axis, y)) for x, y in line]
        body.append(_path(points, styles[name]))
        x, y = LEFT + number % 3 * 155, HEIGHT + 12 + number // 3 * 18
        body.append(f'<path d="M{x} {y}h22" {styles[name]}/>')
        body.append(f'<text x="{x + 27}" y="{y + 4}">{escape(name)}</text>')
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT + legend + 8}" role="img" aria-label="{escape(title, quote=True)}">'
        f"{''.join(body)}</svg>"
    )


class _Axis:
    """A range of values as shares 0 to 1 of its length."""

    def __init__(self, low: float, high: float, *, log: bool) -> None:
        self.log = log
        self.low, self.high = self._at(low), self._at(high)
        if self.high - self.low < 1e-9:
            self.low, self.high = self.low - 0.5, self.high + 0.5

    def _at(self, value: float) -> float:
        return math.log10(value) if self.log else value

    def share(self, value: float) -> float:
        return (self._at(value) - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Round numbers inside the range: 1, 2, 5 and their multiples by ten."""
        if self.log:
            powers = range(math.floor(self.low), math.ceil(self.high) + 1)
            found = [m * 10.0**e for e in powers for m in (1, 2, 5)]
            if self.high - self.low > 2.5:
                found = [10.0**e for e in powers]
            return [v for v in found if -1e-9 <= self.share(v) <= 1 + 1e-9]
        rough = (self.high - self.low) / 5
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
        first = math.ceil(self.low / step)
        return [i * step for i in range(first, math.floor(self.high / step) + 1)]


def _drawable(point: tuple[float, float], *, log_y: bool) -> bool:
    x, y = point
    return x > 0 and math.isfinite(y) and (y > 0 or not log_y)


def _x(axis: _Axis, value: float) -> float:
    return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT)


def _y(axis: _Axis, value: float) -> float:
    return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM)


def _style(index: int) -> str:
    colour = COLOURS[index % len(COLOURS)]
    dash = DASHES[index // len(COLOURS) % len(DASHES)]
    return f'fill="none" stroke="{colour}" stroke-width="2"' + (f' stroke-dasharray="{dash}"' if dash else "")


def _path(points: Sequence[tuple[float, float]], style: str) -> str:
    """A line, or a dot for a single point."""
    if len(points) == 1:
        x, y = points[0]
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" {style}/>'
    return f'<path d="M{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" {style}/>'


def _tick(axis: _Axis, value: float, *, across: bool) -> str:
    """A grid line with its number."""
    text = f"{value:.4g}"
    if across:
        x = _x(axis, value)
        line = f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" class="grid"/>'
        return f'{line}<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{text}</text>'
    y = _y(axis, value)
    line = f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" class="grid"/>'
    return f'{line}<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
