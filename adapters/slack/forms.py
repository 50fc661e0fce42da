"""A report as one modal: a step at a time, and everything once more before it is sent. Nothing of it stands in the view's metadata."""

import json
from collections.abc import Sequence

from adapters.choices import STEERING, Choice, step
from adapters.parts import NEVER, Part
from adapters.slack import asking, blocks
from adapters.slack.blocks import MOST_TEXT, Block
from adapters.slack.views import MOST_TITLE, View, modal
from bot import words
from bot.flows import MOST_TEXT as MOST_TYPED
from bot.messages import Form, Reply, Review

STEP, STEER, SKIP = "step", "steer", "skip"
TYPED, PICKED = "typed", "picked"  # the two fields of a step
MOST_OPTIONS, MOST_OPTION = 100, 75  # in one list; characters of a name
MOST_VALUE, MOST_LABEL = 150, 2000


def view(reply: Reply, user: str, number: int, typed: str = "") -> View:
    """The screen of a report that a reply shows: a step, the summary, or the words with which it ends. `typed`: what a field holds already."""
    said = [blocks.paragraph(line) for line in reply.lines]
    if reply.form:
        return _step(reply.form, said, user, number, typed)
    made = [*said, *(_review(reply.review, user, number) if reply.review else ())]
    made += [block for question in reply.choices for block in asking.asked(question, user, number)]
    return _modal(made)


def waiting() -> View:
    """What stands there until the first screen is ready."""
    return _modal([blocks.paragraph(words.ONE_MOMENT)])


def _modal(made: list[Block]) -> View:
    return modal(STEP, words.REPORT_TITLE, [Part(NEVER, tuple(made))])


def _step(form: Form, said: list[Block], user: str, number: int, typed: str) -> View:
    title = blocks.header(words.STEP.format(title=form.title, number=form.number, of=form.of))
    skip = [blocks.button(SKIP, words.SKIP_IT, Choice(user, number, SKIP, form.step).text())] if form.optional else []
    below = [*blocks.actions([*skip, *(_steer(user, number, *one) for one in STEERING)]), *blocks.context([words.NOTHING_SENT_YET])]
    if form.options:
        question = asking.asked(step(form), user, number)
        return _modal([title, *said, question[0], *blocks.context([form.why] if form.why else []), *question[1:], *below])
    submit = {"submit": blocks.plain(words.NEXT_STEP, MOST_TITLE), "private_metadata": json.dumps({"number": number, "step": form.step})}
    return {**_modal([title, *said, *_fields(form, number, typed), *below]), **submit}


def _fields(form: Form, number: int, typed: str) -> list[Block]:
    """The fields of a step that is typed. Their ids are of this turn, so that Slack carries no words from one step into the next."""
    words_of = {**entry(TYPED, min(MOST_TEXT, MOST_TYPED)), **({"initial_value": typed} if typed else {})}
    known = [one for one in form.people if len(one[0]) <= MOST_VALUE]
    if not known:
        return [field(f"{TYPED}.{number}", form.asks, words_of, form.why, optional=form.optional)]
    picked = {"type": "multi_static_select", "action_id": PICKED, "placeholder": blocks.plain(words.PEOPLE_FIELD), **listed(known)}
    return [
        field(f"{PICKED}.{number}", form.asks, picked, form.why, optional=True),
        field(f"{TYPED}.{number}", words.PEOPLE_OTHERS, words_of, optional=True),
    ]


def entry(name: str, most: int) -> Block:
    """A field for words of several lines."""
    return {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": most}


def field(block: str, label: str, element: Block, hint: str = "", *, optional: bool = False) -> Block:
    """A field with its label."""
    made = {"type": "input", "block_id": block, "optional": optional, "label": blocks.plain(label, MOST_LABEL), "element": element}
    return {**made, "hint": blocks.plain(hint, MOST_LABEL)} if hint else made


def _options(people: Sequence[tuple[str, str]]) -> list[Block]:
    return [{"text": blocks.plain(name, MOST_OPTION), "value": email} for email, name in people]


def listed(people: Sequence[tuple[str, str]]) -> Block:
    """People as one list; where it would be too long, in groups that say from which name to which."""
    groups = [people[i : i + MOST_OPTIONS] for i in range(0, len(people), MOST_OPTIONS)][:MOST_OPTIONS]
    if len(groups) == 1:
        return {"options": _options(groups[0])}
    return {"option_groups": [{"label": blocks.plain(f"{g[0][1][:30]} – {g[-1][1][:30]}", MOST_OPTION), "options": _options(g)} for g in groups]}


def _steer(user: str, number: int, what: str, label: str) -> Block:
    return blocks.button(f"{STEER}.{what}", label, Choice(user, number, STEER, what).text())


def _review(review: Review, user: str, number: int) -> list[Block]:
    made = [blocks.header(review.title), blocks.paragraph(words.REVIEW, bold=True)]
    for name, question, answer in review.rows:
        made.append(blocks.rich(blocks.line(blocks.words(question)), blocks.quote(blocks.words(answer))))
        change = Choice(user, number, STEER, f"change:{name}").text()
        made += blocks.actions([blocks.button(f"{STEER}.change.{name}", words.CHANGE_IT, change, words.YOUR_CHANGE.format(question=question))])
    if review.who:
        made.append(blocks.paragraph(words.GOES_TO.format(who=review.who)))
    made += [blocks.paragraph(line, bold=True) for line in review.lines]
    steering = [*([("send", words.SEND)] if review.who else []), *STEERING]
    return [*made, *blocks.actions([_steer(user, number, *one) for one in steering]), *blocks.context([words.NOTHING_SENT_YET])]
