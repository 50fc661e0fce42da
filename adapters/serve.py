"""`askwell serve`: the page, and Slack, Teams and mail where they are configured, in one process."""

import gc
import logging
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from adapters import email
from adapters.app import Part, application
from adapters.metrics import Measured
from adapters.nudge import Nudges
from adapters.operate import operate
from adapters.remind import Reminders
from adapters.slack.part import part as slack
from adapters.web.part import part as web
from bot import load, logs, plans, vault
from bot.courier import Courier
from bot.guide import Askwell
from bot.settings import Settings
from bot.speakup import opening
from bot.store.database import Database

log = logging.getLogger("askwell")


def house(askwell: Askwell, settings: Settings, knowledge: Path = load.ROOT) -> tuple[Starlette, Measured]:
    """The whole application. Raises SettingsError, KnowledgeError or DatabaseUnusableError, which say what to mend; nothing runs then."""
    database = Database(settings.database_url, vault=vault.kept(settings.key_folder))
    database.ready()
    served = askwell.only(settings.organisation) if settings.organisation else askwell
    service = Measured(served, database, plans.naming(plans.load(knowledge, served.knowledge), settings.speakup_url))
    operating, alarm = operate(service, settings)
    couriers: list[Courier] = []

    def wake() -> None:
        for courier in couriers:
            courier.wake()

    parts: list[Part] = [web(service, settings), operating, Reminders(service, wake, settings.audit_to).part()]
    if settings.slack:
        parts.append(slack(service, settings, wake))
    if settings.teams:
        from adapters.teams.part import part as teams  # Microsoft's SDK takes its time to load

        parts.append(teams(service, settings, wake))
    if settings.smtp_host:
        parts.append(email.part(settings))
    if settings.speakup_url:
        parts.append(Nudges(opening.opened(settings, served.knowledge, database), database, parts).part())
    app, courier = application(service, parts, alarm)
    couriers.append(courier)
    return app, service


def serve(askwell: Askwell, settings: Settings, knowledge: Path, ready: Callable[[], None]) -> None:
    """Serve until stopped; whatever is in the outbox then stays there. `ready` is called once nothing is left to mend; raises what `house` raises."""
    app, _service = house(askwell, settings, knowledge)
    logs.configure(settings.log_level)
    gc.freeze()  # what was loaded stays; looking through it for garbage would stop everything for 0.15 s now and then
    ready()
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=10)


def address(settings: Settings) -> str:
    """Where the page is."""
    return settings.public_url or f"http://{settings.host}:{settings.port}/"
