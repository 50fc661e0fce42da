"""Plays recordings on the web page, without JavaScript, and reads its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from web_stand import Browser, Page, stand

from bot import words
from bot.guide import Askwell
from parity.recorded import YES, Meaning, Recording, Step, meaning

_VOID = {"area", "br", "hr", "img", "input", "link", "meta", "path", "circle"}


@dataclass
class Node:
    """An element, with its words in order."""

    tag: str
    attributes: dict[str, str]
    inside: list["Node | str"] = field(default_factory=list)

    def all(self, tag: str, of: str = "") -> list["Node"]:
        """Every element of this tag and class within."""
        found = []
        for one in self.inside:
            if isinstance(one, Node):
                found += [one] if one.tag == tag and of in ("", *one.attributes.get("class", "").split()) else []
                found += one.all(tag, of)
        return found

    @property
    def text(self) -> str:
        """All words that are seen, with single blanks."""
        parts = [one if isinstance(one, str) else "" if "unseen" in one.attributes.get("class", "") else f" {one.text} " for one in self.inside]
        return " ".join("".join(parts).split())


class Tree(HTMLParser):
    """A page as elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag not in _VOID and any(n.tag == tag for n in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Words."""
        self.open[-1].inside.append(data)


def played(askwell: Askwell, recording: Recording) -> list[Meaning | None]:
    """What each step showed."""
    browser = stand(askwell).browser()
    assert recording.asker is not None
    browser.begin(recording.asker.organisation, recording.asker.role)
    pages: list[Page] = []
    found: list[Meaning | None] = []
    for i, step in enumerate(recording.steps):
        before = browser.page
        of = pages[step.of - 1] if step.of else before
        _done(browser, step, of)
        pages.append(browser.page)
        found.append(_read(browser.page.html, before.html))
        assert i or browser.status == 200
    return found


def _done(browser: Browser, step: Step, page: Page) -> None:
    token = browser.page.form("/say").fields["token"]  # each press is one of its own, also on an old page
    browser.page = page
    match step.act:
        case "say":
            browser.say(step.value)
        case "press":
            browser.press(step.value, token=token)
        case "judge" if step.value == "right":
            browser.press(f"{words.RIGHT}, this was right", token=token)
        case "judge":
            form = page.form("/judge")
            browser.send("/judge", {**form.fields, "token": token, "right": "no", "reason": step.reason})
        case "pass on":
            browser.press(words.OFFER_YES if step.value == YES else words.OFFER_NO, token=token)
        case _:
            raise AssertionError(f"nothing can be {step.act}ed on the page")


def _read(html: str, before: str) -> Meaning:
    """The turn that came; where none came, the note, and what became of the last one."""
    tree, old = Tree(html).root, Tree(before).root
    turns = tree.all("article", "turn")
    note = " ".join(n.text for n in tree.all("p") if n.attributes.get("id") == "note")
    if len(turns) == len(old.all("article", "turn")):
        return meaning(note or " ".join(n.text for n in [*tree.all("p", "after"), *tree.all("form", "offer")]))
    (reply,) = turns[-1].all("div", "reply")
    verdicts = tuple(c.removeprefix("is-") for n in reply.all("h3", "verdict") for c in n.attributes["class"].split() if c.startswith("is-"))
    choices = tuple(b.text for form in reply.all("form", "choices") for b in form.all("button"))
    citations = tuple((f.all("figcaption")[0].text, f.all("blockquote")[0].text) for f in reply.all("figure"))
    return meaning(reply.text, verdicts=verdicts, choices=choices, citations=citations)
