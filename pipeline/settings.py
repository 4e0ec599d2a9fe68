"""Every knob, grouped by stage, each with its sentence.

Read once, from `inkchart.toml` in the data folder and from `INKCHART_GROUP__NAME` variables (which
win), then never written. An unknown key is refused.
"""

import hashlib
import ipaddress
import os
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.errors import UsageError

PREFIX = "INKCHART_"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class InboxSettings(_Group):
    """When a file is taken from the inbox."""

    settle_seconds: float = Field(
        3.0, gt=0, description="A file is taken when it is complete and was unchanged for this long."
    )
    patience_seconds: float = Field(
        600.0, gt=0, description="A file that stays incomplete and unchanged for this long is taken as cut off."
    )
    patience_seconds_once: float = Field(10.0, gt=0, description="The same, for `run --once`.")
    poll_seconds: float = Field(
        2.0, gt=0, description="How often the inbox is looked through, besides being told of changes."
    )
    done_days: int = Field(90, ge=0, description="Files in `done/` older than this are purged; 0 keeps them for ever.")
    max_bytes: int = Field(2_000_000_000, gt=0, description="A larger file is rejected.")


class RenderSettings(_Group):
    """How files become page images."""

    dpi: int = Field(300, ge=72, le=600, description="Resolution at which PDF pages are drawn.")
    max_pixels: int = Field(60_000_000, gt=0, description="A page with more pixels is refused.")
    max_pages: int = Field(2_000, gt=0, description="A file with more pages is refused.")
    page_seconds: float = Field(60.0, gt=0, description="Decoding one page may take this long.")
    memory_mb: int = Field(3_000, ge=256, description="Decoding may use this much address space.")


class CleanupSettings(_Group):
    """How pages are set upright, flat and straight."""

    max_skew_degrees: float = Field(15.0, gt=0, le=30, description="The largest skew that is looked for.")
    blank_ink: float = Field(0.0004, ge=0, le=1, description="A page with a smaller share of ink is blank.")


class ReadingSettings(_Group):
    """How lines are read."""

    threads: int = Field(1, ge=1, description="Threads of each model session.")
    page_seconds: float = Field(120.0, gt=0, description="Tesseract may take this long for one page.")
    unreadable_below: float = Field(0.5, ge=0, le=1, description="A word of lower confidence is marked unreadable.")


class CodingSettings(_Group):
    """How many candidates, and when one is proposed."""

    limit: int = Field(10, ge=1, le=100, description="Candidates kept per entity and code system.")
    propose_from: float = Field(0.5, ge=0, le=1, description="The best candidate is proposed from this score on.")
    setting: Literal["outpatient", "inpatient"] = Field("outpatient", description="Whose coding rules are in force.")


class StoreSettings(_Group):
    """Where results are kept."""

    url: str | None = Field(None, description="Database address; without one, SQLite in the data folder.")


class ReviewSettings(_Group):
    """The coders' web app."""

    host: str = Field("127.0.0.1", description="Address it listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port it listens on; 0 takes any free one.")
    hosts: str | None = Field(None, description="Further names it is reached by, with commas between them.")
    trusted_proxies: str | None = Field(
        None,
        description="Addresses or networks of proxies that are believed whom they pass on and whether by https, "
        "with commas between them.",
    )
    certificate: Path | None = Field(
        None, description="File of the TLS certificate with its chain (PEM); with it and its key, https is served."
    )
    key: Path | None = Field(None, description="File of the certificate's private key (PEM, without a passphrase).")
    user: str | None = Field(
        None, description="Whom the first start makes the admin; the system's user name without it."
    )
    session_hours: float = Field(12.0, gt=0, description="A session ends after this long, whatever is done.")
    idle_minutes: float = Field(15.0, gt=0, description="A session ends when nothing was done for this long.")
    link_minutes: float = Field(30.0, gt=0, description="A sign-in link that was not used is void after this long.")
    filing_days: int = Field(
        365, ge=0, description="Days from the date of service to the filing deadline that the queue shows; 0 for none."
    )
    invitation_hours: float = Field(
        72.0, gt=0, description="The same, for a link that was made on the page of accounts."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str | None) -> str | None:
        # The server would take a misspelt address for the name of a socket and trust nobody, without a word.
        for each in listed(value):
            ipaddress.ip_network(each)
        return value

    @property
    def host_names(self) -> tuple[str, ...]:
        """`hosts`, one by one."""
        return listed(self.hosts)


def listed(value: str | None) -> tuple[str, ...]:
    """What a setting holds with commas between."""
    return tuple(each.strip() for each in (value or "").split(",") if each.strip())


class WorkerSettings(_Group):
    """How charts are worked through."""

    workers: int = Field(1, ge=1, le=64, description="Charts that are read side by side.")
    attempts: int = Field(3, ge=1, description="A chart that took the worker down this often is set aside.")


class Settings(_Group):
    """All settings, with the two folders that everything else is found in."""

    inbox_dir: Path = Field(Path("inbox"), description="The inbox folder (`--inbox`, `INKCHART_INBOX`).")
    data_dir: Path = Field(Path("data"), description="The data folder (`--data`, `INKCHART_DATA`).")
    inbox: InboxSettings = InboxSettings()
    render: RenderSettings = RenderSettings()
    cleanup: CleanupSettings = CleanupSettings()
    reading: ReadingSettings = ReadingSettings()
    coding: CodingSettings = CodingSettings()
    store: StoreSettings = StoreSettings()
    review: ReviewSettings = ReviewSettings()
    worker: WorkerSettings = WorkerSettings()

    def fingerprint(self) -> str:
        """SHA-256 over the settings that can change what is read or proposed."""
        groups = self.model_dump_json(include={"render", "cleanup", "reading", "coding"})
        return hashlib.sha256(groups.encode()).hexdigest()


GROUPS = tuple(name for name, field in Settings.model_fields.items() if isinstance(field.default, _Group))


def load(*, inbox: Path | None = None, data: Path | None = None, environ: dict[str, str] | None = None) -> Settings:
    """Read the settings; a command's options win over variables, variables over the file.

    Raises:
        UsageError: a key is unknown or a value does not fit.
    """
    environ = dict(os.environ) if environ is None else environ
    data = data or Path(environ.get("INKCHART_DATA") or "data")
    inbox = inbox or Path(environ.get("INKCHART_INBOX") or "inbox")
    _apart(inbox, data)
    values = _from_file(data / "inkchart.toml")
    for name, value in environ.items():
        if name.startswith(PREFIX) and name not in {"INKCHART_DATA", "INKCHART_INBOX"}:
            group, separator, key = name.removeprefix(PREFIX).lower().partition("__")
            if not separator or group not in GROUPS:
                raise UsageError(f"{name} is not a setting; README lists them all.")
            values.setdefault(group, {})[key] = value
    try:
        return Settings.model_validate({**values, "inbox_dir": inbox.absolute(), "data_dir": data.absolute()})
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise UsageError(f"The settings do not fit: {problems}. README lists them all.") from error


def _apart(inbox: Path, data: Path) -> None:
    """The worker would take the store for charts if it lay in the inbox."""
    here, there = inbox.resolve(), data.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise UsageError(f"The inbox ({inbox}) and the data folder ({data}) must lie apart, neither within the other.")


def _from_file(path: Path) -> dict[str, dict[str, object]]:
    try:
        if not path.is_file():
            return {}
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{path} cannot be read as TOML: {error}") from error
    for group, keys in values.items():
        if group not in GROUPS or not isinstance(keys, dict):
            raise UsageError(f"{path} has an unknown group [{group}]; the groups are {', '.join(GROUPS)}.")
    return values
