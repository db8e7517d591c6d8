"""What the funnel keeps, and how long."""

from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass

CLASSES = (
    DataClass(
        "funnel", gettext_lazy("Where the fund's files stand"),
        gettext_lazy("To lose nobody between two steps; the rows name numbers, never persons"),
        gettext_lazy("Duty to answer for decisions"),
        tables=("funnel.Position", "funnel.Tally", "funnel.Change"),
    ),
)  # fmt: skip
