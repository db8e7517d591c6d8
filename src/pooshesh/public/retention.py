"""What the public pages keep, and how long."""

from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass

CLASSES = (
    DataClass(
        "releases", gettext_lazy("Published tables of figures"),
        gettext_lazy("To keep every published figure at its address, as it was published"),
        gettext_lazy("Duty to answer for published figures"),
        tables=("public.Release",),
    ),
)  # fmt: skip
