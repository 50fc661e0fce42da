"""`askwell speak-up`: the confidential form in a process of its own, with no log of who comes."""

import logging
import resource
import ssl
from collections.abc import Callable
from datetime import date
from pathlib import Path

import uvicorn

from adapters.speakup.app import application
from adapters.speakup.site import Site
from adapters.speakup.wire import MOST, MOST_HEADERS, Wire
from bot import effective, load, logs
from bot.knowledge import Knowledge
from bot.settings import LOOPBACK, Settings, SettingsError
from bot.speakup import opening
from bot.speakup.desk import SpeakUp
from bot.store.database import Database
from bot.understand.reading import lexical


def server(settings: Settings, knowledge: Path = load.ROOT) -> uvicorn.Server:
    """The process's server. Raises SettingsError, KnowledgeError or DatabaseUnusableError, which say what to mend; nothing runs then."""
    _checked(settings)
    encoded = _served(load.load(knowledge), settings.organisation)
    database = Database(settings.database_url)
    database.ready()
    desk = SpeakUp(opening.opened(settings, encoded, database))
    return uvicorn.Server(config(Site(desk, held(encoded, opening.today), settings.speakup_run_by, lexical(knowledge), opening.today), settings))


def config(site: Site, settings: Settings) -> uvicorn.Config:
    """How it listens. No header that others send is believed, and none that is not needed is sent."""
    return uvicorn.Config(
        application(site), host=settings.speakup_host, port=settings.speakup_port, http=Wire, ws="none", lifespan="off", log_config=None,
        access_log=False, proxy_headers=False, server_header=False, date_header=False, limit_concurrency=MOST + 1, backlog=MOST,
        h11_max_incomplete_event_size=MOST_HEADERS, timeout_keep_alive=1, timeout_graceful_shutdown=10,
        ssl_certfile=settings.speakup_tls_cert or None, ssl_keyfile=settings.speakup_tls_key or None,
    )  # fmt: skip


def serve(settings: Settings, knowledge: Path = load.ROOT, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until stopped. Raises what `server` raises."""
    made = server(settings, knowledge)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no words on the disk
    logs.configure(settings.log_level)
    for library in ("", "uvicorn.error"):  # only faults: their warnings would say when somebody was here
        logging.getLogger(library).setLevel(logging.ERROR)
    ready()
    made.run()


def address(settings: Settings) -> str:
    """Where the form is."""
    scheme = "https" if settings.speakup_tls_cert else "http"
    return settings.speakup_url or f"{scheme}://{settings.speakup_host}:{settings.speakup_port}/"


def held(encoded: Knowledge, today: Callable[[], date]) -> Callable[[], Knowledge]:
    """What holds today."""
    return lambda: effective.on(encoded, today())


def _served(encoded: Knowledge, organisation: str) -> Knowledge:
    if not organisation:
        return encoded
    if organisation not in encoded.organisations:
        raise SettingsError(f"ASKWELL_ORGANISATION is '{organisation}', which is not encoded here; these are: {', '.join(encoded.organisations)}")
    return encoded.only(organisation)


def _checked(settings: Settings) -> None:
    """What the form cannot do without."""
    if not settings.speakup_run_by.strip():
        raise SettingsError(
            "ASKWELL_SPEAKUP_RUN_BY is empty: whoever writes must be told who runs this server. "
            "Set it to a name and a role, for example “Jo Bell, IT manager of Example”."
        )
    pair = (settings.speakup_tls_cert, settings.speakup_tls_key)
    if settings.speakup_host not in LOOPBACK and not all(pair):
        raise SettingsError(
            f"ASKWELL_SPEAKUP_HOST is {settings.speakup_host}: others could read along. Set ASKWELL_SPEAKUP_TLS_CERT and ASKWELL_SPEAKUP_TLS_KEY, "
            "or listen on 127.0.0.1 behind something on this machine that ends TLS and keeps no log."
        )
    if any(pair):
        _certificate(*pair)


def _certificate(cert: str, key: str) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    except (OSError, ssl.SSLError):
        raise SettingsError(
            "ASKWELL_SPEAKUP_TLS_CERT and ASKWELL_SPEAKUP_TLS_KEY are no certificate and its key, or can't be read: look at both files."
        ) from None
