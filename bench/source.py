"""Puts the package of this checkout on the path; every benchmark imports it first."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
