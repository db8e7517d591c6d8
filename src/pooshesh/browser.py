"""Debian's Chromium for the browser tests: one in a test process, started when first asked for."""

import shutil
from functools import cache

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
MIGRATED = "_test_serialized_contents"  # where Django's test runner keeps the migrated rows


@cache
def chromium() -> Browser:
    """The browser; it ends with the process, because two cannot run in one after another.

    Under Playwright's loop Django opens another connection: it is told what the first one knows
    of the migrated rows, or `serialized_rollback` would restore nothing.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: apt install chromium")
    migrated = getattr(connection, MIGRATED, None)
    playwright = sync_playwright().start()
    if migrated is not None:
        setattr(connection, MIGRATED, migrated)
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
