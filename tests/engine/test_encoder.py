"""Encoders: unit vectors that do not depend on how a photo was read, and only from local weights."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adir_desktop import places
from adir_desktop.contract import Photo
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine.encoder import load_encoder
from adir_desktop.engine.glimpse import look
from adir_desktop.engine.retrieve import angle
from adir_desktop.errors import DeviceError, ModelError

WEIGHTS = places.resource("starter", "encoder", "open_clip_model.safetensors")


def picture(seed: int, size: tuple[int, int] = (96, 64), cells: tuple[int, int] = (12, 8)) -> Image.Image:
    """A random colour field of `cells` soft patches."""
    small = np.random.default_rng(seed).integers(0, 256, (cells[1], cells[0], 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Path:
    """The starter encoder's files, copied to where a test may spoil them."""
    folder = tmp_path / "encoder"
    shutil.copytree(WEIGHTS.parent, folder)
    monkeypatch.setattr(encoders, "_folder", lambda: folder)
    return folder


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        pytest.fail("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_pictures_and_words_become_unit_vectors():
    encoder = load_encoder()
    vectors = encoder.encode_images([picture(seed) for seed in range(3)])
    words = encoder.encode_text(["a cat", "a very long text " * 50])
    for rows, count in ((vectors, 3), (words, 2), (encoder.encode_images([]), 0)):
        assert rows.shape == (count, encoder.dimensions)
        assert rows.dtype == np.float32
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert encoder.side == 64
    assert json.loads(encoder.preprocessing)["resize_mode"] == "shortest"


def test_a_vector_depends_on_nothing_but_its_picture():
    encoder = load_encoder()
    pictures = [picture(seed) for seed in range(encoder.batch + 3)]
    together = encoder.encode_images(pictures)
    assert np.array_equal(together, encoder.encode_images(pictures))
    alone = np.concatenate([encoder.encode_images([each]) for each in pictures[-4:]])
    assert np.abs(together[-4:] - alone).max() < 1e-5
    photo = Photo(np.asarray(pictures[0], np.float32) / 255)
    assert np.array_equal(encoder.encode_images([photo]), encoder.encode_images(pictures[:1]))


@pytest.mark.parametrize("size", [(520, 700), (1100, 1700), (2300, 2100), (4000, 3000)])
def test_a_jpeg_decoded_small_has_the_vector_of_the_whole_photo(size, tmp_path):
    encoder = load_encoder()
    stream = io.BytesIO()
    picture(1, size, (40, 30)).save(stream, "JPEG", quality=95)
    path = tmp_path / "photo.jpg"
    path.write_bytes(stream.getvalue())
    small = look(path, stream.getvalue(), encoder.working_side)
    assert encoder.working_side <= min(small.image.size) < min(size)
    whole = Photo(np.asarray(Image.open(path), np.float32) / 255)
    of_small, of_whole = encoder.encode_images([small.image, whole])
    assert angle(of_small, of_whole) <= 0.5


@pytest.mark.parametrize("size", [(1, 1), (2, 700), (5000, 3), (3, 5000)])
def test_tiny_and_narrow_pictures_are_taken_as_they_are(size):
    vectors = load_encoder().encode_images([Image.new("RGB", size, (200, 30, 90))])
    assert np.isfinite(vectors).all()


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(DeviceError, match="CUDA"):
        load_encoder(device="cuda")


def test_an_encoder_is_loaded_once_until_its_weights_change(elsewhere):
    first = load_encoder()
    assert load_encoder() is first
    assert first.id.startswith("starter@")
    weights = elsewhere / WEIGHTS.name
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1  # the lowest bits of one weight
    weights.write_bytes(content)
    os.utime(weights, (1, 1))
    second = load_encoder()
    assert second.id != first.id
    weights.write_bytes(WEIGHTS.read_bytes())
    os.utime(weights, (2, 2))
    assert load_encoder().id == first.id


@pytest.mark.parametrize("damage", ["missing", "cut", "empty", "config"])
def test_missing_or_damaged_weights_are_an_error_with_a_remedy(elsewhere, damage):
    weights = elsewhere / WEIGHTS.name
    if damage == "missing":
        weights.unlink()
    elif damage == "config":
        (elsewhere / "open_clip_config.json").write_text("{")
    else:
        weights.write_bytes(WEIGHTS.read_bytes()[: 100_000 if damage == "cut" else 0])
    with pytest.raises(ModelError) as error:
        load_encoder()
    assert error.value.remedy
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "spec", ["nonsense", "", "ViT-B-32", "ViT-B-32/laion2b_s34b_b79k", "ViT-B-32/openai", "ViT-B-32//no/file"]
)
def test_an_encoder_that_is_not_here_is_refused_without_asking_the_network(
    spec, no_network, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ModelError, match=r"no encoder|not on this computer") as error:
        load_encoder(spec)
    assert "starter" in error.value.remedy


def test_weights_of_another_shape_are_refused(no_network):
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(f"RN50/{WEIGHTS}")


def test_any_open_clip_model_can_be_used_with_a_weights_file(tmp_path, monkeypatch, no_network):
    from open_clip import factory

    monkeypatch.setattr(factory, "_MODEL_CONFIGS", dict(factory._MODEL_CONFIGS))
    config = json.loads((WEIGHTS.parent / "open_clip_config.json").read_text())["model_cfg"]
    factory._MODEL_CONFIGS["tiny-clip"] = config
    encoder = load_encoder(f"tiny-clip/{WEIGHTS}")
    assert encoder.id == f"tiny-clip/{WEIGHTS}@{load_encoder().id.partition('@')[2]}"
    pictures = [picture(seed) for seed in range(2)]
    assert np.allclose(encoder.encode_images(pictures), load_encoder().encode_images(pictures), atol=1e-6)
    assert np.allclose(encoder.encode_text(["a cat"]), load_encoder().encode_text(["a cat"]), atol=1e-6)


def test_cached_weights_of_a_tag_are_found(tmp_path, monkeypatch, no_network):
    """As the Hugging Face cache lays them out, safetensors before pickles."""
    import open_clip

    known = open_clip.get_pretrained_cfg("ViT-B-32", "laion2b_s34b_b79k")
    cache = tmp_path / "hub"
    repository = cache / ("models--" + known["hf_hub"].strip("/").replace("/", "--"))
    snapshot = repository / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    for name in ("open_clip_pytorch_model.bin", "open_clip_model.safetensors"):
        (snapshot / name).write_bytes(b"weights")
        assert encoders._installed("ViT-B-32/laion2b_s34b_b79k").weights == snapshot / name


def test_a_model_of_the_folder_of_models_is_an_encoder_by_its_name(tmp_path, monkeypatch, no_network):
    """Pictures and words; and a name that leads out of the folder is none."""
    monkeypatch.setenv("ADIR_MODELS", str(tmp_path))
    shutil.copytree(WEIGHTS.parent, tmp_path / "my-clip")
    own, starter = load_encoder("my-clip"), load_encoder()
    assert own.id == starter.id.replace("starter", "my-clip")
    assert np.allclose(own.encode_text(["a cat"]), starter.encode_text(["a cat"]), atol=1e-6)
    for name in ("../my-clip", "other-clip", ""):
        with pytest.raises(ModelError):
            load_encoder(name)
