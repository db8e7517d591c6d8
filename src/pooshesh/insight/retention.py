"""What figures keep, and how long."""

from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass

CLASSES = (
    DataClass(
        "figures", gettext_lazy("Figures and the facts they are made of"),
        gettext_lazy("To read a published figure again; facts count people and name nobody"),
        gettext_lazy("Duty to answer for published figures"),
        tables=(
            "insight.Definitions", "insight.Snapshot", "insight.SnapshotPart", "insight.Fact",
            "insight.ProvinceFact", "insight.Value", "insight.CheckResult",
            "insight.Publication", "insight.Published", "insight.Correction",
        ),
    ),
)  # fmt: skip
