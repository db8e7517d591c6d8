"""Reads of the lake's page."""

from pooshesh.kernel.models import Job
from pooshesh.lake import actions
from pooshesh.lake.layout import Manifest, read_manifest


def held() -> Manifest | None:
    """What the installation's own lake holds. Errors: Invalid when it cannot be read."""
    return read_manifest(actions.folder())


def last_export() -> Job | None:
    """The last job that wrote it."""
    return Job.objects.filter(kind=actions.EXPORT).order_by("-created_at").first()
