"""Askwell as one object: knowledge and understanding loaded once, a conversation as states that go in and out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot import effective, interpret, load, turn, words
from bot.interpret import Act
from bot.knowledge import Knowledge
from bot.messages import Reply, State, Turn
from bot.turn import Guide
from bot.understand.reading import Reading, Understanding, understanding

ROLES = ("staff", "manager", "volunteer", "director")
Today = Callable[[], date]


class UnknownOrganisationError(ValueError):
    """Raised when a conversation is begun for an organisation that is not encoded."""


class UnknownRoleError(ValueError):
    """Raised when a conversation is begun in a role that no policy can speak of."""


class Askwell:
    """The guidance engine, ready to talk. Holds no conversation: states belong to the caller.

    `encoded` is all that is encoded; `knowledge` is what of it holds today.
    """

    def __init__(self, knowledge: Knowledge, understands: Understanding, today: Today = date.today) -> None:
        self.encoded, self.understands, self.today = knowledge, understands, today
        self._held: tuple[date, Knowledge] | None = None

    @property
    def knowledge(self) -> Knowledge:
        """What holds today; worked out once a day."""
        today = self.today()
        if self._held is None or self._held[0] != today:
            self._held = (today, effective.on(self.encoded, today))
        return self._held[1]

    def only(self, organisation: str) -> "Askwell":
        """The same engine serving one organisation, so that nobody is asked for theirs; raises UnknownOrganisationError."""
        self.begin(organisation)
        return Askwell(self.encoded.only(organisation), self.understands, self.today)

    def begin(self, organisation: str, role: str = "staff") -> State:
        """A new conversation; raises UnknownOrganisationError or UnknownRoleError with what is known instead."""
        if organisation not in self.knowledge.organisations:
            known = ", ".join(sorted(self.knowledge.organisations))
            raise UnknownOrganisationError(f"'{organisation}' is not an organisation that is encoded here; these are: {known}")
        if role not in ROLES:
            raise UnknownRoleError(f"'{role}' is not a role; use one of: {', '.join(ROLES)}")
        return State(organisation, role, self.knowledge.version)

    def say(self, state: State, text: str) -> tuple[State, Reply]:
        """One message in a conversation: the next state and the reply. Never raises for anything a person can type."""
        guide = Guide(self.knowledge, self.today())
        if not any(c.isalnum() for c in text) and "?" not in text:
            return state, Reply(lines=(words.EMPTY,))
        if text.strip() == words.FILE:
            return state, Reply(lines=(words.ATTACHMENT,))
        said = interpret.interpret(text, state)
        if said.act == Act.BACK and state.before and not state.before.question:
            return _pair(turn.turn(guide, replace(state.before, said=""), self._read(state.before, "")))
        if said.act not in (Act.WORDS, Act.PRESS, Act.UNKNOWN):
            return _pair(turn.commanded(guide, state, said))
        alone, joins, restated = None, False, frozenset[str]()
        if said.act == Act.WORDS and state.words:
            alone = self.understands.read(text, state.organisation)
            joins = interpret.continues(text, state, alone)
            restated = frozenset(f for f in state.facts if alone.facts.get(f))
        after = turn.advanced(state, said, text, joins, restated)
        reading = alone if alone and after.words == (text,) else self._read(after, text)
        version = guide.knowledge.version
        return _pair(turn.turn(guide, replace(after, version=version, said=after.said if after.version == version else ""), reading))

    def again(self, state: State) -> tuple[State, Reply]:
        """The words of a state, one of which was edited, read and answered again."""
        now = replace(state, version=self.knowledge.version, said="")
        return _pair(turn.turn(Guide(self.knowledge, self.today()), now, self._read(now, "")))

    def _read(self, state: State, text: str) -> Reading:
        return self.understands.read("\n".join(state.words) or text, state.organisation)


def _pair(done: Turn) -> tuple[State, Reply]:
    return done.state, done.reply


def open_askwell(root: Path = load.ROOT, today: Today = date.today) -> Askwell:
    """Load everything under `root`; raises KnowledgeError with all findings when it cannot be used."""
    knowledge = load.load(root)
    return Askwell(knowledge, understanding(knowledge, root), today)
