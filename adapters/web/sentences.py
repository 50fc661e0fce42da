"""What the page itself says: why it cannot do something, and short notes after a press. Askwell's own words are in bot.words."""

from bot import words

# reason: (status, what is wrong, what to do)
REFUSALS = {
    "elsewhere": (403, "This page is for this machine only", "Open it on the machine that Askwell runs on, without a proxy in between."),
    "foreign": (403, "This did not come from Askwell's own page", "Nothing was done. Open Askwell and try again from there."),
    "form": (400, "Something was missing in what your browser sent", "Nothing was done. Go back to your conversation and try again."),
    "long": (413, "That is too long for me", "Nothing was read. Go back and ask in a few sentences."),
    "page": (404, "There is no such page", "Go to your conversation, or pick a policy."),
    "method": (405, "That page can't be opened like this", "Nothing was done. Go to your conversation and try from there."),
    "down": (503, "Askwell can't answer at the moment", "Try again in a minute. Nothing has to wait for Askwell: you can always ask a person."),
    "broken": (500, "Something went wrong on my side", "Try again, or ask a person. If somebody may come to harm, don't wait for me."),
    "invite": (410, "This invitation no longer works", "It was used, it has run out, or it was taken back. Ask whoever sent it for a new one."),
    "sign-in": (403, "Signing in did not work", "Nothing was kept. Try again, or ask whoever looks after Askwell in your organisation."),
}  # fmt: skip

# What is shown once under the conversation, by the name that stands in the address.
NOTES = {
    "late": words.TOO_LATE,
    "passed-on": words.PASSED_ON,
    "not-passed-on": words.NOT_PASSED_ON,
    "empty": words.EMPTY,
    "no-report": words.REPORT_NOTHING,
    "forgotten": words.STARTED_AGAIN,
    "away": "It has been a while. Please say again who you are, then ask your question once more.",
    "cookie": "Your browser did not keep Askwell's cookie. Allow cookies for this page: without one I can't tell your conversation from others.",
    "choose": "Please choose your organisation and what you are there.",
    "done": "Done. It is written down.",
    "moved": words.CASE_MOVED,
    "words": "Nothing was done. Please write a few words first.",
    "whom": "Nothing was done. Please choose who gets it.",
    "which": "Nothing was done. Please choose the case it belongs with.",
    "report-first": words.REPORT_FIRST,
    "day": "Nothing was done. Please choose a day from tomorrow on, within two weeks.",
}
_NAMES = {sentence: name for name, sentence in NOTES.items()}


def note_for(line: str) -> str | None:
    """The name of a line that Askwell said without taking a turn; None for the others."""
    return _NAMES.get(line)
