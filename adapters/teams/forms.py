"""A report in one dialog: a step at a time, and everything once more before it is sent. Nothing of it stands in a message."""

from collections.abc import Sequence

from adapters.choices import STEERING, Choice, step
from adapters.parts import NEVER, Part
from adapters.teams import asking, cards, fit
from adapters.teams.cards import Card
from bot import words
from bot.flows import MOST_TEXT
from bot.messages import Form, Reply, Review

STEP, STEER, SKIP = "step", "steer", "skip"
TYPED, PICKED = "typed", "picked"  # the two fields of a step


def card(reply: Reply, user: str, number: int, typed: str = "") -> Card:
    """The screen of a report that a reply shows: a step, the summary, or the words with which it ends. `typed`: what a field holds already."""
    made = [c for line in reply.lines for c in cards.paragraph(line)]
    if reply.form:
        made = _step(reply.form, made, user, number, typed)
    if reply.review:
        made += _review(reply.review, user, number)
    return fit.dialog([Part(NEVER, tuple(made))])


def _step(form: Form, said: list[Card], user: str, number: int, typed: str) -> list[Card]:
    title = cards.heading(words.STEP.format(title=form.title, number=form.number, of=form.of))
    skip = [cards.submit(SKIP, words.SKIP_IT, Choice(user, number, SKIP, form.step).text())] if form.optional else []
    below = [*cards.actions([*skip, *(_steer(user, number, *one) for one in STEERING)]), *cards.small([words.NOTHING_SENT_YET])]
    why = cards.small([form.why] if form.why else [])
    if form.options:
        question = asking.asked(step(form), user, number, dialog=True)
        return [title, *said, question[0], *why, *question[1:], *below]
    following = cards.submit(STEP, words.NEXT_STEP, Choice(user, number, STEP, form.step).text())
    return [title, *said, *_fields(form, typed), *why, *cards.actions([cards.first(following)]), *below]


def _fields(form: Form, typed: str) -> list[Card]:
    """The fields of a step that is typed."""
    if not form.people:
        return [cards.entry(TYPED, form.asks, MOST_TEXT, typed)]
    return [cards.pick(PICKED, form.asks, form.people, many=True), cards.entry(TYPED, words.PEOPLE_OTHERS, MOST_TEXT, typed)]


def _steer(user: str, number: int, what: str, label: str) -> Card:
    return cards.submit(STEER, label, Choice(user, number, STEER, what).text())


def _review(review: Review, user: str, number: int) -> Sequence[Card]:
    made = [cards.heading(review.title), *cards.paragraph(words.REVIEW, bold=True)]
    for name, question, answer in review.rows:
        change = Choice(user, number, STEER, f"change:{name}").text()
        button = cards.submit(STEER, words.CHANGE_IT, change, words.YOUR_CHANGE.format(question=question))
        made += [*cards.paragraph(question, bold=True), cards.quote(*cards.paragraph(answer)), *cards.near(cards.actions([button]))]
    if review.who:
        made += cards.paragraph(words.GOES_TO.format(who=review.who))
    made += [c for line in review.lines for c in cards.paragraph(line, bold=True)]
    send = [cards.first(_steer(user, number, "send", words.SEND))] if review.who else []
    steering = [_steer(user, number, *one) for one in STEERING]
    return [*made, *cards.actions([*send, *steering]), *cards.small([words.NOTHING_SENT_YET])]
