"""Numbers the fund's money goes by. What no law states is an assumption, and says so."""

import datetime as dt

from pooshesh.kernel.money import Rial

#: The largest order one may order or release without a limit of one's own. An assumption.
LIMIT = Rial(50_000_000_000)

#: The most one may order or release in a day, in however many orders. An assumption.
LIMIT_DAY = Rial(500_000_000_000)

#: A payment the bank has not answered after so long stands on the worklist. An assumption.
UNANSWERED = dt.timedelta(days=3)

#: What is usual, in rial; outside of it a form asks whether toman was meant (kernel.money).
USUAL_BUDGET = Rial(10_000_000_000_000), Rial(999_000_000_000_000)
USUAL_ALLOCATION = Rial(20_000_000_000), Rial(20_000_000_000_000)
USUAL_ADVANCE = Rial(100_000_000), Rial(50_000_000_000)
