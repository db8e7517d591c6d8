"""The template of the report to the president, so that one press makes it on every installation."""

from pathlib import Path

from pooshesh.briefing.actions import open_template

TEXTS = Path(__file__).parent / "print"
CODE = "president"


def seed() -> None:
    """Opens the template where it is not there."""
    open_template(
        CODE, "گزارش مدیریتی به رئیس‌جمهور", "Executive briefing to the President",
        *((TEXTS / f"{CODE}.{language}.txt").read_text("utf-8") for language in ("fa", "en")),
    )  # fmt: skip
