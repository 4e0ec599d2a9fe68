"""The coders' web app. Imported only when it is served: its framework takes long to load."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.types import ASGIApp

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import load_edits
from pipeline.codebooks.modifiers import load_modifiers
from pipeline.codebooks.pages import CodePage, page_of
from pipeline.coding.check import CodeCheck, Standing
from pipeline.entities.visits.encounters import years_between
from pipeline.errors import InkchartError
from pipeline.inbox.originals import Originals
from pipeline.process import TextReader
from pipeline.records import Code, CodeSystem, CodeWarning, Encounter, Patient, Reading
from pipeline.render import Renderer
from pipeline.render.preview import LONGEST, save_picture
from pipeline.review import build_app
from pipeline.review.desk import Check
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import CodeVerdict
from pipeline.wiring.assembly import books, text_reader
from pipeline.wiring.claims import claim_desk
from pipeline.wiring.evidence import packet_maker
from pipeline.wiring.folders import work_folder
from pipeline.wiring.machine import open_store


def review_app(settings: Settings) -> ASGIApp:
    """The coders' web app."""
    opened, loaded = open_store(settings), books(settings)
    claims = claim_desk(settings, opened, loaded)
    return build_app(
        store=opened,
        codebooks=DeskBooks(books=loaded, known_modifiers=load_modifiers(settings.data_dir)),
        claims=claims,
        packet=packet_maker(settings, opened, claims),
        text=_in_background(lambda: text_reader(settings, loaded)),
        picture=_pictures(settings, opened),
        settings=settings.review,
        inbox=settings.inbox_dir,
        check=_check(settings, loaded),
    )


def _check(settings: Settings, loaded: CodeBooks) -> Check:
    """What to look at in the codes that stand, with the finding that each was accepted for."""
    check = CodeCheck(loaded, settings.coding, load_edits(settings.data_dir))

    def judge(
        day: date | None,
        patient: Patient | None,
        codes: tuple[CodeVerdict, ...],
        reading: Reading,
        encounter: Encounter,
    ) -> tuple[CodeWarning, ...]:
        ink = {anchors_of(entity.spans): entity for entity in reading.entities}
        standing = tuple(
            Standing(
                system=code.system,
                code=code.code,
                units=code.units,
                modifiers=code.modifiers,
                entity=ink.get(code.anchors) if code.anchors else None,
            )
            for code in codes
        )
        born = None if patient is None else patient.birth_date
        said = encounter.age.value if encounter.age is not None and encounter.age.value.isdigit() else None
        age = years_between(born, day) if born and day else None if said is None else int(said)
        sex = encounter.sex.value if encounter.sex is not None else None
        return check(standing, on=day, age=age, sex=sex if patient is None else patient.sex)

    return judge


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBooks:
    """The code books as the desk asks for them."""

    books: CodeBooks
    known_modifiers: Mapping[str, str]

    def get(self, system: CodeSystem, code: str, on: date | None = None) -> Code | None:
        """A code as it was on a day."""
        return self.books.get(system, code, on)

    def search(
        self, text: str, *, system: CodeSystem | None = None, on: date | None = None, limit: int = 20
    ) -> Sequence[Code]:
        """Codes by their beginning or by words."""
        return self.books.search(text, system=system, on=on, limit=limit)

    def page(self, system: CodeSystem, code: str, on: date | None = None) -> CodePage | None:
        """A code's place in the tabular list."""
        return page_of(self.books, system, code, on, maps=False)

    def edition(self, system: CodeSystem, on: date | None = None) -> str | None:
        """Name and edition of the book that answers for a day."""
        book = self.books.book_for(system, on)
        return None if book is None else f"{book.name}, {book.edition}"

    def modifiers(self) -> Mapping[str, str]:
        """The known modifiers."""
        return self.known_modifiers


def _in_background(load: Callable[[], TextReader]) -> Callable[[], TextReader]:
    """Start loading beside the first requests; whoever needs it waits for it.

    A thread that the program does not wait for when it ends: loading takes seconds.
    """
    loaded: Future[TextReader] = Future()

    def run() -> None:
        try:
            loaded.set_result(load())
        except InkchartError as error:
            loaded.set_exception(error)

    threading.Thread(target=run, name="text stages", daemon=True).start()
    return loaded.result


def _pictures(settings: Settings, opened: Store) -> Callable[[str, int], Path]:
    """Page pictures, drawn from the originals when first asked for and kept in the cache."""
    render, originals = Renderer(settings.render, work_folder(settings)), Originals(settings.data_dir)
    lock = threading.Lock()

    def picture(document: str, number: int) -> Path:
        folder = settings.data_dir / "cache" / "pages" / settings.fingerprint()[:12]
        path = folder / f"{document}-{number}-{LONGEST}.jpg"
        if path.is_file():
            return path
        known = opened.arrivals.document(document)
        if known is None:
            raise KeyError(document)
        with lock:  # one decoder at a time: a coder's screen asks for many pages at once
            if not path.is_file():
                try:
                    image = render.page(originals.path(known.sha256), number)
                except (InkchartError, ValueError) as error:
                    raise KeyError(document) from error
                save_picture(image, path)
        return path

    return picture
