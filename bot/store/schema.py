"""The tables, for SQLite and PostgreSQL alike: portable types only, times in epoch microseconds, bodies as ASCII JSON.

`settled = 0` marks what still waits (events, sends, appointments); the partial indexes hold only those rows, so the
hot queries cost the same with a thousand rows of history as with a hundred million. Migrations repeat this file.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = BigInteger().with_variant(Integer(), "sqlite")  # INTEGER makes it SQLite's row number: no second index
Moment = BigInteger
OPEN = "settled = 0"  # a literal in index and query: with a bound value no engine would use the partial index
NEW = "status = 'new'"
DEAD = "error <> ''"


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=False)


def _of_member() -> Column[int]:
    return Column("member_id", BigInteger, ForeignKey("member.id"), nullable=False)


def _bucket() -> Column[int]:
    return Column("bucket", SmallInteger, nullable=False)


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


member = Table(
    "member",
    metadata,
    _id(),
    _bucket(),
    Column("status", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("lock", Text, nullable=False),  # '' or the disposition that forbids messages
    Column("revision", BigInteger, nullable=False),
    Column("document", LargeBinary),
    Column("document_version", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    _partial("ix_member_unconsented", "seen", where=NEW),
)

address = Table(
    "address",
    metadata,
    _id(),
    _of_member(),
    _bucket(),
    Column("key", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("preferred", Boolean, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    Index(None, "member_id"),
    Index(None, "channel", "account", "room"),
    Index(None, "person"),  # a tap in a group is a person's, whatever their private room
)

journal = Table(
    "journal",
    metadata,
    _id(),
    _of_member(),
    _bucket(),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("local_date", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "member_id", "id"),
)

appointment = Table(
    "appointment",
    metadata,
    _id(),
    _of_member(),
    _bucket(),
    Column("kind", Text, nullable=False),
    Column("local_date", Text, nullable=False),
    Column("due", Moment, nullable=False),
    Column("nature", Text, nullable=False),
    Column("settled", Moment, nullable=False),
    Column("wall", Text, nullable=False, server_default=""),  # local time of day; '' for a span of time
    UniqueConstraint("member_id", "kind", "local_date"),
    _partial("ix_appointment_waiting", "due", where=OPEN),
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    _bucket(),  # the member's for internal events, else a hash of the address: the member is not known yet
    Column("channel", Text, nullable=False),  # '' for internal events
    Column("account", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address_key", Text),
    Column("private", Boolean, nullable=False),
    Column("member_id", BigInteger),  # internal and clock events only; no foreign key: an erasure may come between
    Column("body", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Column("received", Moment, nullable=False),
    Column("available_at", Moment, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("settled", Moment, nullable=False),
    Column("error", Text, nullable=False),  # an error class once it is set aside
    UniqueConstraint("channel", "account", "source"),
    _partial("ix_inbox_waiting", "id", where=OPEN),
    _partial("ix_inbox_dead", "id", where=DEAD),
    Index(None, "address_key"),
    _partial("ix_inbox_member_id", "member_id", where="member_id IS NOT NULL"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _bucket(),
    Column("member_id", BigInteger),  # null: a group's post, or the goodbye after an erasure
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("replaces", BigInteger),
    Column("only_edit", Boolean, nullable=False),
    Column("repeat", Boolean, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("farewell", Boolean, nullable=False),  # the goodbye after an erasure: the row goes as soon as it is settled
    Column("body", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),  # see rows.State
    Column("attempts", SmallInteger, nullable=False),
    Column("created", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("settled", Moment, nullable=False),
    Column("remote", Text),  # the platform's id of the message, also passed on along a chain of edits
    Column("reason", Text, nullable=False),
    _partial("ix_outbox_waiting", "channel", "account", "priority", "id", where=OPEN),
    _partial("ix_outbox_address_waiting", "address_key", "id", where=OPEN),
    _partial("ix_outbox_expiring", "expires", where=OPEN),
    _partial("ix_outbox_member_id", "member_id", where="member_id IS NOT NULL"),
)

media = Table(
    "media",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("remote", Text, nullable=False),
    Column("created", Moment, nullable=False),
)

cursor = Table(
    "cursor",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Moment, nullable=False),
)

forgotten = Table(
    "forgotten",
    metadata,
    Column(
        "hash", Text, primary_key=True
    ),  # of an erased address, of the source of an event that came from it, or of a
    # day that somebody had counted in a round they left
    Column("until", Moment, nullable=False),
)

link = Table(
    "link",
    metadata,
    _id(),
    _of_member(),  # whose code it is
    Column("address_key", Text, nullable=False),  # where it was made
    Column("code_hash", Text, nullable=False, unique=True),
    Column("other_id", BigInteger, nullable=False),  # the member who gave it; 0 until then
    Column("other_key", Text, nullable=False),
    Column("agreed", Boolean, nullable=False),  # the side that gave it has confirmed
    Column("keep", Text, nullable=False),  # whose history stays: own, other, or '' where there is one at most
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Index(None, "member_id"),
    Index(None, "other_id"),
)

link_try = Table(
    "link_try",
    metadata,
    _id(),
    Column("who", Text, nullable=False),  # a hash of the address that tried a code
    Column("at", Moment, nullable=False),
)

challenge = Table(
    "challenge",
    metadata,
    _id(),
    Column("starter", BigInteger, nullable=False),  # a member; 0 once they have left: the round goes on without
    Column("code", Text, nullable=False, unique=True),  # to take part
    Column("room_code", Text, nullable=False, unique=True),  # to bring it into a group, where all can read it
    Column("name", Text, nullable=False),  # one of the names we offer, by id, or the starter's own words
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("begins", Text, nullable=False),  # ISO date
    Column("weeks", SmallInteger, nullable=False),
    Column("goal", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("settled", Moment, nullable=False),  # when it ended, early or in time
    Index(None, "starter"),
)

hosted = Table(
    "hosted",
    metadata,
    Column("challenge_id", BigInteger, ForeignKey("challenge.id"), primary_key=True, autoincrement=False),
    Column("person", Text, nullable=False),  # channel, account and platform id of a guest who started the round
    Index(None, "person"),
)

challenge_room = Table(
    "challenge_room",
    metadata,
    _id(),
    Column("challenge_id", BigInteger, ForeignKey("challenge.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("card", BigInteger, nullable=False),  # the outbox row of the card as it stands, 0 before the first
    Column("week", SmallInteger, nullable=False),  # the week of that card
    Column("shown", Moment, nullable=False),  # when the card was last written
    Column("due", Moment, nullable=False),  # when to look at it again
    Column("settled", Moment, nullable=False),
    Index(None, "channel", "account", "room"),
    Index(None, "challenge_id"),
    _partial("ix_challenge_room_due", "due", where=OPEN),
)

private_card = Table(
    "private_card",
    metadata,
    Column("room_id", BigInteger, ForeignKey("challenge_room.id"), primary_key=True, autoincrement=False),
    Column("person", Text, nullable=False),  # whose card this is: channel, account and platform id
    Index(None, "person"),
)

participant = Table(
    "participant",
    metadata,
    _id(),
    Column("challenge_id", BigInteger, ForeignKey("challenge.id"), nullable=False),
    Column("person", Text, nullable=False),  # channel, account and platform id: a guest has nothing else
    Column("member_id", BigInteger, nullable=False),  # 0: a guest
    Column("name", Text, nullable=False),  # '' unless the person chose to be shown
    Column("shares", Boolean, nullable=False),  # a finished private session counts by itself
    Column("joined", Moment, nullable=False),
    UniqueConstraint("challenge_id", "person"),
    Index(None, "member_id"),
    Index(None, "person"),
)

spoken_in = Table(
    "spoken_in",
    metadata,
    Column("room_id", BigInteger, ForeignKey("challenge_room.id"), primary_key=True, autoincrement=False),
    Column("language", Text, nullable=False),  # of whoever brought the round there, or of a guest; else the round's
)

met_in = Table(
    "met_in",
    metadata,
    Column("participant_id", BigInteger, ForeignKey("participant.id"), primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False),  # channel, account and group in which this person last tapped
)

spared = Table(
    "spared",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("until", Text, nullable=False),  # the last ISO day on which their rounds write them nothing
)

told = Table(
    "told",
    metadata,
    # A round whose sums are told: enough people have moved, and it stays so.
    Column("challenge_id", BigInteger, ForeignKey("challenge.id"), primary_key=True, autoincrement=False),
)

carried = Table(
    "carried",
    metadata,
    Column("challenge_id", BigInteger, ForeignKey("challenge.id"), primary_key=True, autoincrement=False),
    Column("week", SmallInteger, primary_key=True, autoincrement=False),  # one that is over, counted from 1
    Column("days", Integer, nullable=False),  # made up for, once and for good: nothing later changes it
)

gone_day = Table(
    "gone_day",
    metadata,
    Column("challenge_id", BigInteger, ForeignKey("challenge.id"), primary_key=True, autoincrement=False),
    Column("day", Text, primary_key=True),  # ISO date
    Column("people", Integer, nullable=False),  # so many who have left since moved on it; of whom nothing else is known
)

active_day = Table(
    "active_day",
    metadata,
    Column("participant_id", BigInteger, ForeignKey("participant.id"), primary_key=True),
    Column("day", Text, primary_key=True),  # ISO date
    Column("challenge_id", BigInteger, nullable=False),
    Index(None, "challenge_id", "day"),
)

reaction = Table(
    "reaction",
    metadata,
    Column("event", Text, primary_key=True),  # of a reaction that tapped a card: its taking back tells only this id
    Column("participant_id", BigInteger, ForeignKey("participant.id"), nullable=False),
    Column("back", Text, nullable=False),  # the data of the tap that taking it back is
    Index(None, "participant_id"),
)
