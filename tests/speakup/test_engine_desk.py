"""Reports of wrongdoing from the first screen to the last reply, as their reporters and readers meet them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.speakup import receipts, threads, watch
from bot.speakup.desk import ChangedError, EndedError, Kind, Naming, Nobody, NobodyError, Report, TooLongError
from bot.speakup.office import Recovery
from bot.speakup.reading import KeyExistsError, NoReportError
from bot.speakup.report import Message
from bot.speakup.sealing import SIZE, public
from bot.speakup.slow import PassphraseError
from bot.speakup.threads import MOST_ENTRIES
from speakup.engine_stand import ANN, CHAIR, CHIEF, IT, KEY, LEAD, ORG, PEOPLE, PHRASE, RECOVERY, SAID, TOLD, VICE, World, world


@pytest.fixture
def here(tmp_path: Path) -> World:
    """Three readers with keys."""
    return world(tmp_path)


def test_whoever_could_open_a_report_is_shown_by_name_and_role(here: World) -> None:
    """The readers with a key, and whoever keeps the recovery key; not whoever runs the server."""
    shown = [(r.name, r.role, r.recovery) for r in here.desk.readers(ORG).people]
    assert shown == [("Cher Chair", "director", False), ("Lou Lead", "staff", False), ("Vic Vice", "director", False), ("Jo Fox", "solicitor", True)]


def test_naming_the_chief_executive_takes_out_everybody_below(here: World) -> None:
    """And says that the server is run by somebody below, too."""
    found = here.desk.readers(ORG, frozenset({CHIEF}))
    assert [r.id for r in found.people] == [CHAIR, VICE, "Jo Fox, solicitor"] and found.pressed
    assert not here.desk.readers(ORG, frozenset({ANN})).pressed


def test_a_recovery_holder_who_must_not_see_it_gets_no_key_to_it(here: World, tmp_path: Path) -> None:
    """By name where they are from outside; by the veto where they are staff."""
    assert not any(r.recovery for r in here.desk.readers(ORG, here.desk.named(ORG, "jo fox")).people)
    inside = world(tmp_path / "inside", recovery=Recovery(public(RECOVERY), ANN))
    assert [r.name for r in inside.desk.readers(ORG).people if r.recovery] == ["Ann Staff"]
    assert not any(r.recovery for r in inside.desk.readers(ORG, frozenset({CHIEF})).people)
    receipt = inside.file(CHIEF)
    assert inside.reading.recover(ORG, CHAIR, RECOVERY, "another long passphrase") == 0 and inside.desk.open(receipt)


def test_names_are_taken_to_mean_rather_one_person_too_many(here: World) -> None:
    """First names, addresses and roles count; a line that means nobody takes nobody out."""
    assert here.desk.named(ORG, "chi chief") == {CHIEF} and here.desk.named(ORG, "LOU\n chair@x.uk ") == {LEAD, CHAIR}
    assert here.desk.named(ORG, "director") == {CHAIR, VICE}
    assert here.desk.named(ORG, "Somebody Else\n\n") == frozenset()


def test_without_a_reader_nothing_can_be_filed(here: World) -> None:
    """Each of the three reasons is told apart, and nothing is kept."""
    for implicated, why in (({CHAIR, VICE, LEAD}, Nobody.NAMED), ({IT}, Nobody.SERVER)):
        with pytest.raises(NobodyError) as error:
            here.file(*implicated)
        assert error.value.why == why
    here.people = [replace(p, duties=()) for p in PEOPLE]
    assert here.desk.readers(ORG).nobody == Nobody.UNSET
    assert here.office.box.read().reports == ()


def test_somebody_with_the_duty_and_without_a_key_is_no_reader(tmp_path: Path) -> None:
    """Nobody could seal anything to them."""
    here = world(tmp_path, keyed=[VICE])
    assert [r.id for r in here.desk.readers(ORG).people if not r.recovery] == [VICE]
    assert here.desk.readers(ORG, frozenset({VICE})).nobody == Nobody.UNSET


def test_nothing_is_filed_to_somebody_to_whom_the_reporter_has_not_agreed(here: World) -> None:
    """A key that was made between the screen and Send asks again."""
    agreed = here.desk.readers(ORG).ids - {LEAD}
    with pytest.raises(ChangedError):
        here.desk.file(ORG, TOLD, frozenset(), agreed)
    assert here.office.box.read().reports == ()


def test_a_report_is_read_whole_by_its_readers_and_by_nobody_else(here: World) -> None:
    """The chair reads every field; whoever was taken out finds nothing, and learns nothing."""
    here.file(CHIEF, report=replace(TOLD, naming=Naming.CONFIDENTIAL, name="MARKED Pat"))
    (case,) = here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])
    assert case.lines[0].message.report == replace(TOLD, naming=Naming.CONFIDENTIAL, name="MARKED Pat")
    assert case.lines[0].day == here.day and case.readers == ("Cher Chair, director", "Vic Vice, director", "Jo Fox, solicitor")
    assert here.reading.inbox(ORG, LEAD, PHRASE[LEAD]) == ()


def test_a_conversation_goes_both_ways_by_the_receipt(here: World) -> None:
    """Replies, questions and answers; each question is open until it is answered."""
    receipt = here.file()
    case = here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0]
    here.reading.reply(ORG, CHAIR, PHRASE[CHAIR], case.reference, "MARKED which invoices?", question=True)
    here.reading.reply(ORG, VICE, PHRASE[VICE], case.reference, "MARKED thank you")
    seen = here.desk.open(receipt)
    assert seen and [q.message.text for q in seen.questions] == ["MARKED which invoices?"]
    assert [(line.message.kind, line.message.text, line.message.by) for line in seen.lines[1:]] == [
        (Kind.QUESTION, "MARKED which invoices?", ""), (Kind.REPLY, "MARKED thank you", "")
    ]  # fmt: skip
    assert here.desk.answer(receipt, seen.questions[0].number, "MARKED number nine") and here.desk.add(receipt, "MARKED and more")
    again = here.desk.open(receipt)
    assert again and again.questions == ()
    assert here.said(LEAD) == [SAID, "MARKED which invoices?", "MARKED thank you", "MARKED number nine", "MARKED and more"]


def test_whoever_finds_a_receipt_reads_no_word_of_the_report(here: World) -> None:
    """The reporter's own words are not shown again; they are sealed to the readers only."""
    receipt = here.file()
    here.desk.add(receipt, SAID)
    seen = here.desk.open(receipt)
    assert seen and "MARKED" not in repr(seen) and len(seen.lines) == 2


def test_the_reporter_sees_whether_anybody_has_opened_it(here: World) -> None:
    """And when the receipt runs out."""
    receipt = here.file()
    before = here.desk.open(receipt)
    here.reading.inbox(ORG, VICE, PHRASE[VICE])
    after = here.desk.open(receipt)
    assert before and after and (before.read, after.read) == (False, True)
    assert before.until == date(2027, 5, 19)


def test_a_receipt_is_digits_in_groups_and_may_be_typed_anyhow(here: World) -> None:
    """Blanks, dashes and other letters do not matter; a wrong digit is known at once."""
    receipt = here.file()
    assert [len(group) for group in receipt.split()] == [4] * 5 and receipt.replace(" ", "").isdigit()
    assert here.desk.open("  " + receipt.replace(" ", "-") + "\n") is not None
    wrong = ("0" if receipt[0] != "0" else "1") + receipt[1:]
    assert here.desk.slip(wrong) and here.desk.slip("") and here.desk.slip("٣" * 20) and not here.desk.slip(receipt)
    assert here.desk.open(wrong) is None and here.desk.open(receipts.make(KEY)) is None


def test_withdrawing_before_anybody_read_it_leaves_nothing(here: World) -> None:
    """Neither the report nor that anybody was to be told of it."""
    receipt = here.file()
    assert here.desk.withdraw(receipt)
    kept = here.office.box.read()
    assert (kept.reports, kept.waiting) == ((), ()) and here.desk.open(receipt) is None and not here.desk.withdraw(receipt)


def test_withdrawing_afterwards_ends_the_receipt_and_tells_the_readers(here: World) -> None:
    """Nobody who made somebody withdraw can destroy what was read already."""
    receipt = here.file()
    here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])
    assert here.desk.withdraw(receipt) and here.desk.open(receipt) is None
    (case,) = here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])
    assert [line.message.kind for line in case.lines] == [Kind.REPORT, Kind.WITHDRAWN] and not case.reachable


def test_a_receipt_runs_out_while_the_report_stays(here: World) -> None:
    """Half a year after the last word, whoever said it; what was sealed to the receipt goes then."""
    receipt = here.file()
    here.later(180)
    here.reading.reply(ORG, CHAIR, PHRASE[CHAIR], here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0].reference, "MARKED we are looking into it")
    here.later(180)
    assert here.desk.open(receipt)
    here.day = here.day.replace(day=here.day.day + 1)
    assert here.desk.open(receipt) is None and not here.desk.add(receipt, "more")  # also before the night
    here.office.purge()
    assert not here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0].reachable
    assert here.said(VICE) == [SAID, "MARKED we are looking into it"]


def test_a_report_goes_when_its_time_is_over_unless_it_is_held(tmp_path: Path) -> None:
    """Legal hold beats retention."""
    here = world(tmp_path, keep_days=300, receipt_days=400)
    here.file()
    reference = here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0].reference
    here.reading.hold(ORG, CHAIR, PHRASE[CHAIR], reference, hold=True)
    here.later(301)
    assert here.said(CHAIR) == [SAID]
    with pytest.raises(NoReportError):
        here.reading.delete(ORG, CHAIR, PHRASE[CHAIR], reference)
    here.reading.hold(ORG, CHAIR, PHRASE[CHAIR], reference, hold=False)
    here.later(0)
    assert here.said(CHAIR) == [] and here.office.box.read().reports == ()


def test_a_reader_who_deletes_a_report_is_seen_to_have_done_so(here: World) -> None:
    """By its reporter, and by the other readers."""
    receipt = here.file()
    reference = here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0].reference
    here.reading.delete(ORG, CHAIR, PHRASE[CHAIR], reference)
    seen, (case,) = here.desk.open(receipt), here.reading.inbox(ORG, VICE, PHRASE[VICE])
    assert seen and seen.deleted and seen.lines == () and case.deleted == here.day.isoformat() and case.lines == ()
    with pytest.raises(EndedError):
        here.desk.add(receipt, "more")


def test_a_wrong_passphrase_opens_nothing_and_a_short_one_makes_no_key(here: World) -> None:
    """Nor does another reader's."""
    here.file()
    with pytest.raises(PassphraseError):
        here.reading.inbox(ORG, CHAIR, PHRASE[VICE])
    here.people[-2] = replace(here.people[-2], duties=("speak-up",))
    for short in ("", "fifteen letters", "a" * 40):
        with pytest.raises(PassphraseError):
            here.reading.make_key(ORG, ANN, short)


def test_only_holders_of_the_duty_have_anything_here(here: World) -> None:
    """Not the staff, not another organisation's people, not whoever runs the server, nor a reader who lost the duty."""
    assert [h.email for h in here.reading.holders(ORG)] == [CHAIR, LEAD, VICE]
    for one in (ANN, IT, "nobody@x.uk", ""):
        assert not here.reading.may(ORG, one)
        with pytest.raises(NoReportError):
            here.reading.make_key(ORG, one, PHRASE[CHAIR])
    here.people[0] = replace(here.people[0], duties=())
    with pytest.raises(NoReportError):
        here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])


def test_nobody_can_put_another_key_in_the_place_of_a_readers(here: World) -> None:
    """Somebody who signs in as them would otherwise read what comes from now on."""
    with pytest.raises(KeyExistsError):
        here.reading.make_key(ORG, CHAIR, "a passphrase of somebody else")


def test_a_new_passphrase_opens_what_the_old_one_did(here: World) -> None:
    """And the old one nothing any more."""
    here.file()
    here.reading.change_key(ORG, CHAIR, PHRASE[CHAIR], "a new and longer passphrase", "slack")
    with pytest.raises(PassphraseError):
        here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])
    assert len(here.reading.inbox(ORG, CHAIR, "a new and longer passphrase")) == 1
    assert {h.email: h.channel for h in here.reading.holders(ORG)}[CHAIR] == "slack"


def test_a_reader_lets_in_another_and_the_reporter_is_told(tmp_path: Path) -> None:
    """Only somebody who passes the veto and has a key."""
    here = world(tmp_path, keyed=[CHAIR, LEAD])
    receipt = here.file(CHIEF)
    reference = here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0].reference
    for who in (VICE, LEAD, ANN, IT):  # no key yet; pressed; no duty; runs the server
        with pytest.raises(NoReportError):
            here.reading.add_recipient(ORG, CHAIR, PHRASE[CHAIR], reference, who)
    here.keyed(VICE)
    assert here.said(VICE) == []
    assert here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0].others == ((VICE, "Vic Vice"),)
    here.reading.add_recipient(ORG, CHAIR, PHRASE[CHAIR], reference, VICE)
    seen = here.desk.open(receipt)
    assert seen and seen.readers == ("Cher Chair, director", "Jo Fox, solicitor", "Vic Vice, director")
    assert (seen.lines[-1].message.kind, seen.lines[-1].message.text) == (Kind.JOINED, "Vic Vice, director")
    assert here.said(VICE) == [SAID, "Vic Vice, director"]


def test_nobody_who_cannot_open_a_report_can_do_anything_with_it(here: World) -> None:
    """Knowing its reference is no use."""
    here.file(CHIEF)
    reference = here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0].reference
    mine = (ORG, LEAD, PHRASE[LEAD], reference)
    with pytest.raises(NoReportError):
        here.reading.reply(*mine, "hello")
    with pytest.raises(NoReportError):
        here.reading.add_recipient(*mine, LEAD)
    with pytest.raises(NoReportError):
        here.reading.delete(*mine)


def test_a_lost_passphrase_is_mended_with_the_recovery_key(here: World) -> None:
    """It opens what this reader could open, and nothing else."""
    here.file()
    here.file(CHIEF)
    for wrong in (b"x" * 32, public(RECOVERY)):
        with pytest.raises(PassphraseError):
            here.reading.recover(ORG, LEAD, wrong, "a new and longer passphrase")
    assert here.reading.recover(ORG, LEAD, RECOVERY, "a new and longer passphrase") == 1
    assert len(here.reading.inbox(ORG, LEAD, "a new and longer passphrase")) == 1
    assert len(here.said(CHAIR)) == 2


def test_without_the_recovery_key_another_reader_lets_them_in_again(tmp_path: Path) -> None:
    """Their new key opens nothing by itself."""
    here = world(tmp_path, recovery=None)
    here.file()
    here.reading.restart(ORG, VICE)
    here.keyed(VICE)
    assert here.said(VICE) == []
    reference = here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR])[0].reference
    here.reading.add_recipient(ORG, CHAIR, PHRASE[CHAIR], reference, VICE)
    assert here.said(VICE)[0] == SAID
    with pytest.raises(PassphraseError):
        here.reading.recover(ORG, VICE, RECOVERY, "a new and longer passphrase")


def test_what_is_too_long_is_refused_before_anything_is_kept(here: World) -> None:
    """For a report and for what is added."""
    with pytest.raises(TooLongError):
        here.file(report=Report("x" * SIZE))
    receipt = here.file()
    with pytest.raises(TooLongError):
        here.desk.add(receipt, "é" * (SIZE // 2))
    seen = here.desk.open(receipt)
    assert seen and len(seen.lines) == 1


def test_one_receipt_cannot_fill_the_database(here: World) -> None:
    """After so many messages only withdrawing is left."""
    here.file()
    one, day = here.office.box.read().reports[0], here.office.day()
    while len(one.entries) < MOST_ENTRIES:
        one = threads.said(one, Message(Kind.ADDED, "more"), day)
    for kind in Kind:
        if kind != Kind.WITHDRAWN:
            with pytest.raises(EndedError):
                threads.said(one, Message(kind, "more"), day)
    assert len(threads.said(one, Message(Kind.WITHDRAWN), day).entries) == MOST_ENTRIES + 1


def test_organisations_do_not_meet(here: World) -> None:
    """A reader of one opens nothing of another's, even with the same address."""
    here.people += [replace(p, organisation="rutland") for p in PEOPLE]
    here.reading.make_key("rutland", CHAIR, PHRASE[CHAIR])
    here.desk.file("rutland", TOLD, frozenset(), here.desk.readers("rutland").ids)
    assert here.reading.inbox(ORG, CHAIR, PHRASE[CHAIR]) == ()
    assert len(here.reading.inbox("rutland", CHAIR, PHRASE[CHAIR])) == 1


def test_what_keeps_a_report_from_reaching_somebody_is_said(tmp_path: Path) -> None:
    """In the same words with and without a report."""
    here = world(tmp_path, keyed=(), administrators=frozenset(), recovery=None)
    assert ["ADMINISTRATORS" in line or "recovery" in line for line in watch.findings(here.office, [ORG, "rutland"])] == [True, True, False]
    here = world(tmp_path / "set", keyed=())
    (line,) = watch.findings(here.office, [ORG])
    assert "has a key: they open" in line
    here.keyed(LEAD)
    (line,) = watch.findings(here.office, [ORG])
    assert "Add a trustee" in line
    here.keyed(CHAIR)
    before = watch.findings(here.office, [ORG])
    here.file()
    assert before == watch.findings(here.office, [ORG]) == []
    here.people = [replace(p, duties=()) for p in PEOPLE]
    assert "column `duties`" in watch.findings(here.office, [ORG])[0]
