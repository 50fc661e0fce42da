"""The app's package: what Teams is asked for, and nothing more, with the icons. docs/teams.md says what to do with it."""

import io
import json
import zipfile
from typing import Any
from urllib.parse import urlsplit

from adapters.teams import activities, icons
from adapters.teams.answers import NAME
from bot import words

VERSION = "1.19"  # of Microsoft's schema
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
APP_VERSION = "1.0.0"
SCOPES = ("personal", "team", "groupChat")
MANIFEST, COLOUR, OUTLINE = "manifest.json", "color.png", "outline.png"
FIXED = (1980, 1, 1, 0, 0, 0)  # the time in the zip, so that the same package is the same file


def manifest(app_id: str, public_url: str) -> dict[str, Any]:
    """The manifest as Teams takes it, for the bot of this Microsoft App ID. `public_url` is where people reach the page, by https."""
    page = public_url.rstrip("/")
    commands = [{"title": title, "description": says} for title, says in words.COMMANDS]
    action = {
        "id": activities.ASK, "type": "action", "title": words.ASK_ABOUT_TEAMS, "description": words.MANIFEST_SHORTCUT, "context": ["message"],
        "fetchTask": True,
    }  # fmt: skip
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": APP_VERSION,
        "id": app_id,
        "developer": {"name": NAME, "websiteUrl": page, "privacyUrl": f"{page}/privacy", "termsOfUseUrl": page},
        "name": {"short": NAME, "full": NAME},
        "description": {"short": words.MANIFEST_TEAMS, "full": words.MANIFEST_FULL},
        "icons": {"color": COLOUR, "outline": OUTLINE},
        "accentColor": icons.ACCENT,
        "bots": [{
            "botId": app_id, "scopes": list(SCOPES), "isNotificationOnly": False, "supportsFiles": False,
            "commandLists": [{"scopes": list(SCOPES), "commands": commands}],
        }],
        "composeExtensions": [{"botId": app_id, "commands": [action]}],
        "validDomains": [str(urlsplit(page).hostname)],
        "defaultInstallScope": "personal",
    }  # fmt: skip


def package(app_id: str, public_url: str) -> bytes:
    """The zip that is uploaded to Teams."""
    made = io.BytesIO()
    text = json.dumps(manifest(app_id, public_url), indent=2, ensure_ascii=False)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ((MANIFEST, text.encode()), (COLOUR, icons.colour()), (OUTLINE, icons.outline())):
            archive.writestr(zipfile.ZipInfo(name, FIXED), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
