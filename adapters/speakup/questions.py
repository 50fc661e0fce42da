"""The questions of the report, in their order. All are answered in the writer's own words, and only one has to be."""

from dataclasses import dataclass

from bot.speakup.desk import Naming


@dataclass(frozen=True, slots=True)
class Question:
    """One field: at most so many characters, shown with so many rows."""

    name: str
    asks: str
    why: str
    most: int
    rows: int
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One way to choose, and what it means."""

    value: str
    label: str
    means: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, which has to be chosen."""

    name: str
    asks: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One page of questions. `title` stands in the browser's history, so it says little."""

    name: str
    title: str
    heading: str
    lead: str
    questions: tuple[Question, ...]
    choice: Choice | None = None
    after: str = ""


WHAT = Part(
    "what", "Words", "What happened?", "Write it in your own words. It need not be complete, and you need not be able to prove it.",
    (
        Question(
            "what", "What has happened, or is happening?", "Say what you saw, heard or read yourself, and where you are only guessing.", 8000, 7, True
        ),
        Question("when", "When?", "A day, or roughly. Does it still go on?", 500, 1),
        Question("where", "Where?", "", 500, 1),
        Question("who", "Who is part of it, and who else knows?", "", 2000, 3),
    ),
    after=(
        "You can’t add files here. Files and photos carry hidden marks that can show who made, copied or printed them. "
        "Say in words what there is and where it is kept; the people who read this can ask you about it."
    ),
)  # fmt: skip
MORE = Part(
    "more", "More words", "What you know, and what you want", "You can leave out whatever might show who you are.",
    (
        Question("know", "How do you know?", "For example: I was there, I saw the papers, somebody told me.", 3000, 3),
        Question("raised", "Have you, or has somebody, raised it before?", "With whom, and what came of it.", 3000, 3),
        Question("wish", "What would you like to happen?", "They will read it, but they can’t promise it.", 3000, 3),
    ),
)  # fmt: skip
NAME = Part(
    "name", "Name", "Do you want to say who you are?", "You decide. What you write may show it anyway, above all where few people work.",
    (
        Question("signed", "Your name", "Only if you want to give it.", 200, 1),
        Question("reach", "How can they reach you?", "Not by work mail or a work phone. Even without this you can read their answers here.", 500, 1),
    ),
    Choice(
        "sign", "How do you want to do it?",
        (
            Option(
                Naming.ANONYMOUS, "Without my name",
                "Nobody is told who you are. They can ask you things only through this page. Some may still guess.",
            ),
            Option(
                Naming.CONFIDENTIAL, "With my name, in confidence",
                "Only the people who read it are told, and they should keep it to themselves. They may have to tell somebody if the law demands it.",
            ),
            Option(
                Naming.NAMED, "With my name",
                "They may use your name when they look into it. It is often easier to act on, and harder to take back.",
            ),
        ),
    ),
)  # fmt: skip
MOST = max(q.most for part in (WHAT, MORE, NAME) for q in part.questions)
PARTS = {part.name: part for part in (WHAT, MORE, NAME)}
