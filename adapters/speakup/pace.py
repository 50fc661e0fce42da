"""How many reports are taken in a time: who sends them is not known, so all are counted together.

Somebody who floods the form can make others wait, and cannot fill it before its readers see what is going on.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.speakup.desk import BusyError

BURST = 10  # reports at once
EACH = 120.0  # seconds until one more is taken


class Pace:
    """Lets so many through at once, and then one after another."""

    def __init__(self, burst: int = BURST, each: float = EACH, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._each, self._clock = burst, each, clock
        self._left, self._seen, self._lock = float(burst), clock(), threading.Lock()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """One's turn; raises BusyError where it is not. What fails inside does not count."""
        with self._lock:
            now = self._clock()
            self._left = min(self._burst, self._left + (now - self._seen) / self._each)
            self._seen = now
            if self._left < 1:
                raise BusyError
            self._left -= 1
        try:
            yield
        except BaseException:
            with self._lock:
                self._left = min(self._burst, self._left + 1)
            raise
