"""Every setting of a deployment, read from the environment and checked; and what every room needs to know.

A setting is a field of `Settings`: its variable, type, bounds and default. deploy/settings.yml says in both languages
what each is for; .env.example and the table in docs/exploitation.md are made from the two (`make settings`).
"""

from __future__ import annotations

import difflib
import functools
import os
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple
from urllib.parse import urlsplit

import yaml
from pydantic import BaseSettings, Field, ValidationError, root_validator, validator
from pydantic.fields import ModelField

LANGUAGES = ("fr", "en")
ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one reads in a seventh of the time

LONGEST_RETENTION = 3650  # days
SHORTEST_SECRET = 32  # characters
OLDEST_GRAPH = 25  # Meta retires a Graph version about two years after the next one
PREFIX = "CACIMA_"
# Read by scripts/, deploy/compose.yaml and the tests, and left to them here.
ELSEWHERE = ("BACKUPS", "ENV", "HOME", "NO_SKIPS", "PATIENCE", "POSTGRES_PASSWORD", "READY", "RESTART", "UNITS", "USER")
_MESSENGER = "CACIMA_MESSENGER_"
MAIL_ADDRESS = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"


class BadSettings(Exception):
    """The environment cannot be used as it is; the text says what to mend, in one line and without a secret."""


def _setting(name: str, default: Any, must: str = "", secret: bool = False, **bounds: Any) -> Any:
    """A field read from the variable `name`. `must`: what is said of a value that is refused, after "must".

    The value refused is quoted, unless the setting is `secret`.
    """
    return Field(default, env=name, must=must, secret=secret, **bounds)


def _whole(name: str, default: int, least: int, most: int = 1_000_000_000) -> Any:
    bounds = f"from {least} to {most}" if most < 1_000_000_000 else f"from {least}"
    return _setting(name, default, f"be a whole number {bounds}", ge=least, le=most)


class Settings(BaseSettings):
    """What the environment says, or the defaults. Secrets are not in its `repr`."""

    port: int = _setting("PORT", 5005, "be a number from 1 to 65535", ge=1, le=65535)
    host: str = _setting("CACIMA_HOST", "127.0.0.1")
    data: Path = _setting("CACIMA_DATA", ROOT / "var")
    model: Path = _setting("CACIMA_MODEL", ROOT / "models" / "cacima.tar.gz")
    database_url: Optional[str] = _setting(
        "CACIMA_DATABASE_URL", None, "look like postgresql://user:password@host:5432/database", secret=True
    )
    redis_url: Optional[str] = _setting(
        "CACIMA_REDIS_URL", None, "look like redis://:password@host:6379/0", secret=True
    )
    secret: Optional[str] = _setting(
        "CACIMA_SECRET", None, f"have at least {SHORTEST_SECRET} characters", secret=True, min_length=SHORTEST_SECRET
    )
    secret_previous: Optional[str] = _setting(
        "CACIMA_SECRET_PREVIOUS",
        None,
        f"have at least {SHORTEST_SECRET} characters",
        secret=True,
        min_length=SHORTEST_SECRET,
    )
    public_url: Optional[str] = _setting(
        "CACIMA_PUBLIC_URL",
        None,
        "be an address such as https://assistant.example.org",
        regex=r"^https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/-]*)?\Z",
    )
    proxies: int = _whole("CACIMA_PROXIES", 0, 0)
    connections: int = _whole("CACIMA_CONNECTIONS", 1000, 1, 100_000)
    connections_per_address: int = _whole("CACIMA_CONNECTIONS_PER_ADDRESS", 100, 1, 100_000)
    rest: str = _setting("CACIMA_REST", "off", "be local or off", regex=r"^(local|off)\Z")
    rest_token: Optional[str] = _setting(
        "CACIMA_REST_TOKEN",
        None,
        f"have at least {SHORTEST_SECRET} characters",
        secret=True,
        min_length=SHORTEST_SECRET,
    )
    session_turns: int = _whole("CACIMA_SESSION_TURNS", 10, 1, 1000)  # docs/decisions/0012 has the measurements
    # A season of questions to learn from; docs/rgpd.md says why.
    retention_days: int = _whole("CACIMA_RETENTION_DAYS", 90, 1, LONGEST_RETENTION)
    metrics_port: Optional[int] = _setting("CACIMA_METRICS_PORT", None, "be a number from 1 to 65535", ge=1, le=65535)
    metrics_host: str = _setting("CACIMA_METRICS_HOST", "127.0.0.1")
    website_origins: str = _setting("CACIMA_WEBSITE_ORIGINS", "", "hold origins such as https://www.example.org")
    website_per_token: int = _whole("CACIMA_WEBSITE_PER_TOKEN", 20, 1)
    website_per_address: int = _whole("CACIMA_WEBSITE_PER_ADDRESS", 120, 1)
    messenger_app_secret: Optional[str] = _setting(_MESSENGER + "APP_SECRET", None, secret=True)
    messenger_page_token: Optional[str] = _setting(_MESSENGER + "PAGE_TOKEN", None, secret=True)
    messenger_verify_token: Optional[str] = _setting(_MESSENGER + "VERIFY_TOKEN", None, secret=True)
    messenger_graph_url: str = _setting(
        _MESSENGER + "GRAPH_URL",
        "https://graph.facebook.com",
        "be an https address, as the page token travels there",
    )
    messenger_graph_version: str = _setting(
        _MESSENGER + "GRAPH_VERSION", f"v{OLDEST_GRAPH}.0", f"be v{OLDEST_GRAPH}.0 or later"
    )
    messenger_pause_minutes: float = _setting(_MESSENGER + "PAUSE_MINUTES", 30.0, "be a number of minutes")
    # Longer than Graph's slow spells: giving up on an answer that is coming means saying the same thing twice.
    messenger_timeout: float = _setting(_MESSENGER + "TIMEOUT", 45.0, "be a number of seconds")
    smtp_url: Optional[str] = _setting(
        "CACIMA_SMTP_URL",
        None,
        "look like smtps://user:password@mail.example.org:465 or smtp://mail.example.org:587",
        secret=True,
    )
    desk_mail: Optional[str] = _setting(
        "CACIMA_DESK_MAIL", None, "be an e-mail address such as contact@example.org", regex=rf"^{MAIL_ADDRESS}\Z"
    )
    requests_days: int = _whole("CACIMA_REQUESTS_DAYS", 90, 1, LONGEST_RETENTION)  # as conversations: docs/rgpd.md
    stock_rasa: bool = _setting("CACIMA_STOCK_RASA", False)

    class Config:
        frozen = True
        validate_all = False

        @classmethod
        def customise_sources(cls, init_settings: Any, env_settings: Any, file_secret_settings: Any) -> Tuple[Any, ...]:
            return (init_settings,)  # `read_settings` gives the environment: it may be another than this process's

    def __repr_args__(self) -> List[Tuple[Optional[str], Any]]:
        secrets = {name for name, field in self.__fields__.items() if field.field_info.extra["secret"]}
        return [(name, value) for name, value in super().__repr_args__() if name not in secrets]

    @validator("*", pre=True)
    def _plain_digits(cls, value: Any, field: ModelField) -> Any:
        """int() and float() take more than people mean: signs, underscores, exponents, digits of other scripts."""
        if isinstance(value, str) and issubclass(field.type_, (int, float)) and field.type_ is not bool:
            form = r"[0-9]{1,9}" if issubclass(field.type_, int) else r"[0-9]{1,6}(\.[0-9]{1,3})?"
            if not re.fullmatch(form, value):
                raise ValueError("no plain number")
        return value

    @validator("database_url")
    def _database(cls, value: str) -> str:
        from sqlalchemy.engine.url import make_url
        from sqlalchemy.exc import ArgumentError

        value = re.sub("^postgres://", "postgresql://", value)
        try:
            url = make_url(value)
            url.port  # noqa: B018 – a port that is no number raises here
        except ArgumentError as error:
            raise ValueError("no address of a database") from error
        if url.drivername not in ("postgresql", "postgresql+psycopg2", "sqlite") or not url.database:
            raise ValueError("no database that can be used")
        return value

    @validator("redis_url")
    def _redis(cls, value: str) -> str:
        parts = urlsplit(value)
        right = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname) and parts.port != 0
        number = parts.path.strip("/")
        right = right and (parts.scheme == "unix" or not number or number.isdigit())
        if not right or parts.scheme not in ("redis", "rediss", "unix"):
            raise ValueError("no address of Redis")
        return value

    @validator("public_url", "messenger_graph_url", pre=True)
    def _without_final_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @validator("rest", pre=True)
    def _lower(cls, value: str) -> str:
        return value.lower()

    @validator("website_origins")
    def _origins(cls, value: str) -> str:
        origins = value.replace(",", " ").split()
        if not all(re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin) for origin in origins):
            raise ValueError("no origins")
        return " ".join(origins)

    @validator("messenger_graph_url")
    def _graph_url(cls, value: str) -> str:
        parts = urlsplit(value)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if not parts.hostname or parts.query or not (parts.scheme == "https" or (local and parts.scheme == "http")):
            raise ValueError("no https address")
        return value

    @validator("smtp_url")
    def _smtp(cls, value: str) -> str:
        parts = urlsplit(value)
        parts.port  # noqa: B018 – a port that is no number raises here
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("no address of a mail server")
        return value

    @root_validator(skip_on_failure=True)
    def _mail_whole(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        if bool(values["smtp_url"]) != bool(values["desk_mail"]):
            raise ValueError("CACIMA_SMTP_URL and CACIMA_DESK_MAIL go together: set both, or neither.")
        return values

    @validator("messenger_graph_version")
    def _graph_version(cls, value: str) -> str:
        match = re.fullmatch(r"v(\d{1,3})\.\d{1,2}", value)
        if match is None or int(match[1]) < OLDEST_GRAPH:
            raise ValueError("no version in use")
        return value

    @validator("stock_rasa", pre=True)
    def _anything_but_0(cls, value: Any) -> bool:
        return value not in ("0", False)

    @root_validator(skip_on_failure=True)
    def _messenger_whole(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        fields = {name: values[f"messenger_{name.lower()}"] for name in ("APP_SECRET", "PAGE_TOKEN", "VERIFY_TOKEN")}
        missing = [_MESSENGER + name for name, value in fields.items() if not value]
        if missing and len(missing) < len(fields):
            raise ValueError(f"Messenger is half configured: set {' and '.join(missing)} too, or none of them.")
        if any(not value.isascii() or re.search(r"\s", value) for value in fields.values() if value):
            raise ValueError(f"{_MESSENGER}* secrets hold plain characters only, without spaces: one was pasted wrong.")
        return values


@functools.cache
def variables() -> Dict[str, ModelField]:
    """Each variable of the environment that is read, in order, and its field."""
    return {field.field_info.extra["env"]: field for field in Settings.__fields__.values()}


def unknown_names(environment: Mapping[str, str]) -> List[str]:
    """A line for each CACIMA_… that nothing reads: most often a setting misspelt, which then does not hold."""
    known = [*variables(), *(PREFIX + name for name in ELSEWHERE)]
    lines = []
    for name in sorted(name for name in environment if name.startswith(PREFIX) and name not in known):
        near = difflib.get_close_matches(name, variables(), 1, 0.8)
        lines.append(f"{name} is no setting and changes nothing" + (f": is {near[0]} meant?" if near else "."))
    return lines


def read_settings(environment: Optional[Mapping[str, str]] = None) -> Settings:
    """The settings of an environment, by default this process's; a blank variable counts as not set.

    Raises BadSettings, which names the first variable that is wrong.
    """
    given = os.environ if environment is None else environment
    return _checked(tuple((name, given[name].strip()) for name in variables() if given.get(name, "").strip()))


@functools.lru_cache(maxsize=16)
def _checked(given: Tuple[Tuple[str, str], ...]) -> Settings:
    values = dict(given)
    fields: Dict[str, Any] = {variables()[name].name: value for name, value in given}
    try:
        return Settings(**fields)
    except ValidationError as error:
        raise BadSettings(_told(error, values)) from None


def _told(error: ValidationError, given: Dict[str, str]) -> str:
    first = error.errors()[0]
    if first["loc"] == ("__root__",):
        return str(first["msg"])
    field = Settings.__fields__[str(first["loc"][0])]
    name, extra = field.field_info.extra["env"], field.field_info.extra
    quoted = "" if extra["secret"] else f", not “{given[name][:80]}”"
    return f"{name} must {extra['must']}{quoted}."


def data_folder() -> Path:
    """Where conversations and keys are kept: CACIMA_DATA, or var/."""
    return read_settings().data.resolve()


def model_path() -> Path:
    """The model served: CACIMA_MODEL, or the one `make train` makes."""
    return read_settings().model.resolve()
