"""The app's manifest: what Slack is asked for, and nothing more. docs/slack.md says why of each scope."""

from typing import Any

from adapters.slack import views
from adapters.slack.http import PATH
from bot import words

SCOPES = {
    "app_mentions:read": "to answer where somebody mentions it in a channel",
    "assistant:write": "to suggest questions above the field where people write",
    "channels:history": "to go on in a thread without a new mention, and to look whether a message arrived before sending it again",
    "chat:write": "to answer",
    "commands": "for /askwell and “Ask about this message”",
    "dnd:read": "to ask the next person where somebody is not to be disturbed",
    "groups:history": "the same in private channels that it was invited to",
    "im:history": "to read what people write to it, and notice when they edit or delete it",
    "im:write": "to answer in private what was asked in a channel and is sensitive",
    "users:read": "to tell full members from guests, and to forget who leaves",
    "users:read.email": "to find a person in the directory by their confirmed address",
}
EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "message.channels", "message.groups", "message.im", "team_join", "tokens_revoked",
    "user_change",
)  # fmt: skip


def manifest(public_url: str, *, socket: bool) -> dict[str, Any]:
    """The manifest as Slack takes it. Without Socket Mode Slack calls `public_url`."""
    address = {} if socket else {"request_url": public_url.rstrip("/") + PATH}
    command = {"command": "/askwell", "description": "Ask what the policy says. Only you see the answer.", "usage_hint": "your question"}
    prompts = [{"title": text, "message": text} for text in words.SUGGESTED]
    return {
        "display_information": {"name": views.NAME, "description": words.MANIFEST_SHORT},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": views.NAME.lower(), "always_online": True},
            "agent_view": {"agent_description": words.MANIFEST_SHORT, "suggested_prompts": prompts},
            "shortcuts": [{"name": words.ASK_ABOUT, "type": "message", "callback_id": views.ASK, "description": words.MANIFEST_SHORTCUT}],
            "slash_commands": [{**command, **({} if socket else {"url": address["request_url"]})}],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }
