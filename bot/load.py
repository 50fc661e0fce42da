"""YAML to Knowledge, or every finding at once: nothing is ever half loaded."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot import passages, schema
from bot.cues import Words, every
from bot.effective import NEXT
from bot.findings import Finding, KnowledgeError
from bot.knowledge import (
    Clause,
    Condition,
    Confirmation,
    Fact,
    Knowledge,
    LawNote,
    Local,
    Organisation,
    Place,
    Policy,
    Role,
    Rule,
    Signpost,
    Topic,
    Value,
    Verdict,
    frozen,
)
from bot.meaning import digest
from bot.yaml_lines import Document, Path_, read

ROOT = Path(__file__).resolve().parent.parent / "knowledge"
M = TypeVar("M", bound=BaseModel)
_BOUND = re.compile(r"(<|<=|>|>=|=)\s*(\d+(?:\.\d+)?)$")
_EVERYBODY = frozenset({"staff", "volunteer", "director"})


class Reader:
    """Reads files into their schema and gathers findings on the way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings: list[Finding] = []

    def file(self, path: Path, model: type[M]) -> tuple[M, Document] | None:
        """The file as its schema, or None with findings added."""
        try:
            document = read(path, self.root)
        except KnowledgeError as error:
            self.findings += error.findings
            return None
        try:
            return model.model_validate(document.data), document
        except ValidationError as error:
            self.findings += [_finding(document, e) for e in error.errors(include_url=False)]
            return None

    def add(self, place: Place, what: str, mend: str) -> None:
        """Note one finding at a place."""
        self.findings.append(Finding(place.file, place.line, what, mend))


def _finding(document: Document, error: ErrorDetails) -> Finding:
    path: Path_ = tuple(error["loc"])
    where, key = ".".join(str(p) for p in path) or "the file", path[-1] if path else "the file"
    if error["type"] == "extra_forbidden":
        return Finding(document.file, document.line(path), f"'{key}' is not a key that is known here", "Check its spelling in docs/encoding.md.")
    if error["type"] == "missing":
        return Finding(document.file, document.line(path), f"'{key}' is missing", "Add it; docs/encoding.md shows where it goes.")
    return Finding(document.file, document.line(path), f"'{where}': {error['msg']}", "docs/encoding.md says what may stand here.")


def load(root: Path = ROOT, *, drafts: bool = False) -> Knowledge:
    """Everything under `root`.

    Raises KnowledgeError with all findings when anything in it cannot be used. A next version that nobody has confirmed yet
    holds up nothing: it is left out while it cannot be used, unless `drafts` asks for its findings too.
    """
    reader = Reader(root)
    if not root.is_dir():
        raise KnowledgeError([Finding(str(root), 0, "there is no such folder", "Give the folder that holds `organisations` and `topics`.")])
    topics, facts = _shared(reader)
    folders = sorted(p for p in (root / "organisations").glob("*") if p.is_dir() and not p.name.startswith("."))
    loaded = [_Builder(reader, p, topics, facts).organisation() for p in folders if not p.name.endswith(NEXT)]
    coming = [_next(reader, p, topics, facts, drafts) for p in folders if p.name.endswith(NEXT)]
    signposts, law = _outside(reader, root, topics, facts)
    if reader.findings:
        raise KnowledgeError(reader.findings)
    organisations, following = ({o.id: o for o in found if o} for found in (loaded, coming))
    return Knowledge(_version(root), frozen(topics), frozen(facts), frozen(organisations), signposts, law, frozen(following))


def organisation(knowledge: Knowledge, folder: Path) -> Organisation:
    """One organisation from its folder, which may stand anywhere under some `organisations`; topics and facts are those of `knowledge`.

    Raises KnowledgeError with all findings.
    """
    reader = Reader(folder.parent.parent)
    found = _Builder(reader, folder, dict(knowledge.topics), dict(knowledge.facts)).organisation()
    if found is None or reader.findings:
        raise KnowledgeError(reader.findings)
    return found


def _shared(reader: Reader) -> tuple[dict[str, Topic], dict[str, Fact]]:
    words = shared[0].root if (shared := reader.file(reader.root / "facts" / "shared" / "words.yaml", schema.WordsFile)) else {}
    facts = {f.id: f for f in (_fact(reader, p, words) for p in sorted((reader.root / "facts").glob("*.yaml"))) if f}
    return {t.id: t for t in (_topic(reader, p, facts) for p in sorted((reader.root / "topics").glob("*.yaml"))) if t}, facts


def _next(reader: Reader, folder: Path, topics: dict[str, Topic], facts: dict[str, Fact], drafts: bool) -> Organisation | None:
    """A next version. Its findings count once it is confirmed: from then on it must not silently stay out."""
    mine = Reader(reader.root)
    found = _Builder(mine, folder, topics, facts).organisation()
    head = Reader(reader.root).file(folder / "organisation.yaml", schema.OrganisationFile)
    if drafts or head is None or head[0].reading.status == "confirmed":
        reader.findings += mine.findings
    return None if mine.findings else found


def files(root: Path) -> list[Path]:
    """The files that decisions are made of, in a fixed order: not scenarios, triage examples, printed silences or hidden folders."""
    found = (p for p in root.rglob("*") if p.suffix in (".yaml", ".txt") and p.name != "silences.txt")
    return sorted(p for p in found if not any(x in ("scenarios", "triage") or x.startswith(".") for x in p.relative_to(root).parts))


def _version(root: Path) -> str:
    digest = hashlib.sha256()
    for path in files(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _fact(reader: Reader, path: Path, words: Words) -> Fact | None:
    found = reader.file(path, schema.FactFile)
    if not found:
        return None
    raw, document = found
    place = Place(document.file, 1)
    for known in (raw.presume, raw.doable, *raw.riskier, *(v.is_ for v in raw.values.values())):
        if known is not None and known not in raw.values:
            reader.add(place, f"'{known}' is not a value of the fact '{raw.id}'", "Name one of its values.")
    if bool(raw.unit) == bool(raw.values):
        reader.add(place, f"the fact '{raw.id}' needs either values or a unit", "Give it `values`, or `unit` for a number.")
    cues, wrong = every(raw, words)
    for path_in, why in wrong:
        reader.add(Place(document.file, document.line(path_in)), why, "docs/encoding.md says how a cue is written.")
    values = tuple(Value(v, spec.label, spec.is_) for v, spec in raw.values.items())
    return Fact(raw.id, raw.name, raw.asks, values, raw.unit, raw.presume, raw.doable, tuple(cues), tuple(raw.riskier))


def _topic(reader: Reader, path: Path, facts: dict[str, Fact]) -> Topic | None:
    found = reader.file(path, schema.TopicFile)
    if not found:
        return None
    raw, document = found
    for i, fact in enumerate(raw.facts):
        if fact not in facts:
            reader.add(Place(document.file, document.line(("facts", i))), f"'{fact}' is not a fact", "Name a file of `facts/`, or add one.")
    return Topic(raw.id, raw.title, raw.mode, raw.kind, raw.means, tuple(raw.facts), raw.flow, raw.sensitive, tuple(raw.examples))


def _outside(reader: Reader, root: Path, topics: dict[str, Topic], facts: dict[str, Fact]) -> tuple[tuple[Signpost, ...], tuple[LawNote, ...]]:
    signposts: list[Signpost] = []
    notes: list[LawNote] = []
    if found := reader.file(root / "signposts.yaml", schema.SignpostsFile):
        for i, raw in enumerate(found[0].signposts):
            place = Place(found[1].file, found[1].line(("signposts", i)))
            _known(reader, place, raw.on, topics)
            when = _conditions(reader, facts, raw.when, place)
            signposts.append(
                Signpost(
                    raw.id, raw.name, raw.says, raw.phone, raw.url, tuple(raw.on), frozenset(raw.roles or _EVERYBODY),
                    frozenset(raw.kinds or ("healthwatch", "cic", "nhs")), when, raw.source, raw.grade, raw.verified_on, raw.verify_by, place,
                )
            )  # fmt: skip
    if law := reader.file(root / "law.yaml", schema.LawNotesFile):
        for i, note in enumerate(law[0].notes):
            place = Place(law[1].file, law[1].line(("notes", i)))
            _known(reader, place, note.on, topics)
            when = _conditions(reader, facts, note.when, place)
            roles, verdicts = frozenset(note.roles or _EVERYBODY), frozenset(note.verdicts)
            notes.append(LawNote(note.id, note.says, tuple(note.on), roles, verdicts, when, note.source, note.verified_on, note.verify_by, place))
    return tuple(signposts), tuple(notes)


def _known(reader: Reader, place: Place, ids: list[str], topics: dict[str, Topic]) -> None:
    for topic in ids:
        if topic not in topics:
            reader.add(place, f"'{topic}' is not a topic", "Name a file of `topics/`.")


def _texts(value: schema.Texts) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _conditions(reader: Reader, facts: dict[str, Fact], raw: dict[str, schema.Texts], place: Place) -> tuple[Condition, ...]:
    made = []
    for name, wanted in raw.items():
        fact = facts.get(name)
        if fact is None:
            reader.add(place, f"'{name}' is not a fact", "Name a file of `facts/`, or add one.")
        elif fact.unit:
            made.append(_bounds(reader, name, _texts(wanted), place))
        else:
            for value in _texts(wanted):
                if value not in {v.id for v in fact.values}:
                    values = ", ".join(v.id for v in fact.values)
                    reader.add(place, f"'{value}' is not a value of '{name}'", f"Its values are {values}.")
            made.append(Condition(name, frozenset(_texts(wanted))))
    return tuple(made)


def _bounds(reader: Reader, name: str, wanted: tuple[str, ...], place: Place) -> Condition:
    low, high = float("-inf"), float("inf")
    for text in wanted:
        match = _BOUND.match(text.strip())
        if not match:
            reader.add(place, f"'{text}' is not a bound for '{name}'", "Write it like '<100' or '>=1'.")
            continue
        number = float(match[2])
        above = number + 1e-9
        if match[1] in ("<", "<="):
            high = number if match[1] == "<" else above
        elif match[1] in (">", ">="):
            low = number if match[1] == ">=" else above
        else:
            low, high = number, above
    return Condition(name, frozenset(), low, high)


class _Builder:
    """Builds one organisation from its folder."""

    def __init__(self, reader: Reader, folder: Path, topics: dict[str, Topic], facts: dict[str, Fact]) -> None:
        self.reader, self.folder, self.topics, self.facts = reader, folder, topics, facts
        self.roles: dict[str, Role] = {}
        self.clauses: dict[str, Clause] = {}
        self.rules: list[Rule] = []
        self.binds = _EVERYBODY

    def organisation(self) -> Organisation | None:
        """The organisation, or None with findings added."""
        head = self.reader.file(self.folder / "organisation.yaml", schema.OrganisationFile)
        people = self.reader.file(self.folder / "people.yaml", schema.PeopleFile)
        local = self.reader.file(self.folder / "local.yaml", schema.LocalFile)
        if not (head and people and local):
            return None
        raw, document = head
        if raw.id != (name := self.folder.name.removesuffix(NEXT)):
            place = Place(document.file, document.line(("id",)))
            self.reader.add(place, f"the id '{raw.id}' is not the folder's name", f"Write `id: {name}`.")
        self.binds = frozenset(raw.binds)
        self.roles = {r.id: _role(r) for r in people[0].roles}
        text = self._text()
        self._sections(text)
        self._tensions()
        self._references()
        doubt = raw.in_doubt
        place = Place(document.file, document.line(("in_doubt",)))
        self._check_roles(place, _texts(doubt.to))
        if doubt.clause and doubt.clause not in self.clauses:
            self.reader.add(place, f"'{doubt.clause}' is not a clause", "Name the clause that says whom to ask.")
        made = Organisation(
            id=raw.id, name=raw.name, short=raw.short, kind=raw.kind,
            policy=_policy(raw.policy, text),
            status=raw.lifecycle.status, status_note=raw.lifecycle.note, reading=raw.reading.status, binds=self.binds,
            in_doubt_to=_texts(doubt.to), in_doubt_clause=doubt.clause,
            roles=frozen(self.roles), clauses=frozen(self.clauses), rules=tuple(self.rules), local=_local(local[0]),
            on_topic=frozen({t: tuple(r for r in self.rules if t in r.topics) for t in self.topics}),
        )  # fmt: skip
        return _confirmed(made, raw.reading)

    def _text(self) -> str:
        path = self.folder / "policy.txt"
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            name = str(path.relative_to(self.reader.root))
            self.reader.findings.append(Finding(name, 0, f"the policy's text cannot be read ({error})", "Put the published text there, as UTF-8."))
            return ""

    def _sections(self, text: str) -> None:
        pieces: list[tuple[schema.SectionFile, schema.PieceFile, Place, Document, int]] = []
        for path in sorted((self.folder / "sections").glob("*.yaml")):
            if found := self.reader.file(path, schema.SectionFile):
                section, document = found
                pieces += [(section, p, Place(document.file, document.line(("pieces", i))), document, i) for i, p in enumerate(section.pieces)]
        places = passages.locate(text, [p.says for _, p, _, _, _ in pieces])
        for gap in places.gaps:
            end = Place(f"{self.reader.root.name}/organisations/{self.folder.name}/policy.txt", 0)
            place = pieces[gap.index][2] if gap.index < len(pieces) else end
            self.reader.add(place, f"policy.txt goes on with “{gap.found}” where this piece says “{gap.wanted}”",
                            "Copy the passage from policy.txt as it stands there, and add a piece for what was left out.")  # fmt: skip
        for (section, piece, place, document, i), span in zip(pieces, places.spans, strict=True):
            self._piece(section, piece, place, span, text)
            for j, rule in enumerate(piece.rules):
                line = Place(document.file, document.line(("pieces", i, "rules", j)))
                self._rule(rule, (piece.id,), frozenset(rule.binds or piece.binds or self.binds), line, rule.also, rule.provided, rule.by_analogy)

    def _piece(self, section: schema.SectionFile, piece: schema.PieceFile, place: Place, span: tuple[int, int] | None, text: str) -> None:
        if (piece.context is None) == (piece.force is None) and not (piece.to_encode and piece.context is None):
            self.reader.add(place, f"the piece '{piece.id}' needs either `force` or `context`", "Say what it demands, or why it is only context.")
        if piece.id in self.clauses:
            self.reader.add(place, f"the piece id '{piece.id}' stands twice", "Give each piece an id of its own.")
        start, end = span or (0, 0)
        self.clauses[piece.id] = Clause(
            piece.id, section.section, section.title, text[start:end], start, end,
            piece.force or "context", frozenset(piece.binds or self.binds), piece.context, place, piece.to_encode,
        )  # fmt: skip

    def _tensions(self) -> None:
        path = self.folder / "tensions.yaml"
        if not path.exists() or not (found := self.reader.file(path, schema.TensionsFile)):
            return
        for i, raw in enumerate(found[0].tensions):
            place = Place(found[1].file, found[1].line(("tensions", i)))
            self._rule(raw, tuple(raw.between), frozenset(raw.binds or self.binds), place, False, {}, None, tension=True)

    def _rule(
        self, raw: schema.RuleFile | schema.TensionFile, clauses: tuple[str, ...], binds: frozenset[str], place: Place,
        also: bool, provided: dict[str, schema.Texts], by_analogy: str | None, tension: bool = False,
    ) -> None:  # fmt: skip
        topics = _texts(raw.on)
        _known(self.reader, place, list(topics), self.topics)
        self._check_roles(place, _texts(raw.to))
        allowed_facts = {f for t in topics if t in self.topics for f in self.topics[t].facts}
        for fact in {**raw.when, **provided}:
            if fact in self.facts and topics and fact not in allowed_facts:
                self.reader.add(
                    place, f"the topic {topics[0]} does not turn on '{fact}', so this rule can never hold",
                    "Add the fact to the topic's `facts`, or drop it here.",
                )  # fmt: skip
        when, provision = (_conditions(self.reader, self.facts, x, place) for x in (raw.when, provided))
        self.rules.append(
            Rule(
                raw.id, clauses, topics, when, Verdict(raw.verdict), " ".join(raw.answer.split()), binds, place,
                _texts(raw.to), raw.flow, _texts(raw.overrides), also, provision, by_analogy, tension,
            )
        )  # fmt: skip

    def _check_roles(self, place: Place, ids: tuple[str, ...]) -> None:
        for role in ids:
            if role not in self.roles:
                self.reader.add(place, f"'{role}' is not a role of {self.folder.name}", "Name one of people.yaml, or add it there.")

    def _references(self) -> None:
        seen: dict[str, Rule] = {}
        for rule in self.rules:
            if rule.id in seen:
                self.reader.add(rule.place, f"the rule id '{rule.id}' stands twice", "Give each rule an id of its own.")
            seen[rule.id] = rule
        for rule in self.rules:
            for other in rule.overrides:
                if other not in seen:
                    self.reader.add(rule.place, f"'{rule.id}' overrides '{other}', which is no rule", "Check the spelling of its id.")
            for clause in rule.clauses:
                if clause not in self.clauses:
                    self.reader.add(rule.place, f"'{clause}' is not a clause", "Name clause ids of this organisation.")
            if rule.provided and rule.verdict != Verdict.ALLOWED:
                self.reader.add(rule.place, f"'{rule.id}' has `provided`, but is not `allowed`", "`provided` goes only with `verdict: allowed`.")
            if rule.verdict == Verdict.REFER and not rule.to:
                self.reader.add(rule.place, f"'{rule.id}' refers to nobody", "Say `to:` whom.")


def _confirmed(made: Organisation, raw: schema.DraftFile | schema.ConfirmedFile) -> Organisation:
    """With who confirmed the reading; `changed` where it is no longer what they confirmed."""
    if not isinstance(raw, schema.ConfirmedFile):
        return made
    who = Confirmation(raw.by, raw.role, raw.on, raw.effective_from)
    return replace(made, reading="confirmed" if digest(made) == raw.of else "changed", confirmed=who)


def _role(raw: schema.RoleFile) -> Role:
    if raw.named is None:
        return Role(raw.id, raw.title, tuple(raw.also_called), implied=raw.implied)
    return Role(raw.id, raw.title, tuple(raw.also_called), raw.named.name, raw.named.email, raw.named.in_, raw.implied)


def _policy(raw: schema.PolicyFile, text: str) -> Policy:
    return Policy(raw.title, raw.owner, raw.source, text, raw.adopted, raw.reviewed, raw.review_due, raw.to_encode)


def _local(raw: schema.LocalFile) -> tuple[Local, ...]:
    entries = [(name, getattr(raw, name)) for name in schema.LocalFile.model_fields]
    return tuple(Local(name, e.name, e.phone, e.url) for name, e in entries if e is not None)
