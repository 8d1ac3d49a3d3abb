"""Who may log in at the desk, and who is logged in. Everything here blocks; methods raise what SQLAlchemy raises.

`python -m bot.desk.accounts NAME` makes an account, or gives it a new password; with `--delete`, takes it away.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import os
import re
import secrets
import sys
import time
from typing import Any, List, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.desk.passwords import drawn, hashed, matches, nobodys
from bot.desk.tables import accounts, log, sessions

LASTS, IDLE = 8 * 3600.0, 3600.0  # seconds a session is good for, in all and unused
LOGGED = 365 * 86400.0  # seconds the log is kept
SEEN_EVERY = 60.0  # seconds between two notes that a session is in use
NAME = re.compile(r"[A-Za-zÀ-ÿ][\w.@ -]{1,63}")
_LONGEST_WHAT = 255


@dataclasses.dataclass(frozen=True)
class Session:
    """Someone logged in. `csrf` must come with every form."""

    account: str
    csrf: str
    mark: str


@dataclasses.dataclass(frozen=True)
class Entry:
    """A line of the log."""

    at: float
    account: str
    action: str
    what: str


class Accounts:
    def __init__(self, engine: Engine, key: bytes) -> None:
        """`key` signs the cookies."""
        self._engine = engine
        self._key = hmac.new(key, b"desk session", hashlib.sha256).digest()

    def any(self) -> bool:
        """Whether the desk is open at all."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(accounts.c.name).limit(1)).first() is not None

    def set_password(self, name: str, password: str) -> None:
        """Makes the account where there is none; whoever was logged in with it no longer is."""
        with self._engine.begin() as connection:
            connection.execute(sessions.delete().where(sessions.c.account == name))
            connection.execute(accounts.delete().where(accounts.c.name == name))
            connection.execute(accounts.insert(), {"name": name, "password": hashed(password), "created": time.time()})

    def delete(self, name: str) -> bool:
        with self._engine.begin() as connection:
            connection.execute(sessions.delete().where(sessions.c.account == name))
            return bool(connection.execute(accounts.delete().where(accounts.c.name == name)).rowcount)

    def knows(self, name: str, password: str) -> bool:
        """Takes as long whether or not there is such an account."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(accounts.c.password).where(accounts.c.name == name)).first()
        return matches(password, str(row.password) if row else nobodys()) and row is not None

    def begin(self, name: str) -> str:
        """Logs someone in; the cookie's value."""
        token, now = secrets.token_urlsafe(32), time.time()
        row = {"mark": _mark(token), "account": name, "csrf": secrets.token_urlsafe(24), "begun": now, "seen": now}
        with self._engine.begin() as connection:
            old = sa.or_(sessions.c.begun < now - LASTS, sessions.c.seen < now - IDLE)
            connection.execute(sessions.delete().where(old))
            connection.execute(sessions.insert(), row)
        return f"{token}.{self._signature(token)}"

    def session(self, cookie: str) -> Optional[Session]:
        """Who a cookie stands for; None where it is forged, expired, or was logged out."""
        token, _, signature = cookie.rpartition(".")
        if not token or not hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(token).encode()):
            return None
        now, mark = time.time(), _mark(token)
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(sessions).where(sessions.c.mark == mark)).first()
        if row is None or row.begun < now - LASTS or row.seen < now - IDLE:
            return None
        if row.seen < now - SEEN_EVERY:
            with self._engine.begin() as connection:
                connection.execute(sessions.update().where(sessions.c.mark == mark).values(seen=now))
        return Session(str(row.account), str(row.csrf), mark)

    def end(self, session: Session) -> None:
        """Logs out: the cookie is good for nothing any more, whoever has a copy."""
        with self._engine.begin() as connection:
            connection.execute(sessions.delete().where(sessions.c.mark == session.mark))

    def note(self, account: str, action: str, what: str = "") -> None:
        """A line of the log."""
        row = {"at": time.time(), "account": account[:64], "action": action, "what": what[:_LONGEST_WHAT]}
        with self._engine.begin() as connection:
            connection.execute(log.insert(), row)

    def log(self, most: int = 50) -> List[Entry]:
        """Newest first."""
        with self._engine.connect() as connection:
            rows: Any = connection.execute(sa.select(log).order_by(log.c.id.desc()).limit(most))
            return [Entry(row.at, row.account, row.action, row.what) for row in rows]

    def purge_log(self) -> None:
        """What was done more than LOGGED ago is nobody's affair any more."""
        with self._engine.begin() as connection:
            connection.execute(log.delete().where(log.c.at < time.time() - LOGGED))

    def _signature(self, token: str) -> str:
        return hmac.new(self._key, token.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def main(arguments: List[str]) -> None:
    """Ends with status 1 and one line where nothing could be done."""
    from bot.desk.database import engine
    from bot.settings import data_folder
    from bot.store.keys import secret

    delete = "--delete" in arguments
    names = [each.strip() for each in arguments if each != "--delete" and each.strip()]
    if len(names) != 1 or not NAME.fullmatch(names[0]):
        sys.exit("usage: make desk-account WHO=<name of 2 to 64 letters> [DELETE=yes]")
    os.umask(0o077)
    try:
        kept = Accounts(engine(), secret(data_folder()))
        if delete:
            gone = kept.delete(names[0])
            sys.exit(None if gone else f"There is no account {names[0]}.")
        password = drawn()
        kept.set_password(names[0], password)
        kept.note("make", "account", names[0])
    except sa.exc.SQLAlchemyError as error:
        sys.exit(f"Nothing was done: {type(error).__name__}. Is the database there, and CACIMA_DATA right?")
    print(f"{names[0]} may log in at /bureau with this password, shown once:\n\n    {password}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
