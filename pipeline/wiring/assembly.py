"""The stages of the pipeline and what they are made of."""

from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__, codebooks
from pipeline.cleanup.clean import Cleaner
from pipeline.codebooks import CodeBooks, Imported, edits, practice
from pipeline.coding import Suggester
from pipeline.entities import EncounterFinder, EntityFinder, load_packaged
from pipeline.errors import UsageError
from pipeline.layout.detector import TextDetector
from pipeline.layout.finder import LineFinder
from pipeline.layout.kind import KindClassifier
from pipeline.lexicon import Term, load_lexicon
from pipeline.onnx import Model, ModelFile, read_manifest
from pipeline.process import InkStages, Stages, TextReader, TextStages
from pipeline.reading.confidence import load_curves
from pipeline.reading.language import load_language
from pipeline.reading.reader import Reader
from pipeline.reading.recognizer import Recognizer
from pipeline.reading.tesseract import Tesseract
from pipeline.records import Part, Provenance
from pipeline.render import Renderer
from pipeline.render.separator import is_separator
from pipeline.settings import Settings
from pipeline.wiring.folders import prepare, work_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The stages that look at pixels, and what they are made of."""

    stages: InkStages
    reader: Reader
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The stages that look at text, and what they are made of."""

    stages: TextStages
    suggester: Suggester
    parts: tuple[Part, ...]


def stages(settings: Settings) -> Stages:
    """The whole pipeline; called once in each reading process.

    Raises:
        SetupError: a program, model or table is missing.
    """
    ink, text = ink_stages(settings), text_stages(settings)
    provenance = Provenance(
        version=__version__, settings=settings.fingerprint(), parts=tuple(dict.fromkeys((*ink.parts, *text.parts)))
    )
    return Stages(ink=ink.stages, text=text.stages, provenance=provenance)


def ink_stages(settings: Settings) -> Ink:
    """The stages that look at pixels.

    Raises:
        SetupError: a program or model is missing.
    """
    manifest = read_manifest()
    tesseract = Tesseract(work=work_folder(settings), seconds=settings.reading.page_seconds)
    detector = TextDetector(_model(manifest["detector"], settings))
    recognizer = Recognizer(_model(manifest["handwriting"], settings))
    kind = KindClassifier(manifest["kind"].checked(), _model(manifest["kind_network"], settings))
    reader = Reader(
        settings.reading,
        recognizer=recognizer,
        language=load_language(manifest["language"].checked(), manifest["language_weights"].checked()),
        tesseract=tesseract,
        curves=load_curves(manifest["confidence"].checked()),
        kind_of=kind,
    )
    return Ink(
        stages=InkStages(
            render=Renderer(settings.render, work_folder(settings)),
            is_separator=is_separator,
            clean=Cleaner(settings.cleanup, find_text=detector, sureness=recognizer.sureness),
            find_layout=LineFinder(detector, kind),
            read=reader,
        ),
        reader=reader,
        parts=(*(entry.part() for key, entry in manifest.items() if key != "entities"), tesseract.part()),
    )


def _model(entry: ModelFile, settings: Settings) -> Model:
    return Model(entry.path, threads=settings.reading.threads, sha256=entry.sha256)


def text_stages(settings: Settings, loaded: CodeBooks | None = None) -> Text:
    """The stages that look at text.

    Args:
        settings: of the product.
        loaded: the code books, where they are at hand.

    Raises:
        SetupError: a table is missing or does not fit.
    """
    lexicon, loaded = load_lexicon(), loaded or books(settings)
    extra = (Term(text=text, label=label, normalized=normalized) for text, label, normalized in loaded.terms())
    suggester = Suggester(loaded, settings.coding, edits.load_edits(settings.data_dir))
    language = read_manifest()["entities"]
    return Text(
        stages=TextStages(
            find_entities=EntityFinder(lexicon, load_packaged(language.checked()), extra),
            find_encounters=EncounterFinder(lexicon),
            suggest_codes=suggester,
        ),
        suggester=suggester,
        parts=(
            Part(name="lexicon", edition=__version__, sha256=lexicon.fingerprint),
            read_manifest()["language"].part(),
            language.part(),
            *suggester.parts(),
            *own_parts(settings),
        ),
    )


def text_reader(settings: Settings, loaded: CodeBooks) -> TextReader:
    """What understands pages anew that were read before.

    Raises:
        SetupError: a table is missing or does not fit.
    """
    text = text_stages(settings, loaded)
    return TextReader(
        stages=text.stages,
        provenance=Provenance(version=__version__, settings=settings.fingerprint(), parts=text.parts),
    )


def books(settings: Settings) -> CodeBooks:
    """The code books of this machine.

    Raises:
        SetupError: a table is missing, or the data folder cannot be written to.
    """
    prepare(settings)
    return codebooks.load_books(settings.data_dir / "cache", data_dir=settings.data_dir)


def own_parts(settings: Settings) -> tuple[Part, ...]:
    """What was brought beside code books: edits of CMS and the practice's own list.

    Raises:
        SetupError: a file of them was changed into something else.
    """
    own = practice.part(settings.data_dir)
    return (*edits.load_edits(settings.data_dir).parts(), *(() if own is None else (own,)))


def import_own(settings: Settings, file: Path) -> str | None:
    """Take in edits of CMS (NCCI, MUE) or the practice's own list; a sentence of what it held, None if it is neither.

    Raises:
        UsageError: it is one, but a row does not fit, or it cannot be read.
    """
    prepare(settings)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}.") from error
    told = edits.take(file.name, content, settings.data_dir)
    if told is not None:
        return told
    services = practice.read_practice(file.name, content)
    if services is None:
        return None
    services = practice.known(file.name, services, books(settings).codes())
    practice.keep(services, settings.data_dir)
    fees = sum(service.fee is not None for service in services)
    return f"The practice's own list is in use from now on; names: {len(services):,}, fees: {fees:,}."


def import_book(settings: Settings, file: Path, *, licensed: bool) -> Imported:
    """Take in a code book file.

    Raises:
        UsageError: the file is not one that is known, or asks for a licence that the user does not claim.
    """
    prepare(settings)
    return codebooks.import_file(file, settings.data_dir, licensed=licensed)
