"""What of the census is kept sealed: what households said, and photos."""

from pooshesh.census.models import Aside, Conflict, Entry, Photo, Revision
from pooshesh.census.sealing import ENTRY, PHOTO
from pooshesh.kernel import rotation

rotation.register(
    rotation.column("census households", Entry, "content", bound=ENTRY),
    rotation.column("census versions", Revision, "content", bound=ENTRY),
    rotation.column("census conflicts", Conflict, "content", bound=ENTRY),
    rotation.column("census kept aside", Aside, "content", bound=ENTRY),
    rotation.column("census photos", Photo, "content", bound=PHOTO),
)
