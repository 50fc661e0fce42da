"""The checkers on knowledge that was broken on purpose: each kind of finding says the file, the line and how to mend it."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import officer_copy
import pytest
from officer_copy import TODAY, swapped
from typer.testing import CliRunner

from adapters.terminal.cli import app
from bot import load, words
from bot.checks import flows, names, silences, worlds
from bot.findings import Finding
from bot.knowledge import Knowledge

CHECKERS: dict[str, Callable[[Knowledge, Path], Iterable[Finding]]] = {
    "worlds": lambda known, _: worlds.check(known),
    "names": lambda known, _: names.check(known),
    "shared": lambda _, root: names.shared(root),
    "silences": silences.check,
    "usable": flows.usable,
    "ends": lambda known, root: flows.ends(known, root, TODAY),
}
SEFTON = "organisations/sefton"
PURPOSE, CONTACT = f"{SEFTON}/sections/02-purpose.yaml", f"{SEFTON}/sections/04-limits-contact.yaml"
CHAINS, SILENT = f"{SEFTON}/chains.yaml", f"{SEFTON}/silences.txt"
MEDIA, AT_RISK, ASIDE = "flows/media.yaml", "flows/safeguarding.yaml", "flows/whistleblowing.yaml"
MEDIA_CHAIN = "media:\n- {duties: [manager, communications-officer], minutes: 60}\n"
OWN_CHAIN = "harassment:\n- {duties: [line-manager], minutes: 120}\n- {duties: [manager], minutes: 120}"
FIRST_LINE = "- If anyone is in danger right now, ring 999 first. You don't need anybody's permission.\n"
MANY = "agreed, announced, authorised, closed, confidential, credited, linked, managed, published, raised, separate"
REPORT_FRAUD, GUARDIAN = ("“Action Fraud” no longer", "Write Report Fraud"), ("“National Guardian's Office” no", "Speak Up Guardian")


class Edit(NamedTuple):
    """A passage of a file, and what is written instead."""

    file: str
    old: str
    new: str


class Break(NamedTuple):
    """What is broken, and what the checker has to say: at the line with `mark` (empty: the file as a whole) what is wrong, and a remedy.

    `at` is the file in which it is found, where that is not the one that was changed.
    """

    checker: str
    edit: Edit
    mark: str
    what: str
    mend: str
    at: str = ""


def rules(*texts: str) -> Edit:
    """Rules put before the first one on what the policy is for."""
    first = "  - id: what-for\n"
    return Edit(PURPOSE, first, "".join(f"  - {{{text}, answer: This rule was made to be found.}}\n" for text in texts) + first)


def survey(agreed: str, not_agreed: str) -> Edit:
    """Two rules on a survey: where it was agreed, and, riskier, where it was not."""
    on = "on: online-survey, when: {{agreed: '{}'}}, verdict: "
    return rules(f"id: safe, {on.format('yes')}{agreed}", f"id: risky, {on.format('no')}{not_agreed}")


BROKEN = {
    "a contradiction": Break(
        "worlds", rules("id: may, on: using-ai, verdict: allowed", "id: may-not, on: using-ai, verdict: not_allowed"),
        "id: may,", "'may' allows what 'may-not' forbids (always", "`overrides`"),
    "a risk that permits more": Break(
        "worlds", survey("info", "allowed"), "id: risky", "agreed from yes to no permits more: info → allowed", "must not permit more"),
    "a risk that loses a flow": Break(
        "worlds", survey("info, flow: media", "info"), "id: safe", "agreed = no loses the flow media", "the same flow"),
    "an exception that loses a flow": Break(
        "worlds", survey("info, flow: media", "info, overrides: safe"), "id: safe", "agreed = no loses the flow media", "the same flow"),
    "an exception that loses a contact": Break(
        "worlds", Edit(CONTACT, "[manager, office]\n    overrides: volunteers-adding", "[manager]\n    overrides: volunteers-adding"),
        "id: volunteers-adding-trustees", "who from colleague to director loses office (who: colleague)", "`to`"),
    "a replaced name in an answer": Break("names", Edit(PURPOSE, "The accounts are", "Action Fraud is"), "id: what-for", *REPORT_FRAUD),
    "in a signpost": Break("names", Edit("signposts.yaml", "name: NSPCC helpline", "name: Action Fraud"), "id: nspcc", *REPORT_FRAUD),
    "in a law note": Break("names", Edit("law.yaml", "first, for", "first of the National Guardian's Office, for"), "id: going-public", *GUARDIAN),
    "in a flow, over the end of a line": Break(
        "shared", Edit(MEDIA, "asks: When do they need", "asks: When does Action\n    Fraud need"), "asks: When does", *REPORT_FRAUD),
    "in a question about a fact": Break(
        "shared", Edit("facts/consent.yaml", "Have they agreed?", "Has the National Guardian’s Office agreed?"), "asks: Has", *GUARDIAN),
    "on a button": Break("shared", Edit("facts/consent.yaml", "Only some have", "Only Action Fraud has"), "label: Only", *REPORT_FRAUD),
    "in a topic's title": Break("shared", Edit("topics/using-ai.yaml", "made by AI", "made by Action Fraud"), "title:", *REPORT_FRAUD),
    "a printed silence that is gone": Break("silences", Edit(SILENT, "account-closure\n", ""), "", "has changed", "--write-silences"),
    "a new silence": Break("silences", Edit(PURPOSE, "on: in-doubt", "on: purpose"), "", "has changed", "--write-silences", SILENT),
    "a flow that is no YAML": Break("usable", Edit(MEDIA, "options: {now:", "options: now:"), "options: now:", "this is not YAML", "Look at"),
    "an unknown key in a flow": Break("usable", Edit(MEDIA, "title: ", "titel: "), "titel:", "'titel' is not a key", "Check its spelling"),
    "a condition on no step": Break(
        "usable", Edit(AT_RISK, "when: {about: [adult, both]}", "when: {abuot: [adult, both]}"), "id: knows", "names 'abuot'", "Change the step"),
    "a flow that is not there": Break("usable", Edit(MEDIA, "flow: media", "flow: safeguarding"), "", "no such conversation", "Put the file back"),
    "a duty that is no role": Break("usable", Edit(CHAINS, "-officer]", "-offcier]"), "-offcier]", "is no role of people.yaml", "Name a role"),
    "a chain of no flow": Break("usable", Edit(CHAINS, "harass", "harras"), "harras", "neither a flow nor a topic", "Check its spelling"),
    "a flow without a chain": Break("ends", Edit(CHAINS, MEDIA_CHAIN, ""), "", "nobody is asked about a report of 'media'", "Name who is asked"),
    "an empty chain": Break(
        "ends", Edit(CHAINS, OWN_CHAIN, "harassment: []"), "harassment:", "nobody is asked about a report of 'harassment'", "Name who is asked"),
    "a flow without a number": Break(
        "ends", Edit("topics/using-ai.yaml", "facts: []", "facts: []\nflow: whistleblowing"),
        "flow:", "on using-ai, it ends without a number (volunteer of sefton)", "add a signpost", ASIDE),
    "999 that comes late": Break("ends", Edit(AT_RISK, FIRST_LINE, ""), "- You are doing", "999 is not the first thing", "Begin the `opening`"),
    "details before danger": Break("ends", Edit(AT_RISK, "id: danger", "id: hazard"), "id: seen", "before it asks about danger", "before every step"),
    "danger without 999": Break(
        "ends", Edit(AT_RISK, "If in doubt, ring 999.", "Have a think."), "Have a think.", "'unknown' about danger is not told 999", "`replies`"),
}  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that decides, made once."""
    return officer_copy.deciding(tmp_path_factory.mktemp("checks"))


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return shutil.copytree(template, tmp_path / "knowledge")


def broken(root: Path, *edits: Edit) -> Knowledge:
    """What is loaded once these passages are written otherwise."""
    for edit in edits:
        path = root / edit.file
        path.write_text(swapped(path.read_text(encoding="utf-8"), (edit.old, edit.new)), encoding="utf-8")
    return load.load(root)


def line_of(path: Path, mark: str) -> int:
    """The line on which something stands; 0 for the file as a whole."""
    return next(i for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if mark in line) if mark else 0


def test_of_the_five_policies_nothing_is_found_that_all_share(knowledge: Knowledge) -> None:
    """Their flows, who is asked, and the words that stand in no policy."""
    assert [*flows.usable(knowledge, load.ROOT), *flows.ends(knowledge, load.ROOT, TODAY), *names.shared(load.ROOT)] == []


def test_before_anything_is_broken_nothing_is_found(template: Path) -> None:
    """So what is found afterwards is what was broken."""
    known = load.load(template)
    assert [finding for checker in CHECKERS.values() for finding in checker(known, template)] == []


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_found_at_its_line_with_a_remedy(root: Path, case: Break) -> None:
    """File, line, what is wrong and what to do about it."""
    found = [f for f in CHECKERS[case.checker](broken(root, case.edit), root) if case.what in f.what]
    file = case.at or case.edit.file
    assert {(f.file, f.line) for f in found} == {(file, line_of(root / file, case.mark))}
    assert case.mend in found[0].mend


def test_a_topic_on_which_too_much_would_be_asked_is_found(root: Path) -> None:
    """More worlds than can be gone through are a finding by themselves."""
    each = ", ".join(f"{fact}: 'yes'" for fact in MANY.split(", "))
    known = broken(
        root, Edit("topics/using-ai.yaml", "facts: []", f"facts: [{MANY}]"), rules(f"id: much, on: using-ai, when: {{{each}}}, verdict: info")
    )
    found = list(worlds.check(known))
    assert [(f.file, f.line, f.what) for f in found] == [(PURPOSE, line_of(root / PURPOSE, "id: much"), "using-ai has 2048 worlds")]
    assert "fewer facts" in found[0].mend


def test_a_replaced_name_in_the_programs_own_sentences_is_found(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line of the sentence, though it is put together from several."""
    copy = tmp_path / "words.py"
    copy.write_text('"""Words."""\n\nFIRST = "Ring Protect."\nSECOND = (\n    "Ring Action "\n    "Fraud."\n)\n', encoding="utf-8")
    monkeypatch.setattr(words, "__file__", str(copy))
    found = list(names.shared(root))
    assert [(f.file, f.line) for f in found] == [("bot/words.py", 5)] and "Report Fraud" in found[0].mend


def test_what_people_say_may_name_a_body_as_it_was_called(root: Path) -> None:
    """Whoever looks for the old name has to be understood."""
    path = root / "topics" / "using-ai.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "examples:\n- do i ring action fraud\n", encoding="utf-8")
    assert list(names.shared(root)) == []


def test_askwell_check_prints_what_is_wrong_with_a_chain(root: Path) -> None:
    """The command reads who is asked about reports as it reads the rules."""
    broken(root, Edit(CHAINS, "-officer]", "-offcier]"))
    shown = CliRunner().invoke(app, ["check", "--knowledge", str(root)])
    assert shown.exit_code == 2
    assert f"{CHAINS}:{line_of(root / CHAINS, 'offcier')}: the duty 'communications-offcier' is no role of people.yaml" in shown.stdout
