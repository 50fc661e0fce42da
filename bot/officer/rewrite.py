"""What a new text does to the files of an organisation: words, marks, and what only stood through a clause that is gone. Pure."""

from collections.abc import Callable, Collection, Sequence

from bot import schema
from bot.knowledge import Organisation
from bot.officer import layout, naming, yaml_text
from bot.officer.layout import Placed, Section
from bot.officer.match import Matched, Piece
from bot.officer.tokens import bare, words

Suggest = Callable[[str], Sequence[str]]
CHANGED = "its words have changed. Before: “{before}” Read the rules below it again."
OLD_DETAILS = "title, owner, dates and source are those of the old text. Put in those of the new one."


def flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def alike(one: str, other: str) -> bool:
    """Whether two texts differ at most in numbering, capitals and punctuation."""
    return bare(words(one)) == bare(words(other))


def pieces(sections: Sequence[Section]) -> list[schema.PieceFile]:
    """All pieces in the policy's order."""
    return [piece for section in sections for piece in section.read.pieces]


def placed(sections: Sequence[Section], matched: Matched, gone_rules: Collection[str], suggest: Suggest) -> list[Placed]:
    """Each piece of the new text as it will stand in a file."""
    names = {p.id for p in pieces(sections)}
    homes = [(n, at, section.blocks[at], piece) for n, section in enumerate(sections) for at, piece in enumerate(section.read.pieces)]
    found: list[Placed] = []
    for piece in matched.pieces:
        if piece.old is None:
            name = naming.fresh(piece.text, names, heading=piece.heading)
            names.add(name)
            found.append(Placed(layout.stub(name, piece, () if piece.heading else suggest(piece.text)), piece))
        else:
            source, at, block, old = homes[piece.old]
            found.append(Placed(_worded(_freed(block, old, gone_rules), old, piece), piece, source, leads=at == 0))
    return found


def _worded(block: str, old: schema.PieceFile, piece: Piece) -> str:
    """The block with the new words, and with the mark where somebody has to read its rules again."""
    says, was = flat(piece.text), flat(old.says)
    if says == was:
        return block
    block = yaml_text.put(block, (0,), "says", says)
    if alike(says, was) or (old.context is not None and naming.force(says) == "states"):
        return block
    return yaml_text.put(block, (0,), "to_encode", CHANGED.format(before=was), after=("says",))


def _freed(block: str, old: schema.PieceFile, gone_rules: Collection[str]) -> str:
    """The block with no rule overriding one that is gone."""
    for j, rule in enumerate(old.rules):
        block = _stay(block, (0, "rules", j), rule.overrides, gone_rules)
    return block


def _stay(text: str, path: yaml_text.Path, overrides: schema.Texts, gone_rules: Collection[str]) -> str:
    names = [overrides] if isinstance(overrides, str) else overrides
    stay = [n for n in names if n not in gone_rules]
    if stay == names:
        return text
    return yaml_text.put(text, path, "overrides", stay) if stay else yaml_text.drop(text, path, "overrides")


def tensions(text: str, read: Sequence[schema.TensionFile], gone: Collection[str], gone_rules: Collection[str]) -> str:
    """tensions.yaml without those over a clause that is gone."""
    left = len(read)
    for at, tension in reversed(list(enumerate(read))):
        if not set(tension.between) & set(gone):
            text = _stay(text, ("tensions", at), tension.overrides, gone_rules)
        elif left > 1:
            text, left = yaml_text.drop_item(text, ("tensions",), at), left - 1
        else:
            text = "tensions: []\n"
    return text


def head(text: str, *, details: bool, doubt: bool) -> str:
    """organisation.yaml of a version that nobody has confirmed; `details` have to be put in, whom to ask in `doubt` is to be looked up."""
    text = yaml_text.put(text, (), "reading", {"status": "draft"})
    text = yaml_text.put(text, ("policy",), "to_encode", OLD_DETAILS) if details else text
    return yaml_text.drop(text, ("in_doubt",), "clause") if doubt else text


def notes(before: Organisation, gone: Collection[str], gone_rules: Collection[str]) -> tuple[str, ...]:
    """What else was taken out because a clause is gone, in sentences."""
    found = [
        f"The rule “{r.id}” set aside “{o}”, which is gone."
        for r in before.rules if r.id not in gone_rules for o in r.overrides if o in gone_rules
    ]  # fmt: skip
    found += [f"The tension “{r.id}” is taken out: one of its two clauses is gone." for r in before.rules if r.tension and r.id in gone_rules]
    if before.in_doubt_clause in gone:
        found.append(f"“{before.in_doubt_clause}” said whom to ask in doubt, and is gone: look at `in_doubt` in organisation.yaml.")
    return tuple(found)


def renamed(sections: Sequence[Section], matched: Matched) -> dict[tuple[str, str], tuple[str, str]]:
    """Sections whose heading has another number or title, as (section, title) before and after."""
    after = {p.old: flat(p.text) for p in matched.pieces if p.old is not None}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    at = -1
    for section in sections:
        here = (section.read.section, section.read.title)
        for piece in section.read.pieces:
            at += 1
            if at in after and flat(piece.says) != after[at]:
                then = _named(here, piece.says, after[at])
                if then != here:
                    found[here] = then
    return found


def _named(here: tuple[str, str], before: str, after: str) -> tuple[str, str]:
    """A section's number and title after one of its pieces changed: they follow where the piece was its heading."""
    titled, numbered = alike(before, here[1]), bool(naming.number(before)) and naming.number(before) == here[0]
    section = naming.number(after) or here[0] if numbered else here[0]
    title = naming.unnumbered(after) if titled and not alike(after, here[1]) else here[1]
    return (title if titled and here[0] == here[1] else section, title)
