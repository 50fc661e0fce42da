"""The commands of a policy officer: a new text, a new organisation, the sign-off. The spreadsheet is in `sheet.py`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal.shell import Root, Stop, err, explained, out
from bot import load
from bot.knowledge import Knowledge
from bot.officer import editor, folder, report, spoken, taught
from bot.officer.add import KINDS, Details, add
from bot.officer.publish import Plan, SignOff, plan, sign
from bot.officer.rewrite import Suggest
from bot.officer.update import Update, update
from bot.understand.head import MODELS
from bot.understand.reading import NEAR_SCOPE, OUT_OF_SCOPE, Understanding, understanding

MOST_TOPICS = 3
LIKELY = 0.05  # a topic that is less likely than this is not suggested

Org = Annotated[str, typer.Argument(help="The organisation, for example sefton.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for name, command in (("update", new_text), ("add", new_organisation), ("publish", publish), ("schema", schema)):
        app.command(name)(command)


def new_text(
    org: Org,
    text: Annotated[Path | None, typer.Argument(help="The new text of the policy, as plain text; left out: only the rules will change.")] = None,
    dry_run: DryRun = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Take the text even if it looks like another document.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Prepare the next version of a policy from its new text. The present version goes on answering until `askwell publish`.

    Example: askwell update sefton knowledge/organisations/sefton/policy.txt --dry-run
    """
    with explained():
        words = folder.text_of(text) if text else None
        with err.status("Holding the new text beside the old one…"):
            known = load.load(knowledge)
            done = update(known, knowledge, org, words, date.today(), write=not dry_run, anyway=anyway, suggest=_suggest(known, knowledge, org))
    if words is not None:
        _print(report.lines(done))
    _what_now(done, dry_run, words is None)


def _what_now(done: Update, dry_run: bool, rules_only: bool) -> None:
    if dry_run:
        _print(["", "This was a dry run: nothing was written."])
    elif rules_only:
        _print([f"{done.folder} is a copy of the present version. Change its rules there."])
    elif not done.nothing:
        _print(["", f"Written to {done.folder}; the present version goes on answering. What is to be done is marked `to_encode` there:",
                "`askwell check` lists it."])  # fmt: skip


def new_organisation(
    org: Annotated[str, typer.Argument(help="A short name for it, in small letters: harrow.")],
    text: Annotated[Path, typer.Argument(help="The text of its policy, as plain text.")],
    name: Annotated[str, typer.Option("--name", help="Its full name.")],
    kind: Annotated[str, typer.Option("--kind", help="What it is: " + ", ".join(KINDS) + ".")] = "healthwatch",
    dry_run: DryRun = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Add an organisation from the text of its policy. It answers nothing until `askwell publish`.

    Example: askwell add harrow knowledge/organisations/sefton/policy.txt --name "Healthwatch Harrow" --dry-run
    """
    with explained():
        words = folder.text_of(text)
        with err.status("Cutting the text into its sentences…"):
            known = load.load(knowledge)
            made = add(known, knowledge, Details(org, name, kind), words, write=not dry_run, suggest=_suggest(known, knowledge, org))
    headings = sum(c.context is not None for c in made.clauses.values())
    _print([f"{made.name}: {len(made.clauses)} pieces, {headings} of them headings, in {len({c.place.file for c in made.clauses.values()})} files."])
    if dry_run:
        _print(["This was a dry run: nothing was written."])
    else:
        _print([f"Written to organisations/{org}.next. What is to be done is marked `to_encode` there: `askwell check` lists it."])


def _suggest(known: Knowledge, root: Path, org: str) -> Suggest:
    """Topics that a sentence may belong to, by the trained model; it is loaded only when the first sentence asks."""

    @cache
    def trained() -> Understanding:
        return understanding(known, root)

    def suggest(sentence: str) -> Sequence[str]:
        read = trained().read(sentence, org)
        return [t for t, sure in read.topics if sure >= LIKELY and t in known.topics and t not in (NEAR_SCOPE, OUT_OF_SCOPE)][:MOST_TOPICS]

    return suggest


def publish(
    org: Org,
    by: Annotated[str, typer.Option("--by", help="Who confirms it: a name.")] = "",
    role: Annotated[str, typer.Option("--role", help="Their role at the organisation.")] = "",
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From which day it applies; today when left out.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    dry_run: DryRun = False,
    no_train: Annotated[bool, typer.Option("--no-train", help="Teach understanding nothing now: leave it to `askwell train`.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Check a version, teach understanding what is new, show what changes for whom, and have it confirmed by somebody at the organisation.

    Teaching takes seconds for new sentences of a policy, and some minutes where examples have changed.

    Example: askwell publish sefton --dry-run
    """
    today = date.today()
    with explained():
        with err.status("Checking, and deciding every question under both versions…"):
            if not dry_run:
                folder.settle(knowledge, org, today)
            done = plan(load.load(knowledge), knowledge, org, today)
        _print([f"{done.after.name}: {done.after.policy.title}", ""])
        if done.findings:
            _print(str(f) for f in done.findings)
            raise Stop(f"{len(done.findings)} to mend before anybody can confirm this version.")
        to_learn = _taught(done, knowledge, later=dry_run or no_train)
        _shown(done)
        if dry_run:
            _print(["", *(f"Understanding would be taught {what}." for what in to_learn.told())])
            _print(["", "This was a dry run: nothing was confirmed."])
            return
        _print([""])
        signed = SignOff(by or out.input("Who confirms this? Name: "), role or out.input("Role: "), today, start.date() if start else today)
        if not yes and not typer.confirm(f"{signed.by} ({signed.role}) stands by this reading from {signed.effective_from:%-d %B %Y} on?"):
            raise Stop("Nothing was confirmed.", code=1)
        applies = sign(knowledge, done, signed)
    _signed(signed, applies)
    if no_train:
        _print(f"Understanding does not know these yet: {what}. Run `askwell train`; it takes some minutes." for what in to_learn.told())


def _taught(done: Plan, root: Path, *, later: bool) -> taught.Lesson:
    """What understanding had to learn, and unless that is left for later has now learnt."""
    with err.status("Looking at what understanding has to learn…"):
        to_learn = taught.lesson(done, root, MODELS)
    if later or not (to_learn.heads or to_learn.clauses):
        return to_learn
    _print(f"Understanding is taught {what}." for what in to_learn.told())
    if to_learn.heads:
        _print(["This takes some minutes; with --no-train it is left to `askwell train`."])
    taught.teach(to_learn, root, MODELS, lambda line: _print([f"  {line}"]))
    _print([""])
    return to_learn


def _shown(done: Plan) -> None:
    """What changes for whom."""
    if done.before and done.changes:
        _print([f"Beside {done.known_as}:", ""])
        _print(spoken.told(done.knowledge, done.before, done.after, done.changes))
    elif done.known_as:
        _print([f"I cannot show what changes: {done.known_as} was not kept on this machine. Publish where it was published, or read all of it."])
    else:
        topics = sum(bool(rules) for rules in done.after.on_topic.values())
        _print([f"Nobody has confirmed a version yet, so all of it is new: {len(done.after.rules)} rules on {topics} topics.",
                f"`askwell explain {done.folder.name}` lists them."])  # fmt: skip


def _signed(signed: SignOff, applies: bool) -> None:
    lines = [f"Confirmed by {signed.by} ({signed.role})."]
    if applies:
        lines.append("It applies from now on. An Askwell that is running takes it in when it is restarted.")
    else:
        lines.append(f"It takes over on {signed.effective_from:%-d %B %Y} by itself; until then the present version answers. "
                     "An Askwell that is running has to be restarted once before that day.")  # fmt: skip
    _print(lines)


def schema(knowledge: Root = load.ROOT) -> None:
    """Write knowledge/schema anew, by which editors mark a slip in a YAML file while it is typed.

    Example: askwell schema
    """
    with explained():
        written = editor.write(knowledge)
    _print([f"Written: {', '.join(written)}." if written else "All schemas are as they should be."])


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
