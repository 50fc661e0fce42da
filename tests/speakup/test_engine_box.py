"""The file of confidential reports: one size, one row, no time of day, whatever is in it."""

import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.speakup.box import DAY, Box, FullError
from bot.speakup.desk import ChangedError
from bot.speakup.records import Kept, Waiting
from bot.store.trouble import DatabaseUnusableError
from speakup.engine_stand import KEY, ORG, TOLD, World, world

SMALL = 256 * 1024


def test_its_size_and_rows_are_those_of_an_empty_one(tmp_path: Path) -> None:
    """Before the first report, with many, and after they were withdrawn."""
    here = world(tmp_path, keyed=())
    seen = set()

    def look() -> None:
        with sqlite3.connect(here.path) as connection:
            rows = connection.execute("SELECT count(*), length(body), version FROM speakup_box").fetchone()
        connection.close()
        seen.add((here.path.stat().st_size, *rows, tuple(sorted(p.name for p in here.path.parent.iterdir()))))

    look()
    here.keyed("chair@x.uk", "vice@x.uk")
    look()
    receipts = [here.file() for _ in range(4)]
    look()
    for receipt in receipts:
        here.desk.withdraw(receipt)
    look()
    assert len(seen) == 1, seen


def test_its_times_say_the_day_and_nothing_more(tmp_path: Path) -> None:
    """Files show when they were last written; these show midnight."""
    here = world(tmp_path)
    here.file()
    for path in here.path.parent.iterdir():
        assert path.stat().st_mtime % DAY == 0 and path.stat().st_atime % DAY == 0, path.name


def test_every_hour_all_of_it_is_written_anew(tmp_path: Path) -> None:
    """So that two copies always differ everywhere, with and without a report between them."""
    made = Box(tmp_path / "speak-up.db", KEY, SMALL)
    bodies = []
    for _ in range(2):
        with sqlite3.connect(made.path) as connection:
            bodies.append(connection.execute("SELECT body FROM speakup_box").fetchone()[0])
        connection.close()
        with made.change():
            pass
    same = sum(a == b for a, b in zip(*bodies, strict=True)) / len(bodies[0])
    assert 0.002 < same < 0.006  # one byte in 256, as of two that have nothing in common


def test_only_its_own_user_may_read_it(tmp_path: Path) -> None:
    """File and folder."""
    made = Box(tmp_path / "new" / "speak-up.db", KEY, SMALL)
    assert made.path.stat().st_mode & 0o077 == 0 and made.path.parent.stat().st_mode & 0o077 == 0


def test_when_it_is_full_nothing_more_is_taken_and_nothing_is_lost(tmp_path: Path) -> None:
    """The reporter is told, and can go outside."""
    here = world(tmp_path, room=SMALL, keyed=["chair@x.uk"])
    here.file()
    with pytest.raises(FullError):
        for _ in range(10):
            here.file()
    before = len(here.office.box.read().reports)
    assert before >= 1 and here.said("chair@x.uk")[0] == TOLD.what
    with pytest.raises(FullError):
        here.file()
    assert len(here.office.box.read().reports) == before


def test_an_error_within_a_change_changes_nothing(tmp_path: Path) -> None:
    """All of it or nothing."""
    made = Box(tmp_path / "speak-up.db", KEY, SMALL)
    with pytest.raises(ChangedError), made.change() as going:
        going.kept = replace(going.kept, told="2026-11-20")
        raise ChangedError
    assert made.read() == Kept()


def test_two_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """The form and the board write to the same file."""
    boxes = [Box(tmp_path / "speak-up.db", KEY, SMALL) for _ in range(3)]

    def add(box: Box, name: str) -> None:
        for i in range(5):
            with box.change() as going:
                going.kept = replace(going.kept, waiting=(*going.kept.waiting, Waiting(ORG, f"{name}{i}")))

    threads = [threading.Thread(target=add, args=(box, str(i))) for i, box in enumerate(boxes)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len({w.email for w in boxes[0].read().waiting}) == 15


def test_it_keeps_the_size_with_which_it_was_made(tmp_path: Path) -> None:
    """Whatever a later version would make."""
    path = tmp_path / "speak-up.db"
    Box(path, KEY, SMALL)
    size = path.stat().st_size
    with Box(path, KEY).change() as going:
        going.kept = replace(going.kept, told="2026-11-20")
    assert path.stat().st_size == size


def counted(path: Path) -> int:
    """How many writes SQLite has counted in this file."""
    return int.from_bytes(path.read_bytes()[24:28], "big")


def test_the_count_of_writes_in_the_file_does_not_say_how_many_were_real(tmp_path: Path) -> None:
    """Each hour some are added, another number each time; a copy has no count at all."""
    here = world(tmp_path, keyed=())
    added = []
    for _ in range(12):
        before = counted(here.path)
        here.office.purge()
        added.append(counted(here.path) - before)
    assert len(set(added)) > 3 and min(added) >= 1
    here.office.box.save(tmp_path / "copy.db")
    assert counted(tmp_path / "copy.db") == 0


def test_a_copy_can_be_taken_while_it_is_in_use(tmp_path: Path) -> None:
    """And opens with the same key."""
    here = world(tmp_path)
    here.file()
    here.office.box.save(tmp_path / "copy.db")
    assert Box(tmp_path / "copy.db", KEY).read() == here.office.box.read()


def test_what_cannot_be_used_says_what_to_mend(tmp_path: Path) -> None:
    """A folder that is a file, a file that is no database, another version's."""
    (tmp_path / "file").write_text("words")
    with pytest.raises(DatabaseUnusableError, match="ASKWELL_SPEAKUP_DATABASE"):
        Box(tmp_path / "file" / "speak-up.db", KEY)
    with pytest.raises(DatabaseUnusableError, match=r"not a database.*put your last copy in its place"):
        (tmp_path / "other.db").write_text("words" * 1000)
        Box(tmp_path / "other.db", KEY)
    made = Box(tmp_path / "speak-up.db", KEY, SMALL)
    with sqlite3.connect(made.path) as connection:
        connection.execute("UPDATE speakup_box SET version = 2")
    connection.close()
    with pytest.raises(DatabaseUnusableError, match="another version"):
        Box(made.path, KEY).read()


def test_reading_takes_no_longer_with_reports_than_without(tmp_path: Path) -> None:
    """Whoever measures how long the form takes learns nothing: what has not changed is not read again."""
    empty, full = world(tmp_path / "empty", room=2 * 1024 * 1024), world(tmp_path / "full", room=2 * 1024 * 1024)
    for _ in range(12):
        full.file()

    def seconds(here: World) -> float:
        started = time.process_time()
        for _ in range(20):
            here.desk.readers(ORG)
        return time.process_time() - started

    ratio = min(seconds(full) for _ in range(5)) / min(seconds(empty) for _ in range(5))
    assert 0.5 < ratio < 2, ratio  # read anew, it would be ten times as long
    assert full.office.box.read() is full.office.box.read()


def test_what_another_process_wrote_is_seen_at_once(tmp_path: Path) -> None:
    """Though nothing is read twice without need."""
    here = world(tmp_path)
    other = Box(here.path, KEY)
    before = other.read()
    here.file()
    assert len(other.read().reports) == 1 and before.reports == ()
