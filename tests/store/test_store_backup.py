"""Backup and restore: of one moment, all or nothing, across both databases, and a conversation goes on after it."""

import itertools
import json
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.guide import Askwell
from bot.messages import Incoming, Outgoing, Press, Reply, Words
from bot.people import Asker
from bot.service import Service
from bot.store import backup, outbox, records
from bot.store.backup import BackupError
from bot.store.database import Database, DatabaseUnusableError
from bot.store.tables import metadata
from bot.vault import Vault, fleeting

pytestmark = pytest.mark.whole
QUESTION = "Can I accept a friend request from one of them on Facebook?"
NOW = time.time()


class Page:
    """A channel that shows replies itself, as the web page does."""

    name, keeps = "web", True

    def payloads(self, outgoing: Outgoing) -> Sequence[Mapping[str, Any]]:
        """Nothing is sent."""
        return ()


@contextmanager
def opened(address: str, vault: Vault | None = None) -> Iterator[Database]:
    """A database, closed again."""
    with closing(Database(address, vault=vault)) as database:
        yield database


def rows(database: Database) -> dict[str, list[str]]:
    """Everything in it."""
    with database.read() as connection:
        return {t.name: sorted(map(str, connection.execute(select(t)))) for t in metadata.sorted_tables if t.name != "beat"}


def talk(askwell: Askwell, database: Database) -> Callable[[str, Words | Press], Reply | None]:
    """Somebody's conversation on the page."""
    service = Service(askwell, database)
    service.join(Page())
    if service.asker("web", "v") is None:
        service.introduce("web", "v", Asker("derbyshire", "staff"))
    return lambda event, act: service.handle(Incoming(event, "web", "v", "web:v", "web:v", act)).reply


def fill(database: Database) -> None:
    """A few rows, one of them to be sent."""
    with database.write() as connection:
        records.take(connection, "slack", "é – “quoted”\n\ttab", NOW)
        records.audited(connection, "sefton", "words", "r1", NOW)
        records.beaten(connection, "courier", NOW)
        outbox.put(connection, "sefton", "c", "slack", "k1", "body", 1e12)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where archived knowledge is."""
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "abc123.zip").write_bytes(b"archived")
    return tmp_path / "knowledge"


def test_after_a_loss_the_same_conversation_goes_on(askwell: Askwell, address: str, empty: Callable[[], str], place: Path, tmp_path: Path) -> None:
    """The question that was open is answered after the restore as if nothing had happened, and an event seen before is still seen."""
    vault = fleeting()
    with opened(address, vault) as database:
        say = talk(askwell, database)
        asked = say("e1", Words(QUESTION))
        assert asked is not None and asked.question is not None
        press = Press(1, asked.question.fact, asked.question.options[0][0])
        backup.save(database, place, tmp_path / "b.zip")
        undisturbed = say("e2", press)
    with opened(empty(), vault) as anew:
        backup.restore(anew, tmp_path / "other", tmp_path / "b.zip", replace=False)
        say = talk(askwell, anew)
        assert say("e1", Words(QUESTION)) is None
        assert say("e2", press) == undisturbed
        assert undisturbed is not None and undisturbed.answers


def test_everything_comes_back_as_it_was(address: str, empty: Callable[[], str], place: Path, tmp_path: Path) -> None:
    """Every row of every table, and the archived knowledge; on the other kind of database, too."""
    with opened(address) as database, opened(empty()) as anew, opened(f"sqlite:///{tmp_path / 'third.db'}") as third:
        fill(database)
        count = backup.save(database, place, tmp_path / "b.zip")
        assert {name: n for name, n in count.items() if n} == {"event": 1, "audit": 1, "outbox": 1}
        for target in (anew, third):
            assert backup.restore(target, tmp_path / "elsewhere", tmp_path / "b.zip", replace=False) == count
            before, after = rows(database), rows(target)
            assert after.pop("outbox") == [one.replace("False)", "True)") for one in before.pop("outbox")]  # in doubt now
            assert after == before
    assert (tmp_path / "elsewhere" / "abc123.zip").read_bytes() == b"archived"


def test_what_was_to_be_sent_is_looked_for_first_and_numbers_go_on(address: str, empty: Callable[[], str], place: Path, tmp_path: Path) -> None:
    """It may have been sent after the backup was made; and what comes now is sent after it."""
    with opened(address) as database, opened(empty()) as anew:
        fill(database)
        backup.save(database, place, tmp_path / "b.zip")
        backup.restore(anew, place, tmp_path / "b.zip", replace=False)
        with anew.write() as connection:
            assert outbox.put(connection, "sefton", "c", "slack", "k2", "body", 0.0) == 2
            (row,) = outbox.claim(connection, ("slack",), "me", 2e12, 60.0, 5)
            assert (row.key, row.doubtful) == ("k1", True)


def test_a_backup_is_of_one_moment_while_others_write(address: str, place: Path, tmp_path: Path) -> None:
    """Of what is written together, either all is in it or nothing."""
    done = threading.Event()

    def write() -> None:
        with opened(address) as other:
            for i in itertools.takewhile(lambda _: not done.is_set(), itertools.count()):
                with other.write() as connection:
                    records.audited(connection, "sefton", "words", f"r{i}", NOW)
                    records.take(connection, "slack", f"e{i}", NOW)

    writer = threading.Thread(target=write)
    with opened(address) as database:
        writer.start()
        try:
            counts = [backup.save(database, place, tmp_path / f"{i}.zip") for i in range(5)]
        finally:
            done.set()
            writer.join()
    assert all(c["audit"] == c["event"] for c in counts)
    assert counts[0]["event"] < counts[-1]["event"]


def test_a_full_database_is_not_overwritten_unless_one_says_so(address: str, place: Path, tmp_path: Path) -> None:
    """And then it is replaced whole."""
    with opened(address) as database:
        fill(database)
        backup.save(database, place, tmp_path / "b.zip")
        with database.write() as connection:
            records.take(connection, "slack", "later", NOW)
        before = rows(database)
        with pytest.raises(BackupError, match="add --replace"):
            backup.restore(database, place, tmp_path / "b.zip", replace=False)
        assert rows(database) == before
        backup.restore(database, place, tmp_path / "b.zip", replace=True)
        assert len(rows(database)["event"]) == 1
        assert database.migrated()


def damaged(path: Path) -> None:
    """Some bytes in the middle are others."""
    raw = bytearray(path.read_bytes())
    raw[100:140] = bytes(40)
    path.write_bytes(raw)


def shorter(path: Path) -> None:
    """The end is missing."""
    path.write_bytes(path.read_bytes()[:-200])


def other_file(path: Path) -> None:
    """It is something else."""
    path.write_text("hello")


def other_archive(path: Path) -> None:
    """It is a zip of somebody else's."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")


def fewer_rows(path: Path) -> None:
    """Somebody took rows out."""
    _rewritten(path, lambda name, raw: b"" if name == "tables/event.jsonl" else raw)


def newer(path: Path) -> None:
    """It was made by a version to come."""
    _rewritten(path, lambda name, raw: json.dumps({**json.loads(raw), "revision": "9999"}).encode() if name == "askwell.json" else raw)


def _rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)


@pytest.mark.parametrize("broken", [damaged, shorter, other_file, other_archive, fewer_rows, newer])
def test_a_broken_backup_changes_nothing(address: str, place: Path, tmp_path: Path, broken: Callable[[Path], None]) -> None:
    """One sentence says what is wrong with it."""
    with opened(address) as database:
        fill(database)
        backup.save(database, place, tmp_path / "b.zip")
        before = rows(database)
        broken(tmp_path / "b.zip")
        with pytest.raises(BackupError, match=r"damaged|newer Askwell|no backup of Askwell"):
            backup.restore(database, place, tmp_path / "b.zip", replace=True)
        assert rows(database) == before


def test_a_file_that_is_there_is_not_overwritten(address: str, place: Path, tmp_path: Path) -> None:
    """Yesterday's backup may be the better one."""
    (tmp_path / "b.zip").write_text("yesterday")
    with opened(address) as database, pytest.raises(BackupError, match="name another file"):
        backup.save(database, place, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "yesterday"


def test_where_there_is_no_room_nothing_is_left_behind(address: str, place: Path, tmp_path: Path) -> None:
    """The folder is not there, or the database has no tables."""
    with opened(address) as database, pytest.raises(BackupError, match="cannot be written"):
        backup.save(database, place, tmp_path / "nowhere" / "b.zip")
    with opened("sqlite://") as new, pytest.raises(BackupError, match="no tables yet"):
        backup.save(new, place, tmp_path / "b.zip")
    assert sorted(p.name for p in tmp_path.glob("*") if p.suffix != ".db") == ["knowledge"]


def test_a_backup_is_for_its_owner_only(address: str, place: Path, tmp_path: Path) -> None:
    """It holds the directory and what waits to be sent."""
    with opened(address) as database:
        backup.save(database, place, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600


def test_keys_are_not_in_a_backup(askwell: Askwell, address: str, place: Path, tmp_path: Path) -> None:
    """Without them what people wrote cannot be read: neither the words nor a key stands in any of its parts."""
    vault = fleeting()
    with opened(address, vault) as database:
        talk(askwell, database)("e1", Words(QUESTION))
        backup.save(database, place, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"friend request" not in whole and not any(key in whole or key.hex().encode() in whole for key in vault.keys.values())


def test_names_in_a_backup_are_never_paths(address: str, place: Path, tmp_path: Path) -> None:
    """A forged one writes nothing outside the folder, and overwrites nothing in it."""
    with opened(address) as database:
        backup.save(database, place, tmp_path / "b.zip")
        with zipfile.ZipFile(tmp_path / "b.zip", "a") as archive:
            for name in ("knowledge/../../evil.zip", "knowledge/abc123.zip", "knowledge/evil.py", "evil.zip"):
                if name not in archive.namelist():
                    archive.writestr(name, "forged")
        backup.restore(database, place, tmp_path / "b.zip", replace=True)
    assert sorted(p.name for p in place.iterdir()) == ["abc123.zip", "evil.zip"] and not (tmp_path / "evil.zip").exists()
    assert (place / "abc123.zip").read_bytes() == b"archived"


def test_a_damaged_database_is_replaced_by_moving_it_away(place: Path, tmp_path: Path) -> None:
    """As the message about the damage says."""
    path = tmp_path / "askwell.db"
    with opened(f"sqlite:///{path}") as database:
        database.ready()
        fill(database)
        backup.save(database, place, tmp_path / "b.zip")
    path.write_bytes(b"garbage" * 1000)
    with opened(f"sqlite:///{path}") as database, pytest.raises(DatabaseUnusableError, match="Move it away"):
        backup.restore(database, place, tmp_path / "b.zip", replace=True)
    path.rename(tmp_path / "damaged.db")
    with opened(f"sqlite:///{path}") as database:
        assert backup.restore(database, place, tmp_path / "b.zip", replace=False)["event"] == 1
        with database.read() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
