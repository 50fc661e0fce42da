"""What every request passes: only for us, forms only from our own pages, and headers that keep others out."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.access import Access

MOST_BYTES = 512 * 1024  # of a form; the longest message that anybody types is far below
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    # `no-referrer` would also take the origin from our own forms, by which older browsers are told from strangers.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
Refuse = Callable[[Request, str], Response]


class Guard:
    """Wraps one route. `refuse` makes the page that says why somebody is kept out; `cache` is what browsers may keep."""

    def __init__(self, app: ASGIApp, access: Access, refuse: Refuse, cache: str = "no-store") -> None:
        self.app, self.access, self.refuse = app, access, refuse
        self.headers = {**HEADERS, "Cache-Control": cache}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through or refuse, and add the headers to whatever is answered."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._chosen(scope)(scope, receive, guarded)

    def _chosen(self, scope: Scope) -> ASGIApp:
        headers = Headers(scope=scope)
        if not self.access.lets_in(headers):
            return self.refuse(Request(scope), "elsewhere")
        if scope["method"] not in ("GET", "HEAD") and not self.access.from_here(headers):
            return self.refuse(Request(scope), "foreign")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > MOST_BYTES:
            return self.refuse(Request(scope), "long")
        return self.app
