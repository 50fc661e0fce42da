"""What we show as slackblocks' own objects, which are strict about limits. Its reader of JSON does not know nested elements yet."""

from collections.abc import Callable
from typing import Any

import slackblocks

from slack.shown import Shown

Json = dict[str, Any]
DEFAULTS = ("emoji", "offset", "border", "block_id")  # what slackblocks leaves out or adds without a difference


def built(one: Shown) -> list[slackblocks.Block]:
    """The blocks of it; raises what slackblocks raises. None of them says anything else than ours."""
    made = [BLOCKS[found["type"]](found) for found in one.json["blocks"]]
    for ours, theirs in zip(one.json["blocks"], made, strict=True):
        assert bare(ours) == bare(theirs._resolve())
    return made


def surface(one: Shown) -> object:
    """The whole message, modal or Home."""
    made = built(one)
    if one.surface == "message":
        return slackblocks.Message(channel=one.json["channel"], text=one.json["text"], blocks=made)
    if one.surface == "home":
        return slackblocks.HomeTabView(blocks=made)
    title, close, submit = (one.json.get(k, {}).get("text") for k in ("title", "close", "submit"))
    return slackblocks.ModalView(title=title, blocks=made, close=close, submit=submit, callback_id=one.json["callback_id"])


def bare(found: Any) -> Any:  # noqa: ANN401 - JSON
    """Without what makes no difference."""
    if isinstance(found, dict):
        return {k: bare(v) for k, v in found.items() if k not in DEFAULTS and (k, v) != ("optional", False)}
    return [bare(v) for v in found] if isinstance(found, list) else found


def plain(found: Json) -> slackblocks.PlainText:
    """Plain words."""
    assert found["type"] == "plain_text"
    return slackblocks.PlainText(found["text"])


def button(found: Json) -> slackblocks.Button:
    """A button."""
    rest = {k: found[k] for k in ("action_id", "url", "value", "accessibility_label") if k in found}
    return slackblocks.Button(plain(found["text"]), **rest)


def thumbs(found: Json) -> slackblocks.FeedbackButtons:
    """Thumbs up and down."""
    up, down = (
        slackblocks.FeedbackButton(plain(found[k]["text"]), found[k]["value"], found[k]["accessibility_label"])
        for k in ("positive_button", "negative_button")
    )
    return slackblocks.FeedbackButtons(up, down, found["action_id"])


def option(found: Json) -> slackblocks.Option:
    """One of a list."""
    return slackblocks.Option(plain(found["text"]), found["value"])


def group(found: Json) -> slackblocks.OptionGroup:
    """Some of a long list."""
    return slackblocks.OptionGroup(plain(found["label"]), [option(one) for one in found["options"]])


def listed(found: Json) -> Json:
    """A list's options, or its groups."""
    kept = {"placeholder": plain(found["placeholder"])}
    if "options" in found:
        return {**kept, "options": [option(one) for one in found["options"]]}
    return {**kept, "options": None, "option_groups": [group(one) for one in found["option_groups"]]}


ELEMENTS: dict[str, Callable[[Json], Any]] = {
    "plain_text_input": lambda found: slackblocks.PlainTextInput(
        found["action_id"], multiline=found["multiline"], max_length=found["max_length"], initial_value=found.get("initial_value")
    ),
    "static_select": lambda found: slackblocks.StaticSelectMenu(action_id=found["action_id"], **listed(found)),
    "multi_static_select": lambda found: slackblocks.StaticMultiSelectMenu(action_id=found["action_id"], **listed(found)),
    "datepicker": lambda found: slackblocks.DatePicker(action_id=found["action_id"], placeholder=plain(found["placeholder"])),
}


def entry(found: Json) -> slackblocks.InputBlock:
    """A field to write in, or to choose from."""
    element = found["element"]
    field = ELEMENTS[element["type"]](element)
    hint = plain(found["hint"]) if "hint" in found else None
    return slackblocks.InputBlock(plain(found["label"]), field, hint=hint, optional=found["optional"])


def paragraph(found: Json) -> Any:  # noqa: ANN401 - slackblocks names no common type
    """A piece of rich text."""
    match found["type"]:
        case "rich_text_section":
            return slackblocks.RichTextSection([run(e) for e in found["elements"]])
        case "rich_text_quote":
            return slackblocks.RichTextQuote([run(e) for e in found["elements"]])
        case "rich_text_list":
            return slackblocks.RichTextList(found["style"], [paragraph(e) for e in found["elements"]])
        case kind:
            raise AssertionError(f"no strict form for {kind}")


def run(found: Json) -> slackblocks.RichTextElement:
    """Words or a link in rich text."""
    if found["type"] == "link":
        return slackblocks.RichTextLink(found["url"], found["text"])
    assert found["type"] == "text"
    return slackblocks.RichText(found["text"], bold=found.get("style", {}).get("bold"))


BLOCKS: dict[str, Callable[[Json], slackblocks.Block]] = {
    "rich_text": lambda found: slackblocks.RichTextBlock([paragraph(e) for e in found["elements"]]),
    "section": lambda found: slackblocks.SectionBlock(plain(found["text"])),
    "header": lambda found: slackblocks.HeaderBlock(plain(found["text"])),
    "context": lambda found: slackblocks.ContextBlock([plain(e) for e in found["elements"]]),
    "actions": lambda found: slackblocks.ActionsBlock([button(e) for e in found["elements"]]),
    "context_actions": lambda found: slackblocks.ContextActionsBlock([thumbs(e) for e in found["elements"]]),
    "input": entry,
}
