"""What people type in Teams: their own chat, mentions in groups and threads, edits, files, and everything that is not for us."""

import logging
from pathlib import Path

import pytest

from adapters.teams.text import plain
from bot import words
from bot.guide import Askwell
from bot.store import records
from teams.stand import (
    ANN,
    BOB,
    BOT,
    GROUP,
    TENANT,
    THREAD,
    Stand,
    card_of,
    dialog_of,
    dumped,
    found,
    labels,
    play,
    text_of,
)  # fmt: skip

FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
DANGER = "a young person just told me he has taken tablets and it is goodbye"
HOME = f"{TENANT}:{ANN}"


def test_a_message_is_answered_with_a_card(askwell: Askwell, tmp_path: Path) -> None:
    """Verdict first, as a heading; the policy's words as a quote that leads to the policy; whom to ask; and whether it was right."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(FRIEND)
        message = await teams.posted(1)
        card = card_of(message)
        assert (card["version"], message["to"], message["from"]) == ("1.5", f"a:29:{ANN}", {"id": BOT})
        assert card["body"][0] == {"type": "TextBlock", "text": "No.", "style": "heading", "weight": "Bolder", "size": "Medium", "wrap": True}
        (quote,) = [b for b in card["body"] if b["type"] == "Container"]
        assert text_of(quote).startswith("“Any contact between Healthwatch Sefton staff")
        section = quote["items"][-1]["inlines"][0]
        assert section["selectAction"] == {"type": "Action.OpenUrl", "url": "https://askwell.example.org/policy/sefton#no-contact"}
        assert words.WAS_IT_RIGHT in text_of(card) and labels(card)[-2:] == [words.RIGHT, words.WRONG]
        assert card["fallbackText"].startswith("No. Please don't connect") and "Any contact between Healthwatch Sefton" in card["fallbackText"]
        assert message["summary"].startswith("No. Please don't connect") and len(message["summary"]) <= 200

    play(go, askwell, tmp_path)


def test_the_passages_are_citations_as_teams_shows_them(askwell: Askwell, tmp_path: Path) -> None:
    """A number in the message's text for each, with title, beginning and link; nothing says that a machine made the words up."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(FRIEND)
        message = await teams.posted(1)
        (entity,) = message["entities"]
        (claim,) = entity["citation"]
        assert (entity["type"], claim["position"], message["text"]) == ("https://schema.org/Message", 1, "From your policy: [1]")
        shown = claim["appearance"]
        assert (
            shown["name"].startswith("Limits of use") and shown["abstract"].startswith("Any contact between") and shown["url"].endswith("#no-contact")
        )
        assert len(shown["name"]) <= 80 and len(shown["abstract"]) <= 160 and "AIGeneratedContent" not in dumped(message)

    play(go, askwell, tmp_path)


def test_without_a_public_address_a_quote_names_its_section_without_a_link(askwell: Askwell, tmp_path: Path) -> None:
    """No link leads nowhere."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(FRIEND)
        message = await teams.posted(1)
        assert "Action.OpenUrl" not in dumped(card_of(message)) and "url" not in dumped(message["entities"])

    play(go, askwell, tmp_path, public_url="")


def test_a_message_that_is_delivered_again_is_answered_once(askwell: Askwell, tmp_path: Path) -> None:
    """Each delivery is acknowledged."""

    async def go(teams: Stand) -> None:
        teams.known()
        said = teams.activity("message", text=FRIEND)
        for _ in range(3):
            assert (await teams.send(said)).status_code == 200
        await teams.posted(1)
        await teams.quiet()
        assert len(teams.teams.messages) == 1

    play(go, askwell, tmp_path)


def test_what_people_write_is_never_markup(askwell: Askwell, tmp_path: Path) -> None:
    """It comes back in text runs, which no client reads as markup, with the signs that were typed."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say("how many &lt;!channel&gt; &amp; *followers* before [closing](https://evil.example) an account")
        card = card_of(await teams.posted(1))
        offered = next(b for b in card["body"] if b["type"] == "Container" and "followers" in text_of(b))
        said = "how many <!channel> & *followers* before [closing](https://evil.example) an account"
        assert offered["items"] == [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": said}]}]
        assert not [b for b in card["body"] if b["type"] == "TextBlock" and "followers" in b["text"]] and "msteams" not in card

    play(go, askwell, tmp_path)


def test_a_mention_of_somebody_else_becomes_their_name_and_no_typed_sign_is_lost() -> None:
    """Only the mention of Askwell itself goes."""
    mention = {"type": "mention", "mentioned": {"id": BOT}, "text": "<at>Askwell</at>"}
    said = {"recipient": {"id": BOT}, "entities": [mention], "text": "<at>Askwell</at> <at>Bob</at>&nbsp;&lt;at&gt;all&lt;/at&gt; a < b **x**"}
    assert plain(said) == "@Bob <at>all</at> a < b **x**"


@pytest.mark.parametrize("place", [GROUP, THREAD])
def test_a_mention_is_answered_where_it_was_made(askwell: Askwell, tmp_path: Path, place: str) -> None:
    """In a channel that is the thread, which is part of the conversation's id. Each person has a conversation of their own in it."""

    async def go(teams: Stand) -> None:
        teams.known()
        teams.known(BOB)
        await teams.say(FRIEND, conversation=place)
        assert (await teams.posted(1))["to"] == place
        assert teams.teams.calls[-1].path == f"/v3/conversations/{place}/activities"
        await teams.say("back", BOB, conversation=place)
        assert words.NO_BACK in text_of(card_of(await teams.posted(2))), "it is not Ann's conversation"

    play(go, askwell, tmp_path)


def test_a_sensitive_answer_stands_in_no_message(askwell: Askwell, tmp_path: Path) -> None:
    """Only that there is one; it opens in a dialog, again and again, and for nobody else."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(DANGER)
        message = await teams.posted(1)
        assert message["summary"] == words.ANSWER_READY == text_of(card_of(message)) == card_of(message)["fallbackText"]
        assert "entities" not in message and "text" not in message
        for _ in range(2):
            card = dialog_of(await teams.press(message, words.OPEN))
            assert text_of(card).startswith(words.EMERGENCY)
        assert text_of(dialog_of(await teams.press(message, words.OPEN, BOB))) == words.NOT_YOURS

    play(go, askwell, tmp_path)


def test_every_sensitive_matter_looks_the_same_in_messages(askwell: Askwell, tmp_path: Path) -> None:
    """Nobody who sees the chat or a notification can tell a worry about a child from any other."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(DANGER)
        first = await teams.posted(1)
        teams.known(BOB)
        await teams.say("I think my manager is fiddling the accounts and I want to report it", BOB)
        second = await teams.posted(2)
        same = dumped({k: v for k, v in second.items() if k not in ("id", "to", "conversation")}).replace(BOB, ANN)
        assert same == dumped({k: v for k, v in first.items() if k not in ("id", "to", "conversation")})

    play(go, askwell, tmp_path)


def test_an_edited_message_is_answered_anew_and_a_deleted_one_is_forgotten(askwell: Askwell, tmp_path: Path) -> None:
    """The edit takes the place of what it changed; of the deleted one nothing stays, without a word."""

    async def go(teams: Stand) -> None:
        teams.known()
        source = await teams.say("Can I use emojis?")
        await teams.posted(1)
        edited = teams.activity("messageUpdate", text=FRIEND, channelData={"tenant": {"id": TENANT}, "eventType": "editMessage"})
        for _ in range(2):
            await teams.send({**edited, "id": source})
        assert (await teams.posted(2))["summary"].startswith("No. Please don't connect")
        await teams.send({**teams.activity("messageDelete"), "id": source})
        await teams.quiet()
        assert len(teams.teams.messages) == 2
        assert not teams.service.session("teams", HOME, HOME).heard

    play(go, askwell, tmp_path)


def test_a_file_is_never_fetched_and_said_so(askwell: Askwell, tmp_path: Path) -> None:
    """Pictures, files and voice; Teams' own copy of a message as HTML, and what somebody replies to, are none of them."""

    async def go(teams: Stand) -> None:
        teams.known()
        html = {"contentType": "text/html", "content": "<p>hi</p>"}
        picture = {"contentType": "image/png", "contentUrl": "https://evil.example/a.png"}
        await teams.say("", attachments=[html, picture])
        assert words.ATTACHMENT in text_of(card_of(await teams.posted(1)))
        replied = {"contentType": "messageReference", "content": "{}"}
        await teams.say(FRIEND, attachments=[html, replied])
        assert (await teams.posted(2))["summary"].startswith("No.")
        assert all(c.path.startswith("/v3/conversations/") for c in teams.teams.calls)

    play(go, askwell, tmp_path)


def test_whoever_gets_the_app_is_welcomed_once(askwell: Askwell, tmp_path: Path) -> None:
    """In their own chat; in a team or a group it says nothing of itself, and nothing about others who join."""

    async def go(teams: Stand) -> None:
        teams.known()
        us, them = [{"id": BOT}], [{"id": f"29:{BOB}"}]
        await teams.send(teams.activity("conversationUpdate", conversation=THREAD, membersAdded=us))
        await teams.send(teams.activity("conversationUpdate", membersAdded=them))
        await teams.send(teams.activity("installationUpdate", action="add-upgrade"))
        await teams.quiet()
        assert not teams.teams.messages
        await teams.send(teams.activity("conversationUpdate", membersAdded=[*us, *them]))
        await teams.send(teams.activity("installationUpdate", action="add"))
        assert "Asking never reports you" in text_of(card_of(await teams.posted(1)))
        await teams.quiet()
        assert len(teams.teams.messages) == 1

    play(go, askwell, tmp_path)


def test_whoever_takes_the_app_out_is_forgotten(askwell: Askwell, tmp_path: Path) -> None:
    """Account and conversations, their own and those in groups. An upgrade of the app forgets nobody."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(FRIEND)
        await teams.say(FRIEND, conversation=GROUP)
        await teams.posted(2)
        await teams.quiet()
        await teams.send(teams.activity("installationUpdate", action="remove-upgrade"))
        assert teams.service.asker("teams", HOME)
        await teams.send(teams.activity("installationUpdate", action="remove"))
        assert teams.service.asker("teams", HOME) is None
        with teams.service.database.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM conversation").scalar_one() == 0

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "more",
    [
        {"type": "typing"}, {"type": "messageReaction"}, {"type": "event", "name": "x"}, {"type": "endOfConversation"}, {"from": {"id": "28:other"}},
        {"from": {"id": BOT}}, {"from": {}}, {"conversation": {}}, {"recipient": None},
    ],
)  # fmt: skip
def test_what_is_not_for_us_is_acknowledged_and_let_go(askwell: Askwell, tmp_path: Path, more: dict[str, object]) -> None:
    """Reactions, events, other bots, and what names nobody."""

    async def go(teams: Stand) -> None:
        answer = await teams.send({**teams.activity("message", text=FRIEND), **more})
        assert (answer.status_code, answer.content) == (200, b"")
        await teams.quiet()
        assert not teams.teams.messages

    play(go, askwell, tmp_path)


def test_an_invocation_that_nobody_knows_is_answered_with_nothing(askwell: Askwell, tmp_path: Path) -> None:
    """Otherwise Teams shows an error for what is none."""

    async def go(teams: Stand) -> None:
        for name in ("signin/verifyState", "fileConsent/invoke", "config/fetch", "task/fetch", "adaptiveCard/action", "composeExtension/query"):
            assert await teams.invoke(name, {"data": {"kind": "x", "choice": "[]"}, "action": {"verb": "x"}}) == {}

    play(go, askwell, tmp_path)


def test_somebody_unknown_is_asked_who_they_are_by_buttons(askwell: Askwell, tmp_path: Path) -> None:
    """Organisation and role, on one card after the other; then what they asked is answered."""

    async def go(teams: Stand) -> None:
        await teams.say(FRIEND)
        first = await teams.posted(1)
        assert text_of(card_of(first)).startswith(words.WHICH_ORGANISATION) and len(labels(card_of(first))) == 5
        await teams.press(first, "Healthwatch Sefton")
        second = await teams.posted(2)
        await teams.press(second, "Staff")
        assert (await teams.posted(3))["summary"].startswith("No. Please don't connect")

    play(go, askwell, tmp_path)


def test_ask_askwell_about_this_answers_in_the_dialog(askwell: Askwell, tmp_path: Path) -> None:
    """The message is quoted, as plain words; the answer stands where it was asked, and nowhere else."""

    async def go(teams: Stand) -> None:
        teams.known()
        html = "<div><p>Should we <b>accept</b> that friend request from a volunteer?</p><img src='https://evil.example/x.png'></div>"
        value = {"commandId": "ask", "commandContext": "message", "messagePayload": {"body": {"contentType": "html", "content": html}}}
        asked = await teams.invoke("composeExtension/fetchTask", value, conversation=GROUP)
        assert asked["task"]["value"]["title"] == words.ASK_ABOUT
        card = dialog_of(asked)
        assert text_of(card).startswith("Should we accept that friend request from a volunteer? [file]")
        sent = {"commandId": "ask", "data": {**found(card, words.ASK_SEND)["data"], "typed": "May I do that on my own Facebook?"}}
        answer = await teams.invoke("composeExtension/submitAction", sent, conversation=GROUP)
        assert "\nNo.\nPlease don't connect" in text_of(dialog_of(answer))
        await teams.quiet()
        assert not teams.teams.messages
        assert teams.service.session("teams", HOME, HOME).number == 1

    play(go, askwell, tmp_path)


def test_what_could_not_be_committed_is_not_acknowledged(askwell: Askwell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The database fails: 503, and the log says so without a word of the message. Once it is mended the same message is answered."""
    caplog.set_level(logging.DEBUG)

    async def go(teams: Stand) -> None:
        teams.known()
        said = teams.activity("message", text=FRIEND)
        with teams.service.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE event RENAME TO elsewhere")
        assert (await teams.send(said)).status_code == 503
        with teams.service.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO event")
        assert "not taken in" in caplog.text and "volunteers" not in caplog.text
        await teams.send(said)
        assert (await teams.posted(1))["summary"].startswith("No.")

    play(go, askwell, tmp_path)


def test_event_ids_hold_nothing_of_the_person(askwell: Askwell, tmp_path: Path) -> None:
    """They are fingerprints: nobody can be looked up by them elsewhere."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(FRIEND)
        await teams.posted(1)
        await teams.quiet()
        with teams.service.database.read() as connection:
            ids = connection.exec_driver_sql("SELECT channel, id FROM event").all()
            assert {c for c, _ in ids} == {"teams", "teams-sent"} and all(len(i) == 40 and ANN not in i for _, i in ids)
            assert not records.seen(connection, "teams", "1")

    play(go, askwell, tmp_path)
