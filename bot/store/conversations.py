"""The store of conversations: what was answered is kept, once and in order, or the turn fails and says so."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Iterable, Optional, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import ConnectionException, RasaException
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import SQLAlchemyError

from bot.store import schema
from bot.store.engine import ANSWERS_WITHIN, THREADS, make_engine
from bot.store.outage import Outage
from bot.store.rows import Rows, Survey
from bot.store.settings import database_url

LONGEST_SENDER = 255  # characters
PAUSES = (0.1, 0.3, 0.6, 1.0)  # seconds before trying a call again
LANGUAGES_KEPT = 20_000

_Result = TypeVar("_Result")


class StoreUnavailable(ConnectionException):
    """The database does not answer, or cannot write. Nothing was kept, unless a commit under way comes through yet."""


class BadSender(RasaException):
    """No database can hold a conversation of this name."""


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store (same `events` table), never blocking the event loop, never falling back to memory.

    For endpoints.yml: `type: bot.store.conversations.ConversationStore`. The database is CACIMA_DATABASE_URL, else the
    SQLite file `db`. Raises StoreUnavailable at once where the database cannot be reached or written.
    """

    type = "conversations"  # what Rasa's telemetry asks of any endpoint

    def __init__(
        self,
        domain: Optional[Domain] = None,
        host: Optional[str] = None,
        db: str = "var/conversations.db",
        event_broker: Optional[EventBroker] = None,
        url: Optional[URL] = None,
        **_: Any,
    ) -> None:
        TrackerStore.__init__(self, domain, event_broker)  # not SQLTrackerStore's: it waits for ever for a database
        if url is None:  # Rasa reads endpoints.yml: `rasa run`, `rasa shell`
            from bot.runtime import adaptations

            adaptations.apply_to_stock()
            url = database_url(os.environ, Path(db).parent)
            if url.get_backend_name() == "sqlite" and not os.environ.get("CACIMA_DATABASE_URL"):
                url = url.set(database=str(db))
        self.engine = make_engine(url)
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
        self._rows = Rows(self.engine)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        self._reading = Outage("The database")
        self._writing = Outage("Writing to the database")  # a full disk can still be read
        self._languages: OrderedDict[str, str] = OrderedDict()
        try:
            schema.create(self.engine)
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"The database cannot be used: {_reason(error)}") from None
        encoding = schema.encoding(self.engine)
        if not encoding.startswith("UTF"):
            raise StoreUnavailable(f"The database is encoded in {encoding}: create it with ENCODING 'UTF8'.")

    # -- Rasa's interface --------------------------------------------------------------------------------------------

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation's current session; None before anything was said. Raises StoreUnavailable, BadSender."""
        return await self._tracker(sender_id, whole=False)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """All its sessions. Raises as `retrieve`."""
        return await self._tracker(conversation_id, whole=True)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes the events not yet stored, all or none. Raises StoreUnavailable, Conflict, Repeated, BadSender."""
        _check(tracker.sender_id)
        await self.stream_events(tracker)
        version = uuid.uuid4().hex  # the same in every try: one that went through unnoticed is recognised
        until = time.monotonic() + ANSWERS_WITHIN
        stored = await self._call(lambda: self._rows.write(tracker, version, until), self._writing)
        tracker.stored = stored
        self._remember(tracker)

    async def keys(self) -> Iterable[str]:
        return await self._call(self._rows.senders)

    # -- beyond Rasa's -----------------------------------------------------------------------------------------------

    async def delete(self, sender_id: str) -> int:
        """Erases all that is kept of a conversation; returns how many events there were. Raises StoreUnavailable.

        Take the conversation's lock first: a turn under way fails, its save being refused.
        """
        self._languages.pop(sender_id, None)
        return await self._call(lambda: self._rows.erase(sender_id), self._writing)

    async def holds_message(self, sender_id: str, message_id: str) -> bool:
        """Whether a person's message was kept, in whatever session. Raises StoreUnavailable."""
        return await self._call(lambda: self._rows.holds_message(sender_id, message_id))

    async def is_erased(self, sender_id: str) -> bool:
        """Whether the conversation was deleted within the retention. Raises StoreUnavailable."""
        return await self._call(lambda: self._rows.is_erased(sender_id))

    async def survey(self, older_than: float) -> Survey:
        """What `purge` would erase. Raises StoreUnavailable."""
        before = time.time() - older_than
        return await self._unhurried(lambda: self._rows.survey(before))

    async def purge(self, older_than: float) -> int:
        """Erases what was said more than `older_than` seconds ago; returns how many events. Raises StoreUnavailable."""
        before = time.time() - older_than
        return await self._unhurried(lambda: self._rows.purge(before))

    async def _unhurried(self, work: Callable[[], _Result]) -> _Result:
        """Not through `_call`: what has piled up may take longer than a turn may, and nobody waits for it."""
        try:
            return await asyncio.get_running_loop().run_in_executor(None, work)
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"The database does not answer: {_reason(error)}") from None

    async def ping(self) -> None:
        """Raises StoreUnavailable where the database cannot be read or, if the last call failed, written."""
        await self._call(self._rows.ping)
        if self._writing.is_on:
            await self._call(self._rows.ping_writing, self._writing)

    @property
    def is_down(self) -> bool:
        """Whether the last call failed."""
        return self._reading.is_on or self._writing.is_on

    def spoken(self, sender_id: str) -> Optional[str]:
        """The language a conversation spoke last, from memory: for apologies while the database does not answer."""
        return self._languages.get(sender_id)

    def close(self) -> None:
        """Waits for calls under way."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()

    # -- around a call -----------------------------------------------------------------------------------------------

    async def _tracker(self, sender_id: str, whole: bool) -> Optional[DialogueStateTracker]:
        _check(sender_id)
        tracker = await self._call(lambda: self._rows.read(sender_id, whole, self.domain))
        if tracker is not None:
            self._remember(tracker)
        return tracker

    async def _call(self, work: Callable[[], _Result], outage: Optional[Outage] = None) -> _Result:
        """Runs in a thread; tried again within ANSWERS_WITHIN, unless the database is known to be down."""
        outage = outage or self._reading
        loop = asyncio.get_running_loop()
        ends = loop.time() + ANSWERS_WITHIN
        pauses = iter(() if outage.is_on else PAUSES)
        while True:
            try:
                left = max(0.1, ends - loop.time())
                result = await asyncio.wait_for(loop.run_in_executor(self._threads, work), left)
            except (SQLAlchemyError, asyncio.TimeoutError) as error:
                pause = next(pauses, None)
                if pause is None or loop.time() + pause >= ends:
                    outage.begin(getattr(error, "orig", None) or error)
                    raise StoreUnavailable("The database does not answer.") from None
                await asyncio.sleep(pause)
            else:
                outage.end()
                return result

    def _remember(self, tracker: DialogueStateTracker) -> None:
        if "language" in tracker.slots and (tracker.get_slot("language_basis") or "none") != "none":
            self._languages[tracker.sender_id] = str(tracker.get_slot("language"))
            self._languages.move_to_end(tracker.sender_id)
            if len(self._languages) > LANGUAGES_KEPT:
                self._languages.popitem(last=False)


def unwrapped(store: TrackerStore) -> ConversationStore:
    """The store itself, where Rasa has wrapped it. Raises NotImplementedError for stores of another kind."""
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    if not isinstance(store, ConversationStore):
        raise NotImplementedError(type(store).__name__)
    return store


async def holds_message(store: TrackerStore, sender_id: str, message_id: str) -> bool:
    """As ConversationStore's; stores of another kind are not asked. Raises StoreUnavailable."""
    try:
        return await unwrapped(store).holds_message(sender_id, message_id)
    except NotImplementedError:
        return False


async def is_erased(store: TrackerStore, sender_id: str) -> bool:
    """As ConversationStore's; stores of another kind remember no erasures. Raises StoreUnavailable."""
    try:
        return await unwrapped(store).is_erased(sender_id)
    except NotImplementedError:
        return False


def _check(sender_id: str) -> None:
    """Raises BadSender: PostgreSQL can store neither NUL nor more characters than the column has."""
    if not sender_id or len(sender_id) > LONGEST_SENDER or "\x00" in sender_id:
        raise BadSender("A conversation's name has 1 to 255 characters, none of them NUL.")
    try:
        sender_id.encode("utf-8")
    except UnicodeEncodeError:
        raise BadSender("A conversation's name must be valid Unicode.") from None


def _reason(error: SQLAlchemyError) -> str:
    """The first line of what the driver says: neither statements nor passwords are in it."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]
