"""Events of Slack's Events API, read: who wants what. Whatever is not for us comes to nothing. Pure."""

from collections.abc import Mapping
from typing import Any

from adapters.payload import deep, once
from adapters.slack.places import Spot, is_id, spot
from adapters.slack.text import plain
from adapters.slack.wants import Amend, Changed, Home, Prompts, Revoked, Say, Uninstalled, Want
from bot import words
from bot.messages import Edited, Words

Event = Mapping[str, Any]

_SPOKEN = (None, "file_share", "me_message", "thread_broadcast")  # subtypes of messages that a person typed
_SLACK = "USLACKBOT"


def event(body: Event) -> Want | None:
    """One event with its envelope."""
    team = _team(body)
    found: Event = body["event"] if isinstance(body.get("event"), Mapping) else {}
    match found.get("type"):
        case "message" | "app_mention":
            return _message(body, found, team)
        case "app_home_opened":
            return _opened(found, team)
        case "user_change" | "team_join":
            here = spot(team, deep(found, "user", "id"))
            return Changed(here, found["user"]) if here else None
        case "app_uninstalled":
            return Uninstalled(team) if is_id(team) else None
        case "tokens_revoked" if deep(found, "tokens", "bot"):
            return Revoked(team)
        case _:
            return None


def _installed(body: Event) -> object:
    """The installation that an event is for; in a shared channel the person's workspace may be another."""
    found = body.get("authorizations")
    return found[0] if isinstance(found, list) and found else None


def _team(body: Event) -> str:
    return str(deep(_installed(body), "team_id") or body.get("team_id") or "")


def _me(body: Event) -> str:
    """The bot's own id."""
    return str(deep(_installed(body), "user_id") or "") if deep(_installed(body), "is_bot") else ""


def _opened(found: Event, team: str) -> Want | None:
    here = spot(team, found.get("user"), found.get("channel"))
    if here is None:
        return None
    match found.get("tab"):
        case "home":
            return Home(here)
        case "messages":
            return Prompts(here)
        case _:
            return None


def _message(body: Event, found: Event, team: str) -> Want | None:
    match found.get("subtype"):
        case "message_changed" | "message_deleted" as how:
            return _amended(body, found, team, how)
        case subtype if subtype in _SPOKEN and _typed(found, body):
            return _said(body, found, team)
        case _:
            return None


def _typed(message: object, body: Event) -> bool:
    """Whether a person wrote it: no bot, not Slack, not ourselves."""
    user = deep(message, "user")
    return isinstance(user, str) and not deep(message, "bot_id") and user not in (_SLACK, _me(body))


def _written(message: Event, me: str) -> str:
    """The words, and a mark for what was attached: it is never opened, and never fetched."""
    text = plain(str(message.get("text") or ""), me)
    return "\n".join(part for part in (text, words.FILE if message.get("files") else "") if part)


def _spot(found: Event, message: Event, team: str) -> Spot | None:
    """In a channel the thread is the one that the message stands in, or will begin."""
    direct = str(found.get("channel", "")).startswith("D")
    parent = message.get("thread_ts")
    thread = parent or ("" if direct else message.get("ts"))
    return spot(team, message.get("user"), found.get("channel"), thread=str(thread or ""), threaded=bool(parent))


def _said(body: Event, found: Event, team: str) -> Want | None:
    here = _spot(found, found, team)
    if here is None:
        return None
    mentioned = found.get("type") == "app_mention"
    bare = not here.direct and not mentioned
    if bare and not here.threaded:
        return None
    # A mention in a thread comes twice, as a mention and as a message, under two event ids: the message itself is what counts.
    key = once("message", team, here.channel, found.get("ts")) if not here.direct else str(body.get("event_id"))
    act = Words(_written(found, _me(body)) or words.HELLO, str(found.get("ts")))
    return Say(here, here.incoming(key, act), bare=bare)


def _amended(body: Event, found: Event, team: str, how: str) -> Want | None:
    """Whose message it was stands in what it was: where it had replies, a tombstone of Slack's own takes the place of a deleted one."""
    now = found.get("message")
    old = found.get("previous_message") or now
    if not isinstance(old, Mapping) or not _typed(old, body):
        return None
    here = _spot(found, old, team)
    stays = how == "message_changed" and isinstance(now, Mapping) and now.get("subtype") != "tombstone"
    act = Edited(str(old.get("ts")), _written(now, _me(body)) if stays and isinstance(now, Mapping) else "")
    return Amend(here, here.incoming(str(body.get("event_id")), act)) if here else None
