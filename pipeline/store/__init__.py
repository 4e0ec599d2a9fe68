"""The store: what was seen, what was read and what people decided."""

from dataclasses import dataclass

from pipeline.settings import Settings
from pipeline.store.arrivals import Arrivals
from pipeline.store.attempts import Attempts
from pipeline.store.connect import migrate, open_engine, sqlite_url
from pipeline.store.decisions import Decisions
from pipeline.store.figures import Figures
from pipeline.store.readings import Readings
from pipeline.store.second_steps import SecondSteps
from pipeline.store.seconds import SecondReviews
from pipeline.store.sign_ins import SignIns
from pipeline.store.users import Users


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The doors of the store."""

    arrivals: Arrivals
    readings: Readings
    decisions: Decisions
    sign_ins: SignIns
    users: Users
    second_steps: SecondSteps
    attempts: Attempts
    figures: Figures
    seconds: SecondReviews
    revision: str
    """Revision of its tables."""


def open_store(settings: Settings) -> Store:
    """Open the store and bring its tables up to this program.

    Raises:
        StoreError: it cannot be opened, or was made by a newer program.
        DiskFullError: no room left.
    """
    engine = open_engine(settings.store.url or sqlite_url(settings.data_dir))
    revision = migrate(engine)
    return Store(
        arrivals=Arrivals(engine),
        readings=Readings(engine),
        decisions=Decisions(engine),
        sign_ins=SignIns(engine),
        users=Users(engine),
        second_steps=SecondSteps(engine),
        attempts=Attempts(engine),
        figures=Figures(engine),
        seconds=SecondReviews(engine),
        revision=revision,
    )
