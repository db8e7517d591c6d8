"""What the fund tells the rooms to its right."""

from django.dispatch import Signal

#: Sent inside the transaction that moves an application: application, state, verb, actor.
application_moved = Signal()
