"""Accounts: who there is, what each may do, and the hash of its password."""

import json
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction
from pipeline.store.rows import Account, Role, User


class Users:
    """The accounts."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def add(self, name: str, roles: frozenset[Role], batches: frozenset[str] | None = None) -> User | None:
        """A new account without a password; None where the name is taken, in whatever case."""
        try:
            with transaction(self._engine) as connection:
                return insert_user(connection, name, roles, batches, self._clock())
        except IntegrityError:
            return None

    def named(self, name: str) -> User | None:
        """The account of a name, without regard to case; also where it is disabled."""
        with snapshot(self._engine) as connection:
            row = connection.execute(select(tables.user).where(tables.user.c.name_key == name_key(name))).first()
        return None if row is None else user_of(row)

    def get(self, id: str) -> Account | None:
        """An account; None where there is none with this id."""
        return next((account for account in self._accounts(id)), None)

    def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        return self._accounts(None)

    def batches(self) -> tuple[str, ...]:
        """Every batch that ever held a chart."""
        column = tables.document.c.batch
        with snapshot(self._engine) as connection:
            return tuple(connection.execute(select(column).distinct().order_by(column)).scalars())

    def password(self, name: str) -> tuple[User, str] | None:
        """An account that may sign in, with the hash of its password; None for any other name."""
        table = tables.user
        with snapshot(self._engine) as connection:
            row = connection.execute(
                select(table).where(
                    table.c.name_key == name_key(name), table.c.disabled_at.is_(None), table.c.password.is_not(None)
                )
            ).first()
        return None if row is None else (user_of(row), row.password)

    def set_password(self, id: str, hashed: str) -> None:
        """Put a new hash in the place of the old one."""
        with transaction(self._engine) as connection:
            connection.execute(update(tables.user).where(tables.user.c.id == id).values(password=hashed))

    def has_admin(self) -> bool:
        """Whether anybody can sign in and keep the accounts."""
        with snapshot(self._engine) as connection:
            return bool(_admins(connection))

    def change(self, id: str, roles: frozenset[Role], batches: frozenset[str] | None) -> bool:
        """Give an account other rights, at once; False where nobody would be left to keep the accounts."""
        with transaction(self._engine) as connection:
            if Role.ADMIN not in roles and _admins(connection) == {id}:
                return False
            connection.execute(
                update(tables.user)
                .where(tables.user.c.id == id)
                .values(roles=_roles_text(roles), batches=_batches_text(batches))
            )
        return True

    def disable(self, id: str) -> bool:
        """Let an account sign in no more and end its sessions; False where it is the last that keeps the accounts."""
        with transaction(self._engine) as connection:
            if _admins(connection) == {id}:
                return False
            now = self._clock()
            connection.execute(update(tables.user).where(tables.user.c.id == id).values(disabled_at=now))
            end_sessions(connection, id, now)
        return True

    def enable(self, id: str) -> None:
        """Let it sign in again."""
        with transaction(self._engine) as connection:
            connection.execute(update(tables.user).where(tables.user.c.id == id).values(disabled_at=None))

    def _accounts(self, id: str | None) -> tuple[Account, ...]:
        user, session, code = tables.user, tables.session, tables.recovery_code
        seen = select(func.max(session.c.seen_at)).where(session.c.user == user.c.id).scalar_subquery()
        left = (
            select(func.count())
            .select_from(code)
            .where(code.c.user == user.c.id, code.c.used_at.is_(None))
            .scalar_subquery()
        )
        found = select(user, seen.label("seen_at"), left.label("codes_left")).order_by(user.c.name_key)
        with snapshot(self._engine) as connection:
            rows = connection.execute(found if id is None else found.where(user.c.id == id)).all()
        return tuple(
            Account(
                user=user_of(row),
                created_at=row.created_at,
                disabled_at=row.disabled_at,
                has_password=row.password is not None,
                has_second_step=row.totp_since is not None,
                codes_left=row.codes_left,
                seen_at=row.seen_at,
            )
            for row in rows
        )


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def insert_user(
    connection: Connection, name: str, roles: frozenset[Role], batches: frozenset[str] | None, now: datetime
) -> User:
    """Insert an account and tell it.

    Raises:
        IntegrityError: the name is taken.
    """
    user = User(id=secrets.token_urlsafe(12), name=" ".join(name.split()), roles=roles, batches=batches)
    connection.execute(
        insert(tables.user).values(
            id=user.id,
            name=user.name,
            name_key=name_key(name),
            roles=_roles_text(roles),
            batches=_batches_text(batches),
            created_at=now,
        )
    )
    return user


def end_sessions(connection: Connection, user: str, now: datetime) -> None:
    """End what an account has open: sessions, links and half-done sign-ins."""
    session, link = tables.session, tables.sign_in
    connection.execute(update(session).where(session.c.user == user, session.c.ended_at.is_(None)).values(ended_at=now))
    connection.execute(update(link).where(link.c.user == user, link.c.used_at.is_(None)).values(used_at=now))


def user_of(row: Row[tuple[object, ...]]) -> User:
    """A row of the table as a record."""
    return User(
        id=row.id,
        name=row.name,
        roles=frozenset(Role(role) for role in json.loads(row.roles)),
        batches=None if row.batches is None else frozenset(json.loads(row.batches)),
    )


def _admins(connection: Connection) -> set[str]:
    """Accounts that can sign in and keep the accounts; PostgreSQL holds them until the transaction ends."""
    table = tables.user
    rows = connection.execute(
        select(table.c.id, table.c.roles)
        .where(table.c.disabled_at.is_(None), table.c.password.is_not(None))
        .with_for_update()
    )
    return {row.id for row in rows if Role.ADMIN in json.loads(row.roles)}


def _roles_text(roles: frozenset[Role]) -> str:
    return json.dumps(sorted(roles))


def _batches_text(batches: frozenset[str] | None) -> str | None:
    return None if batches is None else json.dumps(sorted(batches))
