"""A form that is sent twice counts once, and is answered the second time as it was the first."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")
LIFE = 120.0  # seconds
MOST = 200


class Once(Generic[T]):
    """What was done a moment ago, by the mark of its form; in memory only, and soon forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._done: OrderedDict[str, tuple[float, Future[T]]] = OrderedDict()
        self._lock, self._clock = threading.Lock(), clock

    def did(self, mark: str, act: Callable[[], T]) -> T:
        """Do it, or wait for whoever is at it. What failed may be tried again."""
        with self._lock:
            self._forget()
            found = self._done.get(mark)
            mine = found is None
            future: Future[T] = Future() if found is None else found[1]
            if mine:
                self._done[mark] = (self._clock(), future)
        return self._act(mark, future, act) if mine else future.result()

    def _act(self, mark: str, future: Future[T], act: Callable[[], T]) -> T:
        try:
            result = act()
        except BaseException as error:
            with self._lock:
                self._done.pop(mark, None)
            future.set_exception(error)
            raise
        future.set_result(result)
        return result

    def _forget(self) -> None:
        while self._done and (len(self._done) >= MOST or self._clock() - next(iter(self._done.values()))[0] > LIFE):
            self._done.popitem(last=False)
