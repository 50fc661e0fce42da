"""Scenarios stand on both sides of every exception, and nothing in a scenario can be passed over in silence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import officer_copy
import pytest
import yaml

from bot import scenarios
from bot.checks import sides, told
from bot.findings import Finding
from bot.knowledge import Knowledge
from bot.load import ROOT, Reader

Case = dict[str, Any]
VOLUNTEER = ("volunteer", {"account": "personal"})


def left(root: Path, organisation: str, keep: Callable[[Case], bool]) -> None:
    """Only these scenarios of a copy stay."""
    for path in (root / "organisations" / organisation / "scenarios").glob("*.yaml"):
        cases = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - the base loader makes only strings
        path.write_text(yaml.safe_dump([c for c in cases if keep(c)], sort_keys=False, allow_unicode=True), encoding="utf-8")


def found(knowledge: Knowledge, root: Path, organisation: str) -> list[Finding]:
    """What the checker says about one organisation."""
    return list(sides.check(knowledge.only(organisation), root))


def is_about(case: Case, topic: str, who: str) -> bool:
    """Whether a scenario is on this topic and about this person."""
    return (case["topic"], case.get("facts", {}).get("who")) == (topic, who)


def test_both_sides_of_every_exception_are_shown(knowledge: Knowledge) -> None:
    """In all five policies."""
    assert list(sides.check(knowledge, ROOT)) == []


def test_every_rule_is_shown_by_a_scenario(knowledge: Knowledge) -> None:
    """By itself, or by the tension that stands for it."""
    cases = list(scenarios.scenarios(Reader(ROOT), ROOT))
    for organisation in knowledge.organisations.values():
        seen = [scenarios.result(knowledge, organisation, c.raw) for c in cases if c.organisation == organisation.id]
        assert [r.id for r in organisation.rules if not any(sides.shows(result, r) for result in seen)] == []
        topics = {c.raw.topic for c in cases if c.organisation == organisation.id}
        assert [t for t, rules in organisation.on_topic.items() if rules and t not in topics] == []


def test_an_exception_that_no_scenario_shows_is_found_at_its_line(knowledge: Knowledge, tmp_path: Path) -> None:
    """With what to write."""
    root = officer_copy.one(tmp_path, "sefton")
    left(root, "sefton", lambda case: not is_about(case, "existing-friendship", "director"))
    (finding,) = found(knowledge, root, "sefton")
    rule = next(r for r in knowledge.organisations["sefton"].rules if r.id == "old-trustee-friends")
    assert (finding.file, finding.line) == (rule.place.file, rule.place.line)
    assert finding.what == "no scenario shows the exception 'old-trustee-friends'"
    assert "Write a scenario on existing-friendship" in finding.mend


def test_the_other_side_is_missed_as_well(knowledge: Knowledge, tmp_path: Path) -> None:
    """The exception alone does not show what it is an exception from."""
    root = officer_copy.one(tmp_path, "sefton")
    left(root, "sefton", lambda case: not is_about(case, "work-on-personal-account", "colleague"))
    assert [f.what for f in found(knowledge, root, "sefton")] == [
        "no scenario shows 'volunteers-own-number', which 'volunteers-own-number-trustee' sets aside",
    ]


def test_a_tension_shows_the_side_of_the_rule_that_steps_back_for_it(knowledge: Knowledge, tmp_path: Path) -> None:
    """Rutland First's ban on conversations is only ever seen together with the wish for engagement; without that it is missed, too."""
    root = officer_copy.one(tmp_path, "rutland")
    assert found(knowledge, root, "rutland") == []
    left(root, "rutland", lambda case: case["topic"] != "answering-public" or (case.get("role"), case.get("facts")) == VOLUNTEER)
    missing = {f.what for f in found(knowledge, root, "rutland")}
    assert missing == {f"no scenario shows '{o}', which 'volunteer-replies' sets aside" for o in ("engage-or-not", "no-conversations")}


@pytest.mark.parametrize(
    ("slip", "wanted"),
    [
        ("expect: {verdict: info}", "'topic' is missing"),
        ("topic: tone\n  say: Hello\n  expect: {verdict: info}", "'say' is not a key"),
        ("topic: tone\n  followup: Hello\n  expect: {verdict: info}", "'followup' is not a key"),
        ("topic: tone\n  expect: {urgent: yes}", "'urgent' is not a key"),
        ("topic: tone\n  expect: {}", "it expects nothing"),
        ("topic: tune\n  expect: {verdict: info}", "'tune' is not a topic"),
        ("topic: tone\n  facts: {who: served}\n  expect: {verdict: info}", "does not turn on who"),
        ("topic: tone\n  facts: {account: mine}\n  expect: {verdict: required}", "'mine' is not a value of 'account'"),
        ("topic: account-closure\n  facts: {followers: many}\n  expect: {verdict: refer}", "'many' is not a value of 'followers'"),
    ],
)
def test_a_slip_in_a_scenario_is_found(knowledge: Knowledge, tmp_path: Path, slip: str, wanted: str) -> None:
    """Whatever would make it pass without anything being looked at."""
    root = tmp_path / "knowledge"
    folder = root / "organisations" / "warrington" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "slip.yaml").write_text(f"- name: A slip\n  {slip}\n", encoding="utf-8")
    (finding,) = told.check(knowledge.only("warrington"), root)
    assert finding.file == "organisations/warrington/scenarios/slip.yaml" and wanted in finding.what
