"""Where Open Images keeps its lists, its labels and its photos, and how it numbers them.

Lists of photos and their columns: https://storage.googleapis.com/openimages/web/download_v7.html. The photos are
those of the bucket of the Common Visual Data Foundation: JPEG, at most 1024 pixels a side, no account needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SUBSETS = ("train", "validation", "test")
METADATA_URL = "https://storage.googleapis.com/openimages/2018_04/"
IMAGES_URL = "https://open-images-dataset.s3.amazonaws.com/"
LISTS = {  # photos, under METADATA_URL
    "train": "train/train-images-boxable-with-rotation.csv",  # 1,743,042
    "validation": "validation/validation-images-with-rotation.csv",  # 41,620
    "test": "test/test-images-with-rotation.csv",  # 125,436
}
CLASS_NAMES_URL = "https://storage.googleapis.com/openimages/v7/oidv7-class-descriptions.csv"
LABELS = {  # labels of whole photos that people have confirmed or denied (Confidence 1 or 0)
    subset: f"https://storage.googleapis.com/openimages/v5/{subset}-annotations-human-imagelabels-boxable.csv"
    for subset in SUBSETS
}
TYPICAL_BYTES = 300_000  # of a photo of the bucket: 513 GB for the 1,743,042 of train
IMAGE_ID = re.compile(r"[0-9a-f]{16}")  # 64 bits in hexadecimal


@dataclass(frozen=True)
class Picture:
    """A photo that was chosen. rotation: degrees counter-clockwise by which it is to be turned."""

    subset: str
    id: str
    rotation: int
