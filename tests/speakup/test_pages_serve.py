"""How the confidential form is started: what it must know first, TLS of its own, and that documents and service file say what is so."""

import re
import shlex
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from e2e.serving import listening
from httpx2 import Client
from typer.testing import CliRunner

from adapters.speakup import draft, form, pace, serve, site, wire
from adapters.terminal.cli import app
from bot import settings as configuration
from bot.knowledge import Knowledge
from bot.settings import PREFIX, Settings, SettingsError
from bot.speakup import opening, slow
from bot.speakup.sealing import public as public_half
from speakup.stand import RUN_BY, stand

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "speaking-up-form.md").read_text(encoding="utf-8")
SERVICE = (ROOT / "deploy" / "askwell-speak-up.service").read_text(encoding="utf-8")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what has to be refused


def settings(**own: object) -> Settings:
    """Settings that will do, but for these."""
    return Settings.model_validate({"speakup_run_by": RUN_BY, "speakup_port": 0, **own})


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256())
    cert_file, key_file = tmp_path / "form.crt", tmp_path / "form.key"
    cert_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key_file.write_bytes(private)
    return cert_file, key_file


@pytest.mark.parametrize(
    ("own", "names"),
    [
        ({"speakup_run_by": " "}, "ASKWELL_SPEAKUP_RUN_BY"), ({"speakup_host": EVERYWHERE}, "ASKWELL_SPEAKUP_TLS_CERT"),
        ({"speakup_host": EVERYWHERE, "speakup_tls_cert": "a.crt"}, "ASKWELL_SPEAKUP_TLS_KEY"),
        ({"speakup_tls_cert": "none.crt", "speakup_tls_key": "none.key"}, "no certificate and its key"), ({"organisation": "atlantis"}, "atlantis"),
    ],
)  # fmt: skip
def test_it_does_not_start_where_something_is_missing(own: dict[str, str], names: str, tmp_path: Path) -> None:
    """And says what to set."""
    with pytest.raises(SettingsError, match=re.escape(names)):
        serve.server(settings(data=tmp_path, **own))


def test_it_ends_tls_itself(tmp_path: Path, knowledge: Knowledge, certificate: tuple[Path, Path]) -> None:
    """With its own certificate; it names neither itself nor the time."""
    cert, key = map(str, certificate)
    secure = settings(speakup_tls_cert=cert, speakup_tls_key=key)
    with listening(serve.config(stand(tmp_path, knowledge).site, secure)) as address:
        with Client(verify=ssl.create_default_context(cafile=cert)) as client:
            response = client.get(f"https://localhost:{address.rpartition(':')[2]}/")
        assert response.status_code == 200 and "Speak up" in response.text
        assert not {"server", "date"} & set(response.headers)
    assert serve.address(secure).startswith("https://")


def test_the_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one message, without a traceback."""
    monkeypatch.setenv("ASKWELL_SPEAKUP_RUN_BY", "")
    done = CliRunner().invoke(app, ["speak-up"])
    assert done.exit_code == 2 and "ASKWELL_SPEAKUP_RUN_BY is empty" in done.output


def test_the_recovery_key_that_is_printed_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its public half, with a name; and its private half opens what is sealed to that."""
    done = CliRunner().invoke(app, ["speak-up", "recovery"])
    assert done.exit_code == 0, done.output
    public = re.search(r"ASKWELL_SPEAKUP_RECOVERY_KEY='([^']+)'", done.output)
    assert public
    found = opening.setup(settings(speakup_recovery_key=public[1], speakup_recovery_holder="Jo Fox, solicitor")).recovery
    private = next(opening.uncoded(line) for line in done.output.splitlines() if re.fullmatch(r"[A-Z2-7-]{60,}", line.strip()))
    assert found and public_half(private) == found.key


@pytest.mark.parametrize("text", [GUIDE, SERVICE], ids=["guide", "service"])
def test_every_variable_is_a_setting(text: str) -> None:
    """No name that nobody reads."""
    names = {PREFIX + name.upper() for name in Settings.model_fields} | {configuration.ENV}
    found = set(re.findall(r"ASKWELL_[A-Z_]+", text))
    assert found and found <= names


def test_the_service_starts_what_there_is() -> None:
    """The command exists, and runs as nobody with rights."""
    (line,) = re.findall(r"^ExecStart=\S+/askwell (.+)$", SERVICE, re.MULTILINE)
    assert shlex.split(line) == ["speak-up"] and "speak-up" in typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group has them
    for wanted in ("User=askwell", "LimitCORE=0", "MemorySwapMax=0", "ProtectSystem=strict", "NoNewPrivileges=yes"):
        assert f"\n{wanted}\n" in SERVICE


def test_the_limits_in_the_guide_are_those_of_the_program() -> None:
    """Each number."""
    said = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", GUIDE, re.MULTILINE))
    assert said["connections at once"].startswith(f"{wire.MOST};") and said["a connection"].startswith(f"{wire.LIFE:.0f} seconds")
    assert said["head of a request"] == f"{wire.MOST_HEADERS // 1024} KiB" and said["a form"] == f"{form.MOST_BYTES // 1024} KiB"
    assert f"Every page is {site.SIZE // 1024} KiB long" in GUIDE and draft.LIFE == 2 * 3600
    assert (pace.BURST, pace.EACH, slow._WAITING) == (10, 120.0, 8)
