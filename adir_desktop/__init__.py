"""ADIR Desktop: local photo restoration by adaptive diffusion."""

__version__ = "0.1.0"
