"""The connection of every server thread.

Django asks each kept connection `SELECT 1` before the first statement of a request, lest the server
was started anew meanwhile. That is one statement in three of a check at the point of care. Whoever
closed the connection has said so on its socket, which costs nothing to look at.
"""

import select
import time

from django.db.backends.postgresql import base

TRUSTED = 5.0  # seconds; a link that dropped without a word is asked for again after so long


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL; a connection used a moment ago with nothing said on it is taken as usable."""

    used_at = 0.0  # of the monotonic clock

    def is_usable(self) -> bool:
        """Whether the connection answers: by its silence, else asked."""
        now = time.monotonic()
        usable = (now - self.used_at < TRUSTED and self._silent()) or super().is_usable()
        self.used_at = now if usable else 0.0
        return usable

    def _silent(self) -> bool:
        """Whether the server neither ended nor said anything since the last statement."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)
