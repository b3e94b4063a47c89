"""Colour profiles built byte by byte, so that tests need none from outside."""

from __future__ import annotations

import struct

import numpy as np

SRGB_PRIMARIES = (
    (0.4360747, 0.2225045, 0.0139322),
    (0.3850649, 0.7168786, 0.0971045),
    (0.1430804, 0.0606169, 0.7141733),
)
ADOBE_PRIMARIES = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


def gamma_curve(gamma):
    return b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256))


def table_curve(points):
    codes = np.round(np.asarray(points) * 65535).astype(">u2")
    return b"curv" + struct.pack(">II", 0, len(codes)) + codes.tobytes()


def parametric_curve(kind, *numbers):
    return b"para" + struct.pack(f">IHH{len(numbers)}i", 0, kind, 0, *(round(n * 65536) for n in numbers))


def rgb_profile(curve, primaries=ADOBE_PRIMARIES):
    tags = {
        name: b"XYZ " + struct.pack(">I3i", 0, *(round(v * 65536) for v in xyz))
        for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)
    }
    return _profile(b"RGB ", b"XYZ ", b"mntr", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def grey_profile(curve):
    return _profile(b"GRAY", b"XYZ ", b"mntr", {b"kTRC": curve})


def cmyk_profile():
    """Two grid points an ink: white paper, and a Lab colour for every mixture of full inks."""
    inks = np.stack(np.meshgrid(*[[0, 1]] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    lightness = 255 * np.prod(1 - inks * (0.4, 0.5, 0.1, 0.9), axis=1)
    a = 128 - 40 * inks[:, 0] + 70 * inks[:, 1] - 5 * inks[:, 2]
    b = 128 - 45 * inks[:, 0] - 5 * inks[:, 1] + 90 * inks[:, 2]
    neutral = inks[:, 3] == 1
    lab = (
        np.stack([lightness, np.where(neutral, 128, a), np.where(neutral, 128, b)], axis=1)
        .round()
        .astype(np.uint8)
    )
    return _profile(b"CMYK", b"Lab ", b"prtr", {b"A2B0": _table(4, 2, lab.tobytes())})


def table_rgb_profile():
    """An RGB profile without curves: a table that swaps nothing but goes through Lab in 8 bits."""
    steps = np.linspace(0, 1, 9)
    rgb = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    lab = np.stack(
        [rgb.mean(axis=1) * 255, 128 + 60 * (rgb[:, 0] - rgb[:, 1]), 128 + 60 * (rgb[:, 1] - rgb[:, 2])],
        axis=1,
    )
    return _profile(
        b"RGB ", b"Lab ", b"scnr", {b"A2B0": _table(3, 9, lab.round().astype(np.uint8).tobytes())}
    )


def _table(inputs, points, content):
    ramp = bytes(range(256))
    unit = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    return (
        b"mft1" + struct.pack(">IBBBB", 0, inputs, 3, points, 0) + unit + ramp * inputs + content + ramp * 3
    )


def _profile(space, connection, kind, tags):
    tags = {
        b"desc": b"desc" + struct.pack(">II", 0, 5) + b"test\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + struct.pack(">I3i", 0, 63190, 65536, 54061),
    } | tags
    offset = 132 + 12 * len(tags)
    table, content = struct.pack(">I", len(tags)), b""
    for name, tag in tags.items():
        table += struct.pack(">4sII", name, offset + len(content), len(tag))
        content += tag + bytes(-len(tag) % 4)
    size = offset + len(content)
    head = struct.pack(
        ">I4sI4s4s4s6H4s", size, b"test", 0x02100000, kind, space, connection, 2000, 1, 1, 0, 0, 0, b"acsp"
    )
    return (head + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)).ljust(128, b"\0") + table + content
