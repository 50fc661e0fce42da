"""What a thief gets: a stolen database and the server's own key open no report, and a receipt is not to be guessed."""

import secrets
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.speakup import receipts, records, slow, threads
from bot.speakup.box import Box
from bot.speakup.office import MOST_READERS
from bot.speakup.receipts import SPACE
from bot.speakup.records import Kept
from bot.speakup.sealing import NOTE, SIZE, NotOpenedError, made, public, seal, unseal
from bot.speakup.slow import Cost, PassphraseError
from bot.store.trouble import DatabaseUnusableError
from speakup.engine_stand import CHAIR, CHEAP, CHIEF, KEY, ORG, PHRASE, RECOVERY, World, world

WORDS = (b"MARKED", "MARKED".encode("utf-16-le"))
YEAR = 365.25 * 24 * 3600.0  # seconds


@pytest.fixture
def here(tmp_path: Path) -> World:
    """A report about the chief executive, read and answered."""
    made_ = world(tmp_path)
    receipt = made_.file(CHIEF)
    case = made_.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0]
    made_.reading.reply(ORG, CHAIR, PHRASE[CHAIR], case.reference, "MARKED which invoices?", question=True)
    made_.desk.answer(receipt, 1, "MARKED number nine")
    return made_


def stolen(here: World) -> Kept:
    """All that somebody has who took the file and the server's key."""
    return Box(here.path, KEY).read()


def sealed(kept: Kept) -> Iterator[bytes]:
    """Everything sealed in it."""
    for one in kept.reports:
        yield from (one.note, one.card, *one.wraps)
        for entry in one.entries:
            yield from (entry.readers, entry.reporter)


def test_the_stolen_file_holds_no_word_and_no_name(here: World) -> None:
    """Neither of the report, nor of who is to read it; not in what SQLite leaves behind either."""
    for path in here.path.parent.iterdir():
        raw = path.read_bytes()
        assert not any(word in raw for word in (*WORDS, CHAIR.encode(), b"sefton", PHRASE[CHAIR].encode())), path.name


def test_the_stolen_file_without_the_servers_key_is_noise(here: World) -> None:
    """It cannot be opened, and says what to do to somebody who only lost the key."""
    with pytest.raises(DatabaseUnusableError, match="sealed with another key"):
        Box(here.path, secrets.token_bytes(32)).read()


def test_the_file_and_the_servers_key_together_hold_no_word_of_a_report(here: World) -> None:
    """What the server's key opens is sealed once more: no word, nobody implicated, nobody who can read it."""
    plain = records.kept_json(Kept(reports=stolen(here).reports))
    assert len(stolen(here).reports[0].entries) == 3
    assert not any(word in plain for word in (*WORDS, CHIEF.encode(), CHAIR.encode(), b"invoices", b"Jo Fox"))


def test_no_key_that_can_be_made_from_the_servers_opens_anything(here: World) -> None:
    """Not itself, nor what receipts and seals are derived from it with, nor any public half taken for a private one."""
    kept = stolen(here)
    one = kept.reports[0]
    tries = [KEY, *(receipts.derive(f"{i:020d}", KEY, CHEAP).private for i in range(20)), one.public, one.reporter, one.lookup, public(RECOVERY)]
    tries += [k.public for k in kept.keys] + [slow.hashed("", k.wrapped.salt, CHEAP) for k in kept.keys]
    places = [(ORG, one.reference, *what) for what in (("key",), ("note",), ("card",), ("readers", "2026-11-20"), ("reporter", "2026-11-20"))]
    for key in tries:
        assert threads.opened(one, key) is None
        for thing in sealed(kept):
            for place in places:
                with pytest.raises(NotOpenedError):
                    unseal(key, thing, *place)


def test_the_readers_key_opens_what_the_servers_does_not(here: World) -> None:
    """So that the tests above fail for the right reason."""
    kept = stolen(here)
    key = next(k for k in kept.keys if k.email == CHAIR)
    found = threads.opened(kept.reports[0], slow.unwrap(key.wrapped, PHRASE[CHAIR]))
    assert found and "MARKED" in repr(threads.for_reader(found)) and threads.opened(kept.reports[0], RECOVERY)
    with pytest.raises(PassphraseError):
        slow.unwrap(key.wrapped, "a passphrase of nobody")


def test_what_is_sealed_shows_by_its_length_neither_how_much_was_written_nor_by_whom(here: World) -> None:
    """A report, a question, an answer and a word of thanks have one size; so have the places of readers, taken or free."""
    here.file()
    here.file(CHIEF)
    kept = stolen(here)
    assert {len(x) for r in kept.reports for e in r.entries for x in (e.readers, e.reporter)} == {SIZE + 48}
    assert {len(x) for r in kept.reports for x in (r.note, r.card)} == {NOTE + 48}
    assert {len(r.wraps) for r in kept.reports} == {MOST_READERS} and {len(w) for r in kept.reports for w in r.wraps} == {80}


def test_what_is_sealed_belongs_to_one_place(here: World) -> None:
    """A message cannot be moved to another report, another day or the other side."""
    key = made()
    thing = seal(public(key), b"words", ORG, "REFERENCE", "readers", "2026-11-20")
    assert unseal(key, thing, ORG, "REFERENCE", "readers", "2026-11-20") == b"words"
    for place in ((ORG, "REFERENCE", "readers", "2026-11-21"), (ORG, "OTHER", "readers", "2026-11-20"), (ORG, "REFERENCE", "reporter", "2026-11-20")):
        with pytest.raises(NotOpenedError):
            unseal(key, thing, *place)


def test_a_receipts_table_without_the_servers_key_can_not_be_tried_at_all(here: World) -> None:
    """The key goes into the hash: with another one the right receipt leads elsewhere."""
    receipt = here.file()
    lookups = {r.lookup for r in here.office.box.read().reports}
    assert receipts.derive(receipt, KEY, CHEAP).lookup in lookups
    assert receipts.derive(receipt, secrets.token_bytes(32), CHEAP).lookup not in lookups


def test_a_stolen_receipts_table_costs_more_than_a_thousand_years() -> None:
    """With the server's key, too, and at 100,000 guesses a second: half of 10^16 receipts takes 1,584 years.

    And 100,000 guesses a second is a lot: one takes this machine's core so long that it needs thousands of cores, each with 64 MiB.
    """
    cost, key = Cost(), secrets.token_bytes(32)
    started = time.process_time()
    receipts.derive("0" * 20, key, cost)
    seconds = time.process_time() - started
    assert SPACE / 2 / 100_000 / YEAR > 1_000
    assert 100_000 * seconds > 2_000, f"a hash takes {seconds:.3f} s: 100,000 a second need only {100_000 * seconds:.0f} cores"
    assert cost.memory >= 64 * 1024


def test_receipts_are_drawn_from_all_of_them_and_the_last_digits_are_the_servers() -> None:
    """Each of the sixteen places takes every digit; without the key the last four are right once in ten thousand times."""
    drawn = [receipts.digits(receipts.make(KEY)) for _ in range(400)]
    assert len(set(drawn)) == 400 and all({d[i] for d in drawn} == set("0123456789") for i in range(16))
    guessed = sum(receipts.plausible(f"{secrets.randbelow(10**20):020d}", KEY) for _ in range(20_000))
    assert guessed < 20


def test_ten_thousand_guesses_are_refused_while_somebody_with_a_receipt_is_served(here: World) -> None:
    """A guess is refused before the slow hash: all of them take less time than a few hashes, and no memory."""
    receipt = here.file()
    started = time.process_time()
    for i in range(10_000):
        assert here.desk.open(f"{i * 997:020d}") is None
        if i % 2_500 == 0:
            assert here.desk.open(receipt)
    assert time.process_time() - started < 10


def test_nothing_that_was_deleted_can_be_found_in_the_file(here: World) -> None:
    """The file is written anew as a whole, and what SQLite frees is overwritten."""
    before = sqlite3.connect(here.path).execute("SELECT body FROM speakup_box").fetchone()[0]
    here.file()
    raw = here.path.read_bytes()
    assert not any(before[i : i + 64] in raw for i in range(0, len(before), 65_536))


def test_a_changed_file_is_noticed(here: World) -> None:
    """One bit is enough."""
    with sqlite3.connect(here.path) as connection:
        body = bytearray(connection.execute("SELECT body FROM speakup_box").fetchone()[0])
        body[len(body) // 2] ^= 1
        connection.execute("UPDATE speakup_box SET body = ?", (bytes(body),))
    connection.close()
    with pytest.raises(DatabaseUnusableError, match="changed"):
        Box(here.path, KEY).read()
