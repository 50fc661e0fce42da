"""Whatever reporters, readers and time do, in whatever order: everybody sees what they should, and nothing else."""

import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from bot.speakup.desk import EndedError, NobodyError
from bot.speakup.reading import NoReportError
from bot.speakup.report import Report
from speakup.engine_stand import ANN, CHAIR, CHIEF, LEAD, ORG, PHRASE, READERS, RECOVERY, VICE, World, world

KEEP, LIVES = 300, 180  # days
WHO = st.sampled_from(READERS)


@dataclass
class Model:
    """What should be true of one report. `ever`: who could open it once, also with a key that they have no more."""

    readers: set[str]
    ever: set[str]
    allowed: set[str]
    last: date
    words: list[str]
    told: list[str] = field(default_factory=lambda: [""])  # what the reporter sees of each message
    read: bool = False
    reachable: bool = True
    deleted: bool = False


class Machine(RuleBasedStateMachine):
    """One installation, and what should be true of it."""

    receipts = Bundle("receipts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world: World = world(Path(self.folder.name), room=2 * 1024 * 1024, keep_days=KEEP, receipt_days=LIVES)
        self.models: dict[str, Model] = {}
        self.phrases = dict(PHRASE)
        self.counted = 0

    def teardown(self) -> None:
        """Look at everything once more."""
        for who in READERS:
            self.everything_that_a_reader_opens_is_what_they_should(who)
        self.folder.cleanup()

    def fresh(self, what: str) -> str:
        """Words that stand nowhere else."""
        self.counted += 1
        return f"{what} {self.counted}"

    def reference(self, who: str, model: Model) -> str | None:
        """The report's reference, for somebody who can open it."""
        cases = self.world.reading.inbox(ORG, who, self.phrases[who])
        self.opened(who)
        return next((c.reference for c in cases if [m.message.report.what for m in c.lines if m.message.report] == model.words[:1]), None)

    def opened(self, who: str) -> None:
        """Whoever opens one sees all of theirs."""
        for one in self.models.values():
            one.read = one.read or who in one.readers

    @rule(target=receipts, without=st.frozensets(st.sampled_from([CHIEF, ANN, *READERS]), max_size=2))
    @precondition(lambda self: len(self.models) < 4)
    def file(self, without: frozenset[str]) -> str:
        """A report about these; where nobody is left it is refused."""
        said = self.fresh("report")
        allowed = set(READERS) - without - ({LEAD} if CHIEF in without or CHAIR in without else set())
        try:
            receipt = self.world.file(*without, report=Report(said))
        except NobodyError:
            assert not allowed
            return ""
        self.models[receipt] = Model(set(allowed), set(allowed), allowed, self.world.day, [said])
        return receipt

    @rule(receipt=receipts)
    def add(self, receipt: str) -> None:
        """The reporter says more."""
        model = self.models.get(receipt)
        said = self.fresh("more")
        try:
            done = self.world.desk.add(receipt, said)
        except EndedError:
            assert model and model.deleted
            return
        assert done is (model is not None and model.reachable)
        if model and done:
            model.words.append(said)
            model.told.append("")
            model.last = self.world.day

    @rule(receipt=receipts)
    def withdraw(self, receipt: str) -> None:
        """The reporter takes it back."""
        model = self.models.get(receipt)
        done = self.world.desk.withdraw(receipt)
        assert done is (model is not None and model.reachable)
        if not model or not done:
            return
        if model.read and not model.deleted:
            model.words.append("")
            model.reachable, model.last = False, self.world.day
        else:
            del self.models[receipt]

    @rule(receipt=receipts, who=WHO, question=st.booleans())
    def reply(self, receipt: str, who: str, question: bool) -> None:
        """A reader writes; whoever cannot open it cannot."""
        model = self.models.get(receipt)
        reference = self.reference(who, model) if model and not model.deleted else None
        if model is None or reference is None:
            assert model is None or model.deleted or who not in model.readers
            return
        said = self.fresh("reply")
        self.world.reading.reply(ORG, who, self.phrases[who], reference, said, question=question)
        model.words.append(said)
        model.told.append(said)
        model.last = self.world.day

    @rule(receipt=receipts, who=WHO)
    def delete(self, receipt: str, who: str) -> None:
        """A reader deletes."""
        model = self.models.get(receipt)
        reference = self.reference(who, model) if model and not model.deleted else None
        if model and reference:
            self.world.reading.delete(ORG, who, self.phrases[who], reference)
            model.words, model.told, model.deleted, model.last = [], [], True, self.world.day

    @rule(who=WHO)
    def change_passphrase(self, who: str) -> None:
        """Another passphrase for the same key changes nothing."""
        new = self.fresh(f"another passphrase of {who}")
        self.world.reading.change_key(ORG, who, self.phrases[who], new, "")
        self.phrases[who] = new

    @rule(who=WHO)
    def recover(self, who: str) -> None:
        """A new key by the recovery key opens what any key of theirs did."""
        new = self.fresh(f"another passphrase of {who}")
        count = self.world.reading.recover(ORG, who, RECOVERY, new)
        self.phrases[who] = new
        assert count == sum(who in m.ever for m in self.models.values())
        for model in self.models.values():
            model.readers |= {who} & model.ever

    @rule(who=WHO)
    def restart(self, who: str) -> None:
        """A new key without the recovery key opens nothing that came before."""
        self.world.reading.restart(ORG, who)
        self.phrases[who] = self.fresh(f"another passphrase of {who}")
        self.world.reading.make_key(ORG, who, self.phrases[who])
        for model in self.models.values():
            model.readers.discard(who)

    @rule(receipt=receipts, who=WHO, new=WHO)
    def admit(self, receipt: str, who: str, new: str) -> None:
        """A reader lets somebody in: only whom the veto lets, and who cannot open it yet."""
        model = self.models.get(receipt)
        reference = self.reference(who, model) if model and not model.deleted else None
        if model is None or reference is None:
            return
        try:
            self.world.reading.add_recipient(ORG, who, self.phrases[who], reference, new)
        except NoReportError:
            assert new in model.readers or new not in model.allowed
            return
        assert new in model.allowed and new not in model.readers
        label = {CHAIR: "Cher Chair, director", VICE: "Vic Vice, director", LEAD: "Lou Lead, staff"}[new]
        model.readers.add(new)
        model.ever.add(new)
        model.words.append(label)
        model.told.append(label)
        model.last = self.world.day

    @rule(days=st.sampled_from([1, 90, 181]))
    def later(self, days: int) -> None:
        """Time passes: receipts run out, then reports go."""
        self.world.later(days)
        self.models = {r: m for r, m in self.models.items() if self.world.day <= m.last + timedelta(days=KEEP)}
        for model in self.models.values():
            model.reachable = model.reachable and self.world.day <= model.last + timedelta(days=LIVES)

    @rule(receipt=receipts)
    def the_receipt_shows_what_it_should(self, receipt: str) -> None:
        """Replies, and never the reporter's own words."""
        model, seen = self.models.get(receipt), self.world.desk.open(receipt)
        assert (seen is not None) is (model is not None and model.reachable)
        if seen and model:
            assert [line.message.text for line in seen.lines] == model.told
            assert (seen.read, seen.deleted) == (model.read, model.deleted)

    @rule(who=WHO)
    def everything_that_a_reader_opens_is_what_they_should(self, who: str) -> None:
        """Every word of theirs, and of nobody else's."""
        cases = self.world.reading.inbox(ORG, who, self.phrases[who])
        self.opened(who)
        told = sorted([m.message.report.what if m.message.report else m.message.text for m in c.lines] for c in cases)
        assert told == sorted(m.words for m in self.models.values() if who in m.readers)

    @invariant()
    def the_file_has_one_size(self) -> None:
        """Whatever happened."""
        size = self.world.path.stat().st_size
        assert size == getattr(self, "size", size)
        self.size = size


TestReports = Machine.TestCase
TestReports.settings = settings(max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
