"""What partners tells the rooms to its right."""

from django.dispatch import Signal

#: Neighbourhoods changed their sponsor, the day having come; in the transaction that says so.
#: `areas` (list of Area), `former` (Organisation or None), `receiver` (Organisation), `on` (day),
#: `hand_over` (HandOver). What is open about these places moves along.
handed_over = Signal()
