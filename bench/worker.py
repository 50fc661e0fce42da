"""The measured process of `speed`: one core, one engine, and nothing else in memory.

The first line on standard input is the job; the first answer is then given and reported. After that "memory", "forget" and
"time START END" are obeyed, each with one line of JSON on standard output.
"""

import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.guide import Askwell

Message = tuple[str, str, str]  # organisation, role, words
MOST_WARMING = 200


def main() -> None:
    """Serve until standard input ends."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    from bot.guide import open_askwell  # after the affinity: numpy and onnxruntime count the cores when they are imported

    job = json.loads(sys.stdin.readline())
    askwell = open_askwell(Path(job["root"]))
    lend_passages(askwell, job["copies"])
    messages: list[Message] = [tuple(m) for m in job["messages"]]
    say(askwell, messages[0])
    report({"organisations": len(askwell.knowledge.organisations), "encoder": askwell.understands.encoder is not None})
    for line in sys.stdin:
        command, *numbers = line.split()
        if command == "memory":
            warm(askwell)
            report(memory())
        elif command == "forget":
            forget(askwell)
            report(None)
        else:
            start, end = map(int, numbers)
            report([timed(askwell, m) for m in messages[start:end]])


def lend_passages(askwell: "Askwell", copies: dict[str, str]) -> None:
    """Give each copied organisation vectors of its own, equal to its original's, so that it has the same work and memory."""
    if copies:
        trained = askwell.understands.passages
        lent = {copy: (trained[original][0], trained[original][1].copy()) for copy, original in copies.items() if original in trained}
        vars(askwell.understands)["passages"] = {**trained, **lent}


def say(askwell: "Askwell", message: Message) -> None:
    """One message in a fresh conversation, answered as the batch contract does, rendering included."""
    from bot.batch import as_json

    organisation, role, words = message
    _state, reply = askwell.say(askwell.begin(organisation, role), words)
    as_json(reply)


def timed(askwell: "Askwell", message: Message) -> float:
    """Milliseconds for one answer."""
    started = perf_counter()
    say(askwell, message)
    return 1000 * (perf_counter() - started)


def warm(askwell: "Askwell") -> None:
    """Two hundred answers, spread over organisations and topics, to words that are not measured."""
    organisations = list(askwell.knowledge.organisations)
    examples = [e for t in askwell.knowledge.topics.values() for e in t.examples]
    step = max(1, len(examples) // MOST_WARMING)
    for i, words in enumerate(examples[::step][:MOST_WARMING]):
        say(askwell, (organisations[i % len(organisations)], "staff", words))


def forget(askwell: "Askwell") -> None:
    """Push every sentence out of the encoder's memory, so that each round encodes anew."""
    from bot.understand.encoder import MOST_KEPT

    if askwell.understands.encoder:
        for first in range(0, MOST_KEPT, 32):
            askwell.understands.encoder.encode([f"sentence {n}" for n in range(first, first + 32)])


def memory() -> dict[str, float]:
    """Resident megabytes: the peak and now. Linux hands `ru_maxrss` down from the parent, so its own count is read there."""
    status = Path("/proc/self/status")
    if not status.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"peak": peak, "now": peak}
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return {name: int(lines[key].split()[0]) / 1024 for name, key in (("peak", "VmHWM"), ("now", "VmRSS"))}


def report(what: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """One line to the parent."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
