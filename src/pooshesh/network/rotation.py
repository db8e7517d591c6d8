"""What of the network is kept sealed: what residents wrote, and their telephones."""

from pooshesh.kernel import rotation
from pooshesh.network.models import Report
from pooshesh.network.voice.queries import PHONE, WORDS

rotation.register(
    rotation.column("residents' words", Report, "content", bound=WORDS),
    rotation.column("residents' telephones", Report, "phone", bound=PHONE),
)
