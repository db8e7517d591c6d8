"""What briefings keep, and how long."""

from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass

CLASSES = (
    DataClass(
        "briefings", gettext_lazy("Briefings, their templates and signatures"),
        gettext_lazy("To answer for what was reported; they name no patient"),
        gettext_lazy("Duty to answer for published figures"),
        tables=(
            "briefing.Template", "briefing.Version", "briefing.Briefing", "briefing.Paper",
        ),
    ),
)  # fmt: skip
