"""`askwell gaps`: what staff could not find and agreed to pass on, for whoever owns the policy."""

import json
from datetime import date
from typing import Annotated

import typer

from adapters.terminal.shell import Root, SomeOrg, Stop, chosen, err, loaded, opened, tell
from bot import load
from bot.gaps import Gaps, Group, as_json, gaps
from bot.knowledge import Topic
from bot.store import records
from bot.understand.encoder import Encoder, EncoderMissingError, MiniLM

app = typer.Typer()
SHOWN = 8  # characters of a question's id that are shown, and by which it is struck off


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    org: SomeOrg = "",
    in_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Show what staff could not find and agreed to pass on, answers they called wrong, and what the policy is silent on.

    Example: askwell gaps --org sefton
    """
    if context.invoked_subcommand is not None:
        return
    with opened() as (configured, database):
        known = loaded(knowledge)
        encoder = _encoder()
        with database.read() as connection:
            rows = [(o, records.gaps(connection, o.id), records.judgements(connection, o.id)) for o in chosen(known, org, configured)]
        with err.status("Putting questions together…"):
            found = [gaps(known, *row, encoder) for row in rows]
    if in_json:
        typer.echo(json.dumps([as_json(one) for one in found], ensure_ascii=False, indent=2))
    else:
        tell(*(line for one in found for line in [*lines(one), ""]))


@app.command()
def done(
    key: Annotated[str, typer.Argument(metavar="ID", help="The letters and digits before the question.")],
    org: SomeOrg = "",
    knowledge: Root = load.ROOT,
) -> None:
    """Strike off a question that is dealt with.

    Example: askwell gaps done 1a2b3c4d
    """
    start = key.strip().lower()
    with opened() as (configured, database):
        which = chosen(loaded(knowledge), org, configured)
        with database.write() as connection:
            found = [(o.id, kept.id) for o in which for kept in records.gaps(connection, o.id) if kept.id.startswith(start)]
            if len(start) < SHOWN or len(found) != 1:
                raise Stop(f"{len(found) or 'No'} questions begin with '{key}': copy what stands before the question in `askwell gaps`.")
            records.struck(connection, *found[0])
    tell("Struck off.")


def _encoder() -> Encoder | None:
    try:
        return MiniLM()
    except (EncoderMissingError, ImportError):
        err.print("The language model is not installed, so questions are put together by topic. Run `make setup`.", markup=False)
        return None


def lines(found: Gaps) -> list[str]:
    """As a policy officer reads it."""
    shown = [f"{found.organisation.name}: what people could not find", ""]
    shown += ["They agreed to pass these questions on, without their names." if found.groups else "Nobody has passed a question on.", ""]
    for group in found.groups:
        shown += [*_group(group), ""]
    for j in found.judged:
        shown.append(f"Answers on {_title(j.topic)}: wrong {j.wrong} of {j.total}. Read them: askwell explain {found.organisation.id} {j.topic.id}")
    shown += [""] if found.judged else []
    count = len(found.silent)
    shown.append(f"The policy says nothing on {count} of the topics that people ask about:" if count else "The policy speaks to every topic.")
    return shown + [f"  {t.title}" for t in found.silent]


def _group(group: Group) -> list[str]:
    count = len(group.questions)
    about = f" about {_title(group.topic)}" if group.topic else ""
    shown = [f"{count} question{'s' if count > 1 else ''}{about}, {'since' if count > 1 else 'in'} {_month(group.since)}"]
    for one in group.questions:
        shown.append(f"  {one.id[:SHOWN]}  “{' '.join(one.gap.question.split())}”")
        shown += [f"  {'':{SHOWN}}  What was wrong: “{' '.join(one.gap.reason.split())}”"] if one.gap.reason else []
    return shown


def _title(topic: Topic) -> str:
    return f"“{topic.title}”"


def _month(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{date(year, number, 1):%B %Y}"
