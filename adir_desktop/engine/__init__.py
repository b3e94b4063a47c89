"""The engine: no Qt anywhere below. Two settings must be made before torch and the hub library load."""

import os

# A thread that waits for another sleeps instead of spinning: on two cores shared with one other busy
# program a network pass takes 0.26 s instead of 0.72 s, alone the same.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# Nothing is fetched unless the person asks for it.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
