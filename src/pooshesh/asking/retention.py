"""What asking keeps, and how long."""

from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass

CLASSES = (
    DataClass(
        "views", gettext_lazy("Saved questions"),
        gettext_lazy("To ask the same again; a question holds no figure and names nobody"),
        gettext_lazy("Work of the account's holder"),
        tables=("asking.View",),
    ),
)  # fmt: skip
