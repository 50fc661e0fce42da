"""The tables. Organisation is part of every key but where it is not yet known: events and accounts come before it.

Times are seconds since 1970 by the database's clock. docs/data-inventory.yaml says of each column why it is kept, and how long.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKeyConstraint, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()
_Number = BigInteger().with_variant(Integer, "sqlite")

event = Table(
    "event", metadata,
    Column("channel", String(16), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("at", Float, nullable=False),
)  # fmt: skip

account = Table(
    "account", metadata,
    Column("channel", String(16), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("organisation", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("email", String(255)),
    Column("at", Float, nullable=False),
)  # fmt: skip

address = Table(
    "address", metadata,
    Column("channel", String(16), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("place", Text, nullable=False),
    Column("at", Float, nullable=False),
    ForeignKeyConstraint(["channel", "id"], ["account.channel", "account.id"], ondelete="CASCADE"),
)  # fmt: skip

person = Table(
    "person", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("email", String(255), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("manager", String(255)),
    Column("joined", String(10)),
    Column("channels", String(255), nullable=False),
    Column("cover", String(255), nullable=False),
    Column("leave", Text, nullable=False),
    Column("duties", Text, nullable=False),
)  # fmt: skip

conversation = Table(
    "conversation", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("session", LargeBinary, nullable=False),
    Column("touched", Float, nullable=False),
    Index("conversation_touched", "touched"),
)  # fmt: skip

transcript = Table(
    "transcript", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("conversation", String(255), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("said", LargeBinary, nullable=False),
    Column("reply", LargeBinary),
    ForeignKeyConstraint(["organisation", "conversation"], ["conversation.organisation", "conversation.id"], ondelete="CASCADE"),
)  # fmt: skip

outbox = Table(
    "outbox", metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("organisation", String(64), nullable=False),
    Column("conversation", String(255), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("body", Text),
    Column("status", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Float, nullable=False),
    Column("leased_until", Float, nullable=False),
    Column("lease", String(64)),
    Column("doubtful", Boolean, nullable=False),
    Index("outbox_status_due", "status", "due"),
    Index("outbox_conversation", "organisation", "conversation", "status"),
)  # fmt: skip

audit = Table(
    "audit", metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("organisation", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Column("act", String(32), nullable=False),
    Column("reference", String(64), nullable=False),
)  # fmt: skip

case = Table(
    "case", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("reference", String(16), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    Column("due", Float),
    Column("day", String(10), nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("content", LargeBinary),
    Column("hold", Boolean, nullable=False),
    Column("ended", Float),
    Index("case_due", "status", "due"),
)  # fmt: skip

entry = Table(
    "entry", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("reference", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    ForeignKeyConstraint(["organisation", "reference"], ["case.organisation", "case.reference"], ondelete="CASCADE"),
)  # fmt: skip

case_audit = Table(
    "case_audit", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("act", String(32), nullable=False),
    Column("reference", String(16), nullable=False),
    Column("who", String(255), nullable=False),
    Column("hash", LargeBinary, nullable=False),
)  # fmt: skip

gap = Table(
    "gap", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("topic", String(64)),
    Column("question", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("month", String(7), nullable=False),
)  # fmt: skip

judgement = Table(
    "judgement", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("topic", String(64), primary_key=True),
    Column("verdict", String(16), primary_key=True),
    Column("right", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
)  # fmt: skip

invite = Table(
    "invite", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("token", String(64), primary_key=True),
    Column("email", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("expires", Float, nullable=False),
    Column("used", Float),
    Column("revoked", Float),
)  # fmt: skip

visit = Table(
    "visit", metadata,
    Column("organisation", String(64), primary_key=True),
    Column("token", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("email", String(255)),
    Column("expires", Float, nullable=False),
)  # fmt: skip

beat = Table(
    "beat", metadata,
    Column("name", String(32), primary_key=True),
    Column("at", Float, nullable=False),
)  # fmt: skip
