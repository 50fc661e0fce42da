"""What every request passes: of its head only what is needed goes on, and the answer leaves no trace in the browser."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NEEDED = (b"content-type", b"content-length")  # who calls, from where, with what: never looked at
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Connection": "close",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_OURS = frozenset(name for name, _ in _RAW)


class Guard:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forget who calls, and add the headers to whatever is answered."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        bare = {**scope, "client": None, "query_string": b"", "headers": [(n, v) for n, v in scope["headers"] if n in NEEDED]}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*((n, v) for n, v in message["headers"] if n.lower() not in _OURS), *_RAW]}
            await send(message)

        return await self.app(bare, receive, guarded)
