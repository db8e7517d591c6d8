"""Pooshesh: finds and insures the people nobody covers."""

import os

# The model's matrices are small: more threads would only wait for each other, at 80 ms of
# processor time a step. Numpy reads it when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
