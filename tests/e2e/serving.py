"""Servers that run beside a test, and browsers that visit them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

WAIT = 30_000  # milliseconds until something must have appeared
NewPage = Callable[..., Page]


@contextmanager
def listening(config: uvicorn.Config) -> Iterator[str]:
    """A server that runs while the block does; yields its address."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < until, "the server does not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def visiting(browser: Browser, address: str, expected: str, width: int, height: int) -> Iterator[NewPage]:
    """Opens pages in a browser of their own. No script may fail, and nothing be stopped by our own policy; `expected` may be complained of."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def make(width: int = width, height: int = height, expected: str = expected, **options: object) -> Page:
        context = browser.new_context(base_url=address, viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type] # passed through
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") and expected not in m.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []
