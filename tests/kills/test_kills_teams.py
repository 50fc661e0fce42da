"""A short run of `python -m chaos` for pings by Teams; the long ones are not among the tests."""

from pathlib import Path
from random import Random

import pytest

from bot.service import Service
from bot.store import outbox
from chaos import asking, teams
from chaos.teams import Stage, run


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_process_that_is_killed_loses_no_ping_and_repeats_none_unmarked(kind: str) -> None:
    """Teams meanwhile asks for patience, answers 502, and loses answers."""
    found = run(kind, reports_=5, kills=1, seed=3)
    assert found.violations == ()
    assert (found.reports, found.kills) == (5, 1) and found.pings  # not five: what waits is taken back when somebody takes the case


def test_a_lost_ping_and_an_unmarked_double_would_be_seen(tmp_path: Path) -> None:
    """What waits, what never came, what nobody sent, and what came twice without a doubt."""
    made: Service = asking.service(tmp_path, f"sqlite:///{tmp_path / 'askwell.db'}")
    made.database.migrate()
    with made.database.write() as connection:
        for key in ("waiting", "lost", "twice"):
            number = outbox.put(connection, "sefton", "c", "teams", key, "{}", 1.0)
            if key != "waiting":
                connection.exec_driver_sql(f"UPDATE outbox SET status = 'sent' WHERE number = {number}")  # noqa: S608 - a number
    stage = Stage(Random(1))  # noqa: S311 - a run can be repeated
    stage.keys += ["twice", "twice", "strange"]
    assert teams.judged(made, stage, 0, 0).violations == (
        "1 pings were not sent", "1 pings are said to be sent and never were", "1 pings have strange keys",
        "1 pings were sent twice and are not marked",
    )  # fmt: skip
    made.database.close()
