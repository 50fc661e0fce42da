"""A small mail server on loopback, with STARTTLS, a sign-in and a mailbox, to which real mail is really sent."""

import asyncio
import base64
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


def certificate(folder: Path) -> Path:
    """A certificate for this machine, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST)), x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "certificate.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@dataclass
class Mailbox:
    """What arrived, and how. `user` and `password`: who may send; `starttls`: whether it is offered; `wrapped`: TLS from the start."""

    path: Path
    user: str = "askwell"
    password: str = "open sesame"  # noqa: S105 - of this mailbox only
    starttls: bool = True
    wrapped: bool = False
    refuses: bool = False
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __enter__(self) -> "Mailbox":
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,))
        self._thread.start()
        started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self, started: threading.Event) -> None:
        self._loop.run_until_complete(self._serve(started))
        self._loop.close()

    async def _serve(self, started: threading.Event) -> None:
        self._stop = asyncio.Event()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self.path)
        server = await asyncio.start_server(self._talk, HOST, self.port, ssl=self._tls if self.wrapped else None)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            await self._stop.wait()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One sender."""

        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        try:
            await say("220 here")
            signed_in, secure = False, self.wrapped
            while line := (await reader.readline()).decode().strip():
                verb = line.split()[0].upper()
                if verb == "EHLO":
                    await say("250-here")
                    await say("250-AUTH PLAIN" if secure or not self.starttls else "250-STARTTLS")
                    await say("250 8BITMIME")
                elif verb == "STARTTLS":
                    await say("220 go on")
                    await writer.start_tls(self._tls)
                    secure = True
                elif verb == "AUTH":
                    signed_in = base64.b64decode(line.split()[2]) == f"\0{self.user}\0{self.password}".encode()
                    await say("235 welcome" if signed_in else "535 no")
                elif verb == "RCPT" and (self.refuses or not signed_in):
                    await say("550 no such user" if self.refuses else "530 who are you?")
                elif verb == "DATA":
                    await say("354 go on")
                    raw = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")
                    self.mails.append(message_from_bytes(raw, policy=policy.default))
                    self.secure.append(secure)
                    await say("250 taken")
                elif verb == "QUIT":
                    await say("221 bye")
                    break
                else:
                    await say("250 fine")
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()
