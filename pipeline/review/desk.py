"""What every screen works with: the store, the code books, the pictures and the templates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Protocol, TypeAlias

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import DictLoader, Environment, StrictUndefined

from pipeline.claims.office import Office
from pipeline.claims.office_rows import Row
from pipeline.claims.preparing import Prepared
from pipeline.codebooks.pages import CodePage
from pipeline.export.evidence import Packet, PacketFindings
from pipeline.records import Code, CodeSystem, CodeWarning, Encounter, Patient, Reading
from pipeline.review.access.form_tokens import with_tokens
from pipeline.review.chart.understanding import Seen
from pipeline.review.rights import home_of, places
from pipeline.settings import ReviewSettings
from pipeline.store import Store
from pipeline.store.review_state import CodeVerdict, Review
from pipeline.store.rows import ProposedEncounter, Session, User

Check: TypeAlias = Callable[
    [date | None, Patient | None, tuple[CodeVerdict, ...], Reading, Encounter], tuple[CodeWarning, ...]
]
"""What to look at in the codes that stand: date of service and patient as far as they are confirmed or read, the
accepted codes, and what they were read from."""


class CodeSearch(Protocol):
    """What the review needs of the code books."""

    def get(self, system: CodeSystem, code: str, on: date | None = None) -> Code | None:
        """A code as it was on a day, or None where no loaded book has it."""
        ...

    def search(
        self, text: str, *, system: CodeSystem | None = None, on: date | None = None, limit: int = 20
    ) -> Sequence[Code]:
        """Codes that begin with the text or whose description holds its words."""
        ...

    def page(self, system: CodeSystem, code: str, on: date | None = None) -> CodePage | None:
        """A code's place in the tabular list; None where no loaded book has it."""
        ...

    def edition(self, system: CodeSystem, on: date | None = None) -> str | None:
        """Name of the book that answers for a day; None where the system has none."""
        ...

    def modifiers(self) -> Mapping[str, str]:
        """The known modifiers of services, with what they say."""
        ...


PacketMaker: TypeAlias = Callable[[str, str | None], tuple[Packet, PacketFindings]]
"""The evidence packet of an encounter's claim, asked for by an account; ExportError where there can be none."""


class Claims(Protocol):
    """What the review needs of claims."""

    def prepared(self, encounter: str) -> Prepared | None:
        """The claim of an encounter; None where it has none."""
        ...

    def release(self, encounter: str, *, who: str, seen: str) -> None:
        """Release the claim that was seen; DecisionRefusedError where something stands against it."""
        ...

    def rows(self) -> Mapping[str, tuple[Row, ...]]:
        """What the office knows, by kind."""
        ...

    def office(self) -> Office:
        """The same as records."""
        ...


def no_warnings(
    day: date | None, patient: Patient | None, codes: tuple[CodeVerdict, ...], reading: Reading, encounter: Encounter
) -> tuple[CodeWarning, ...]:
    """The check of a desk that was given none."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The parts that the screens share."""

    store: Store
    codebooks: CodeSearch
    claims: Claims
    packet: PacketMaker
    picture: Callable[[str, int], Path]
    """The picture of a page as rendered, by document id and page number; KeyError where there is none."""
    settings: ReviewSettings
    inbox: Path | None
    reading: Callable[[str, int], Reading | None]
    """A reading by document id and number, from a small memory: readings never change."""
    understood: Callable[[ProposedEncounter, Review, int], Seen]
    """An encounter as a coder sees it, with the corrections of a review; the number is its latest decision's id."""
    templates: Environment
    clock: Callable[[], datetime]
    audit: Callable[[str, str | None, str | None], None]
    """Told what happens at the door: its kind, the name of who did it (None: nobody known), the account that it is
    about."""
    check: Check = no_warnings

    def screen(
        self, request: Request, template: str, context: Mapping[str, object], *, status: int = 200
    ) -> HTMLResponse:
        """A template as an answer; every one of them may name who is signed in, and its forms carry their token."""
        user, session = user_of(request), session_of(request)
        token: str = getattr(request.state, "form_token", "")
        known = {
            "user": user,
            "request_id": getattr(request.state, "id", ""),
            "csrf": token,
            "places": places(user, request.url.path),
            "home": "/" if user is None else home_of(user),
            "seconds_left": 0 if session is None else int((session.idle_until - self.clock()).total_seconds()),
        }
        html = self.templates.get_template(template).render({**known, **context})
        return HTMLResponse(with_tokens(html, token), status_code=status)


def coder(request: Request) -> str | None:
    """The name of who is signed in, as the guard found out: decisions carry it."""
    user = user_of(request)
    return None if user is None else user.name


def user_of(request: Request) -> User | None:
    """Who is signed in, as the guard found out."""
    user: User | None = getattr(request.state, "user", None)
    return user


def batches_of(request: Request) -> frozenset[str] | None:
    """The batches that whoever is signed in may see; None for all, none of them for nobody."""
    user = user_of(request)
    return frozenset() if user is None else user.batches


def session_of(request: Request) -> Session | None:
    """The session of who is signed in, as the guard found out."""
    session: Session | None = getattr(request.state, "session", None)
    return session


def load_templates(static: str) -> Environment:
    """The templates of the package, escaping everything; a name that a screen forgot is an error.

    Args:
        static: where styles and scripts are served, without a slash at the end.
    """
    folder = files("pipeline.review") / "templates"
    sources: dict[str, str] = {}
    for entry in folder.iterdir():
        if entry.is_file():
            sources[entry.name] = entry.read_text(encoding="utf-8")
            continue
        sources |= {f"{entry.name}/{part.name}": part.read_text(encoding="utf-8") for part in entry.iterdir()}
    environment = Environment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["static"] = static
    environment.filters["day"] = _day
    environment.filters["moment"] = _moment
    return environment


def _day(value: date | str) -> str:
    """A day that nobody can read as another one: `Mar 2, 2014`."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day:%b} {day.day}, {day.year}"


def _moment(value: datetime) -> str:
    return f"{_day(value.date())}, {value:%H:%M} UTC"
