"""`askwell table`: the rules of an organisation as a spreadsheet, out and in."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal.shell import Root, Stop, err, explained, out, tell
from bot import load
from bot.officer import folder, sheets, table
from bot.officer.importing import TableError, Taken, take

app = typer.Typer(no_args_is_help=True)
MOST_SHOWN = 20

Org = Annotated[str, typer.Argument(help="The organisation, for example sefton.")]


@app.callback()
def spreadsheet() -> None:
    """All rules of an organisation as a spreadsheet, to read and to change.

    Example: askwell table export sefton -
    """


@app.command("export")
def give(
    org: Org,
    file: Annotated[str, typer.Argument(help="The file to write, .xlsx or .csv; - prints it as CSV.")],
    knowledge: Root = load.ROOT,
) -> None:
    """Write all clauses with their rules, one row a rule; of the next version where one is being prepared.

    Example: askwell table export sefton -
    """
    with explained():
        known = load.load(knowledge)
        source = folder.newest(knowledge, org)
        organisation = load.organisation(known, source)
        rows = list(table.rows(known, organisation, [s.read for s in folder.sections(source)], folder.tensions(source)))
        if file == "-":
            typer.echo(sheets.as_csv(rows), nl=False)
            return
        sheets.save(Path(file), rows)
    tell(f"{file}: {len(rows)} rows from organisations/{source.name}. Grey columns are for reading; the sheet “{sheets.GUIDE}” says the rest.")


@app.command("import")
def put(
    org: Org,
    file: Annotated[Path, typer.Argument(help="The file, .xlsx or .csv.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Take a spreadsheet over into the next version of the policy: all of it, or nothing where something cannot be read.

    Example: askwell table import sefton sefton.xlsx --dry-run
    """
    with explained():
        try:
            with err.status("Reading the spreadsheet…"):
                taken = take(load.load(knowledge), knowledge, org, file, date.today(), write=not dry_run)
        except TableError as error:
            raise Stop(f"Nothing is taken over. {len(error.findings)} to mend in {file.name}:\n{error}") from None
    _told(taken, dry_run)


def _told(taken: Taken, dry_run: bool) -> None:
    if taken.nothing:
        tell("The spreadsheet says what is encoded already; nothing is written.")
        return
    found = {"new rules": taken.new, "changed rules": taken.changed, "rules taken out": taken.gone, "clauses with other details": taken.clauses}
    for word, names in found.items():
        if names:
            more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
            tell(f"{len(names)} {word}: {', '.join(names[:MOST_SHOWN])}{more}")
    if taken.left:
        tell("", f"{len(taken.left)} to mend before it can be published:")
        for finding in taken.left:
            out.print(str(finding), markup=False, soft_wrap=True)
    tell("", "This was a dry run: nothing was written." if dry_run else f"Written to {taken.folder}. Run `askwell check`, then `askwell publish`.")
