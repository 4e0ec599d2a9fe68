"""The store: what was seen, what was read and what people decided."""

from dataclasses import dataclass

from pipeline.settings import Settings
from pipeline.store.arranging import Arranging
from pipeline.store.arrivals import Arrivals
from pipeline.store.attempts import Attempts
from pipeline.store.audit import Audit
from pipeline.store.claims import ClaimSteps
from pipeline.store.clerk import Clerk
from pipeline.store.connect import migrate, open_engine, sqlite_url
from pipeline.store.decisions import Decisions
from pipeline.store.drafts import Drafts
from pipeline.store.figures import Figures
from pipeline.store.inbox_lists import InboxLists
from pipeline.store.late import NewReadings
from pipeline.store.leases import Leases
from pipeline.store.office_rows import OfficeRows
from pipeline.store.progress import WorkerProgress
from pipeline.store.readings import Readings
from pipeline.store.rebuilding import catch_up
from pipeline.store.second_steps import SecondSteps
from pipeline.store.seconds import SecondReviews
from pipeline.store.sign_ins import SignIns
from pipeline.store.understandings import Understandings
from pipeline.store.users import Users
from pipeline.store.waiting import Waiting
from pipeline.store.worklist import Worklist


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The doors of the store."""

    arrivals: Arrivals
    readings: Readings
    decisions: Decisions
    understandings: Understandings
    sign_ins: SignIns
    audit: Audit
    worklist: Worklist
    leases: Leases
    drafts: Drafts
    clerk: Clerk
    inbox: InboxLists
    progress: WorkerProgress
    users: Users
    second_steps: SecondSteps
    attempts: Attempts
    figures: Figures
    seconds: SecondReviews
    arranging: Arranging
    waiting: Waiting
    claims: ClaimSteps
    office: OfficeRows
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
    catch_up(engine)
    return Store(
        arrivals=Arrivals(engine),
        readings=Readings(engine, notice=NewReadings(Decisions(engine))),
        decisions=Decisions(engine),
        understandings=Understandings(engine),
        sign_ins=SignIns(engine),
        audit=Audit(engine),
        worklist=Worklist(engine),
        leases=Leases(engine),
        drafts=Drafts(engine),
        clerk=Clerk(engine),
        inbox=InboxLists(engine),
        progress=WorkerProgress(engine),
        users=Users(engine),
        second_steps=SecondSteps(engine),
        attempts=Attempts(engine),
        figures=Figures(engine),
        seconds=SecondReviews(engine),
        arranging=Arranging(engine),
        waiting=Waiting(engine),
        claims=ClaimSteps(engine),
        office=OfficeRows(engine),
        revision=revision,
    )
