"""What the room tells the rooms to its right; each is sent inside the transaction it is about."""

from django.dispatch import Signal

#: A diagnosis was decided: claim, outcome ("tagged", "returned", "refused", "upheld",
#: "overturned"), why, actor.
claim_moved = Signal()

#: Something happened to one tag: tag, verb (of `models.TagVerb`).
tag_changed = Signal()

#: Tags came from the ministry's registry, many at once: tags (a list), actor.
tags_attached = Signal()
