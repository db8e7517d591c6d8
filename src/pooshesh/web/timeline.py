"""One entry of a timeline."""

import datetime as dt
from dataclasses import dataclass

from pooshesh.web.registry import Text, Tone


@dataclass(frozen=True)
class Event:
    """Something that happened: what, when, by whom."""

    title: Text
    when: dt.datetime
    text: Text = ""
    by: Text = ""
    tone: Tone = "quiet"
