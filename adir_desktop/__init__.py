"""ADIR Desktop: local photo restoration by adaptive diffusion."""

import os

# A person's own wish, noted before the program forbids its libraries to fetch anything by themselves.
HUB_OFFLINE = os.environ.get("HF_HUB_OFFLINE", "")
__version__ = "0.1.0"
