"""The command `askwell`. Each command's help ends with an example, which a test runs."""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal import chat as conversation
from adapters.terminal import connect, gaps, officer, operate, people, records, sheet, show, speakup, tables
from adapters.terminal.shell import Stop, configured, engine, err, explained, out
from bot import archive, effective, load, plans, receipt, words
from bot import batch as contract
from bot import compare as comparing
from bot.checks import every, silences
from bot.guide import ROLES
from bot.knowledge import Knowledge, Organisation
from bot.settings import settings
from bot.understand import build
from bot.understand.encoder import MiniLM
from bot.understand.head import MODELS

app = typer.Typer(
    help="Askwell tells you what your organisation's policy says, in the policy's own words.",
    no_args_is_help=True, add_completion=False, rich_markup_mode=None,
)  # fmt: skip
app.add_typer(people.app, name="people")
officer.register(app)
app.add_typer(sheet.app, name="table")
app.add_typer(gaps.app, name="gaps")
app.add_typer(operate.app)
app.add_typer(records.cases, name="cases")
app.add_typer(records.keyring, name="keys")
app.add_typer(speakup.app, name="speak-up")
app.command("subject")(records.subject)
app.command("manifest")(connect.manifest)
app.callback()(configured)

CARD_WIDTH = 96  # characters: A4 with a small margin

Org = Annotated[str, typer.Option("--org", help="The organisation, for example sefton.")]
Role = Annotated[str, typer.Option("--role", help="Who asks: " + ", ".join(ROLES) + ".")]
Root = Annotated[Path, typer.Option("--knowledge", help="The folder with the encoded policies.")]


@app.command()
def chat(
    org: Annotated[str | None, typer.Option("--org", help="The organisation; asked for when left out.")] = None,
    role: Annotated[str | None, typer.Option("--role", help="Who asks: " + ", ".join(ROLES) + "; asked for when left out.")] = None,
    knowledge: Root = load.ROOT,
) -> None:
    """Talk to Askwell in the terminal.

    Example: askwell chat --org derbyshire --role volunteer
    """
    with explained():
        askwell = engine(knowledge, org)
        known = plans.naming(plans.load(knowledge, askwell.knowledge), settings().speakup_url)
        conversation.run(askwell, known, out, out.input, org, role)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    org: Org,
    role: Role = "staff",
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as one JSON object.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Ask one question.

    Example: askwell ask "Can I add a volunteer on Facebook?" --org derbyshire
    """
    with explained():
        askwell = engine(knowledge, org)
        _, reply = askwell.say(askwell.begin(org, role), question)
    if as_json:
        typer.echo(json.dumps(contract.as_json(reply), ensure_ascii=False))
    else:
        show.reply(out, reply)


@app.command()
def batch(knowledge: Root = load.ROOT) -> None:
    """Answer JSON lines from standard input, one reply a line, each session with its own conversation.

    Example: echo '{"session": "s1", "org": "sefton", "role": "staff", "say": "can I share our post"}' | askwell batch
    """
    with explained():
        askwell = engine(knowledge)
        for line in contract.replies(askwell, _lines()):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def _lines() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace")


@app.command()
def compare(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    org: Annotated[str | None, typer.Option("--org", help="The organisation that the others are held beside; the first when left out.")] = None,
    role: Role = "staff",
    knowledge: Root = load.ROOT,
) -> None:
    """Ask one question under every policy and see the answers side by side.

    Example: askwell compare "Can I be Facebook friends with a volunteer?" --org sefton
    """
    with explained():
        askwell = engine(knowledge)
        found = comparing.compare(askwell, question, role, org or next(iter(askwell.knowledge.organisations)))
    if found is None:
        raise Stop(words.UNCLEAR)
    if found.urgent:
        out.print(*found.urgent, sep="\n", markup=False, soft_wrap=True)
    out.print(tables.comparison(found))


@app.command()
def explain(
    org: Annotated[str, typer.Argument(help="The organisation.")],
    topic: Annotated[str | None, typer.Argument(help="The topic; all topics are listed when left out.")] = None,
    knowledge: Root = load.ROOT,
) -> None:
    """Show all that an organisation says on a topic: conditions, verdict, our words, the policy's words.

    Example: askwell explain derbyshire friend-request
    """
    with explained():
        known = effective.everything(effective.on(load.load(knowledge), date.today()))
    organisation = _organisation(known, org)
    if topic is None:
        for one in known.topics.values():
            rules = len(organisation.on_topic[one.id])
            out.print(f"{one.id:28}{one.title}" + (f" ({rules} rules)" if rules else " (silent)"), markup=False)
    elif topic not in known.topics:
        raise Stop(f"'{topic}' is not a topic. `askwell explain {org}` lists them.")
    elif not organisation.on_topic[topic]:
        out.print(f"{organisation.name}'s policy is silent on “{known.topics[topic].title}”.", markup=False)
    else:
        out.print(tables.explained(known, organisation, topic))


def _organisation(known: Knowledge, org: str) -> Organisation:
    if org not in known.organisations:
        raise Stop(f"'{org}' is not an organisation that is encoded here; these are: {', '.join(sorted(known.organisations))}")
    return known.organisations[org]


@app.command()
def check(
    write_silences: Annotated[bool, typer.Option("--write-silences", help="Print anew what each policy is silent on.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Check the encoded policies: every finding with its place and how to mend it.

    Example: askwell check
    """
    with explained():
        known = effective.everything(load.load(knowledge, drafts=True))
    if write_silences:
        silences.write(known, knowledge)
    found = 0
    for title, step in every.steps(known, knowledge, date.today()):
        with err.status(title):
            findings = list(step())
        found += len(findings)
        out.print(f"{'ok  ' if not findings else f'{len(findings):<4}'} {title}", markup=False)
        for finding in findings:
            out.print(str(finding), markup=False, soft_wrap=True)
    if found:
        raise Stop(f"{found} to mend.")
    counts = [f"{o.id} {len(o.clauses)} pieces, {len(o.rules)} rules" for o in known.organisations.values()]
    out.print("Clean. " + "; ".join(counts) + ".", markup=False, soft_wrap=True)


@app.command()
def train(knowledge: Root = load.ROOT) -> None:
    """Train understanding on the examples; needs the `train` extra and takes some minutes.

    Example: askwell train
    """
    with explained():
        known = load.load(knowledge)
        build.build(known, knowledge, MiniLM(), MODELS, lambda line: out.print(line, markup=False))


@app.command()
def replay(code: Annotated[str, typer.Argument(help="The receipt under an answer.")], knowledge: Root = load.ROOT) -> None:
    """Decide again what a receipt stands for, from the knowledge of that day; today's standing is shown apart.

    Example: askwell replay 0000-0000-0000
    """
    with explained():
        then = archive.find(receipt.version_of(code), knowledge)
        out.print(*archive.replayed(then, code, load.load(knowledge), date.today()), sep="\n\n", markup=False, soft_wrap=True)


@app.command()
def card(org: Annotated[str, typer.Argument(help="The organisation.")], knowledge: Root = load.ROOT) -> None:
    """Print one page to pin up: the routes and numbers, and what to do when Askwell is down.

    Example: askwell card warrington
    """
    with explained():
        known = effective.everything(effective.on(load.load(knowledge), date.today()))
    out.print(tables.card(known, _organisation(known, org), date.today()), markup=False, width=CARD_WIDTH)


def main() -> None:
    """The entry point; a stop by the person is no error."""
    try:
        app()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
