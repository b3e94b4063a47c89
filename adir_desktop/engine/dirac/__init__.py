"""Dirac: a photo as the last state of a gradual degradation, undone step by step by a network of its own.

Fabian, Tinaz, Soltanolkotabi 2024, "DiracDiffusion: Denoising and Incremental Reconstruction with Assured
Data-Consistency". The sampler is in `samplers/dirac.py`; here are the degradations and their noise
(`process`), how fast they grow (`schedule`), the network, its training, and where networks are kept.
"""
