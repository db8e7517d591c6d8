"""What people tells the rooms to its right."""

from django.dispatch import Signal

#: Sent inside the transaction that records a death: person, on, actor.
died = Signal()

#: Sent inside the transaction that takes a wrongly recorded death back: person, reason, actor.
death_withdrawn = Signal()
