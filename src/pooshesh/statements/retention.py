"""What statements keep, and how long."""

from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass

CLASSES = (
    DataClass(
        "statements", gettext_lazy("Published figures as they were said"),
        gettext_lazy("To set what was published beside what is computed; they name no patient"),
        gettext_lazy("Duty to answer for published figures"),
        tables=("statements.Statement",),
    ),
)  # fmt: skip
