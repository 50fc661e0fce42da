"""`askwell table export`: all clauses of an organisation with their rules as rows, readable beside each other. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from bot import schema
from bot.answer import section_name
from bot.knowledge import Knowledge, Organisation
from bot.officer import spoken
from bot.officer.columns import CLAUSE, IN_WORDS, ORDER, PIECE, RULES, SECTION, WORDS, Cells, tense, written
from bot.officer.rewrite import flat

JOIN = " + "


def rows(
    knowledge: Knowledge, organisation: Organisation, sections: Sequence[schema.SectionFile], tensions: Sequence[schema.TensionFile],
) -> Iterator[Cells]:  # fmt: skip
    """A row for each rule in the policy's order, then the tensions."""
    means = {r.id: spoken.conditions(knowledge, r) for r in organisation.rules}
    for section in sections:
        for piece in section.pieces:
            yield from _piece(section_name(organisation.clauses[piece.id]), piece, means)
    words = {p.id: flat(p.says) for s in sections for p in s.pieces}
    for tension in tensions:
        both = "\n".join(f"“{words.get(c, '')}”" for c in tension.between)
        fixed = {SECTION: "Tension", CLAUSE: JOIN.join(tension.between), WORDS: both, IN_WORDS: means.get(tension.id, "")}
        yield _full({**fixed, **rule_cells(tension)})


def _piece(section: str, piece: schema.PieceFile, means: Mapping[str, str]) -> Iterator[Cells]:
    fixed = {SECTION: section, CLAUSE: piece.id, WORDS: flat(piece.says)}
    whole = piece_cells(piece)
    for n, rule in enumerate(piece.rules):
        yield _full({**fixed, **(whole if n == 0 else {}), IN_WORDS: means.get(rule.id, ""), **rule_cells(rule)})
    if not piece.rules:
        yield _full({**fixed, **whole})


def _full(cells: Cells) -> Cells:
    return {c.name: cells.get(c.name, "") for c in ORDER}


def piece_cells(piece: schema.PieceFile) -> dict[str, str]:
    """What stands for a clause as a whole."""
    return {c.name: written(c, getattr(piece, c.key)) for c in PIECE}


def rule_cells(rule: schema.RuleFile | schema.TensionFile) -> dict[str, str]:
    """A rule, or a tension, which has fewer keys."""
    return {c.name: written(c, getattr(rule, c.key)) for c in RULES if isinstance(rule, schema.RuleFile) or tense(c)}
