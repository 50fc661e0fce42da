"""Figures for Prometheus: how many messages, how fast, and how the outbox stands. No words, no persons, nothing by topic or kind of report."""

import logging
import time
from collections.abc import Iterator
from functools import cached_property

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.messages import Incoming
from bot.service import Handled, Service
from bot.store import outbox, records
from bot.store.database import Database, DatabaseUnusableError

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0)
log = logging.getLogger("askwell.service")


class Metrics:
    """The figures of this process, and of the outbox that it shares with others."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self.messages = Counter("askwell_messages", "Messages and presses taken in.", ["channel"], registry=self._registry)
        self.seconds = Histogram(
            "askwell_seconds", "Seconds until an event was committed, by what became of it.", ["outcome"], buckets=SECONDS, registry=self._registry
        )
        self._registry.register(_Outbox(database))

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self._registry)


class _Outbox(Collector):
    """Read from the database whenever somebody asks; without it only `askwell_database_up` is there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        """The outbox without what reports send, and the courier's last sign of life."""
        try:
            with self._database.read() as connection:
                now = self._database.now(connection)
                count, beat = outbox.count(connection, now, reports=False), records.last_beat(connection, "courier")
        except DatabaseUnusableError:
            yield GaugeMetricFamily("askwell_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("askwell_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily("askwell_outbox_due", "Messages that are to be sent.", count.due)
        yield GaugeMetricFamily("askwell_outbox_given_up", "Messages that could not be delivered within the last week.", count.dead)
        yield GaugeMetricFamily("askwell_outbox_oldest_seconds", "How long the oldest message has waited.", count.oldest)
        if beat is not None:
            yield GaugeMetricFamily("askwell_courier_age_seconds", "Seconds since the courier's last sign of life.", max(0.0, now - beat))


class Measured(Service):
    """The service, counted and timed. What it logs of an event are its channel, its id and how it went."""

    @cached_property
    def metrics(self) -> Metrics:
        """The figures of this service."""
        return Metrics(self.database)

    def handle(self, incoming: Incoming) -> Handled:
        """As the service does."""
        begun, outcome = time.perf_counter(), "failed"
        try:
            handled = super().handle(incoming)
            outcome = "repeated" if handled.seen else "answered"
            return handled
        finally:
            took = time.perf_counter() - begun
            self.metrics.messages.labels(incoming.channel).inc()
            self.metrics.seconds.labels(outcome).observe(took)
            log.info("event", extra={"channel": incoming.channel, "event": incoming.event, "outcome": outcome, "ms": round(took * 1000, 1)})
