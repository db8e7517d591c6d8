"""What the fund tells the rooms to its right."""

from django.dispatch import Signal

#: Sent inside the transaction that moves an application: application, state, verb, actor.
application_moved = Signal()

#: Sent inside the transaction that opens many at once: application_ids, actor. It is sent instead
#: of `application_moved`, so that a sheet costs a fixed number of statements.
applications_opened = Signal()
