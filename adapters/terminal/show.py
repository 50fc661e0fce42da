"""Renders replies for a terminal with rich; without colour the same words stand in the same order."""

from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot import render, words
from bot.answer import Answer, Quote
from bot.knowledge import Verdict
from bot.messages import Asked, Reply

_COLOURS = {
    Verdict.ALLOWED: "green", Verdict.CONDITIONAL: "yellow", Verdict.NOT_ALLOWED: "red", Verdict.REQUIRED: "yellow",
    Verdict.REFER: "yellow", Verdict.INFO: "cyan", Verdict.NOT_COVERED: "magenta", Verdict.OUT_OF_SCOPE: "bright_black",
}  # fmt: skip
WIDTH = 88


def reply(console: Console, said: Reply) -> None:
    """Print a reply: emergency help first, then answers, the question with numbers, and what is said once."""
    urgent = dict.fromkeys([*(line for a in said.answers for line in a.urgent), *said.before])
    if urgent:
        console.print(Panel(Text("\n".join(urgent)), style="bold red", width=min(console.width, WIDTH)))
    for line in said.lines:
        console.print(Text(line), width=WIDTH)
    for one in said.answers:
        console.print(answer(one), width=WIDTH)
    bare = replace(said.form, asks="" if said.form.options else said.form.asks, options=()) if said.form else None  # the choices are numbered below
    for paragraph in [*(render.form(bare) if bare else []), *(render.review(said.review) if said.review else [])]:
        if paragraph:
            console.print(Text(paragraph), width=WIDTH)
    number = 1
    for asked in said.choices:
        choices(console, asked, number)
        number += len(asked.options)
    if said.form or said.review:
        console.print(Text(words.TERMINAL_FORM if said.form else words.TERMINAL_REVIEW, style="dim"), width=WIDTH)
    if said.offer:
        console.print(Text(words.OFFER + " (yes or no)", style="bold"), width=WIDTH)
    for notice in said.notices:
        console.print(Text(notice, style="dim"), width=WIDTH)
    console.print()


def answer(one: Answer) -> RenderableType:
    """An answer: headline, what to do, quotes set apart, then people and what else."""
    parts: list[RenderableType] = []
    if one.headline:
        parts.append(Text(one.headline, style=f"bold {_COLOURS[one.verdict]}"))
    parts += [Text(line) for line in one.say]
    if one.quotes:
        parts += [Text(""), Text(one.quotes_intro or f"From the policy, “{one.quotes[0].policy}”:", style="dim"), *_quotes(one)]
    for paragraph in render.after_quotes(replace(one, others=())):  # they are numbered below
        parts += [Text(""), Text(paragraph)]
    if one.receipt:
        parts += [Text(""), Text(f"Receipt {one.receipt}", style="dim")]
    return Group(*parts)


def _quotes(one: Answer) -> list[RenderableType]:
    shown, rest = render.shown_quotes(one)
    lines: list[RenderableType] = [Padding(_quote(q), (0, 0, 0, 2)) for q in shown]
    return [*lines, *([Text(words.SEE_ALSO.format(sections="; ".join(rest)), style="dim")] if rest else [])]


def _quote(quote: Quote) -> Text:
    return Text.assemble("│ “", (render.flat(quote), "italic"), "” ", (f"({quote.section})", "dim"))


def choices(console: Console, asked: Asked, first: int) -> None:
    """A question with its choices, numbered from `first` on."""
    console.print(Text(asked.text, style="bold"), width=WIDTH)
    for number, (_, label) in enumerate(asked.options, first):
        console.print(Text(f"  {number}. {label}"), width=WIDTH)
