"""UUIDv7s sort by time, never repeat and carry their version."""

import time
from itertools import pairwise

from pooshesh.kernel.ids import uuid7, uuid7s


def test_they_increase_within_and_between_calls() -> None:
    made = [uuid7(), *uuid7s(10_000), uuid7()]

    assert all(a < b for a, b in pairwise(made))


def test_they_carry_version_variant_and_the_present() -> None:
    now = time.time_ns() // 1_000_000

    made = uuid7()

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert abs((made.int >> 80) - now) < 5_000
