"""The benchmark at a size that takes seconds: its figures are of what it says."""

from __future__ import annotations

import json

import numpy as np
from PIL import Image

from adir_desktop import cli_runner
from index_tools.__main__ import app
from index_tools.benchmark.synthetic import Clusters


def test_vectors_are_unit_and_clustered_and_the_same_again():
    clusters = Clusters(3000, 64)
    vectors = np.concatenate(list(clusters.blocks()))
    assert vectors.shape == (3000, 64)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, np.concatenate(list(Clusters(3000, 64).blocks())))
    queries = clusters.queries(20)
    assert not np.isin(queries[:, 0], vectors[:, 0]).any()
    nearest = np.sort(queries @ vectors.T, axis=1)
    assert (nearest[:, -40] > 0.4).all()  # its own cluster is near,
    assert (np.median(nearest, axis=1) < 0.2).all()  # all others are not


def test_the_benchmark_finds_what_exact_search_finds(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("ADIR_HOME", str(tmp_path / "mine"))
    photos = tmp_path / "photos"
    photos.mkdir()
    rng = np.random.default_rng(0)
    for number in range(4):
        Image.fromarray(rng.integers(0, 256, (600, 800, 3), np.uint8)).save(photos / f"{number}.jpg")
    command = ["benchmark", "--vectors", "2000", "--dimensions", "32", "--files", "30", "--json"]
    command += ["--photos", str(photos), "--work", str(tmp_path / "work")]
    assert cli_runner.run(app, "index_tools", command) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["indexing"]["photos"] == 4
    assert told["update"]["files"] == 30
    by_way = {row["way"]: row for row in told["search"]}
    assert len(by_way) == 4
    for row in by_way.values():
        assert row["p99"] >= row["p50"] > 0
        assert min(row["recall"].values()) >= 0.99
    assert by_way["USearch, i8"]["size"] < by_way["USearch, f16"]["size"]
    assert not (tmp_path / "mine" / "data").exists()  # nobody's libraries are touched
