"""Words that nothing but a chart holds, planted wherever chart text and names can be, and how to call every route.

A new route is called here with a form that works and canaries in every field that takes a person's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from pipeline.claims.preparing import ClaimDesk
from pipeline.codebooks import CodeBooks
from pipeline.records import Finding, Patient, Reading
from pipeline.review.queue.view import batch_key
from pipeline.store import Store
from pipeline.store.concerns import ConcernKind
from pipeline.store.rows import Role
from tests.review.claiming.small_office import PATIENT, WARNING, sign_with_codes, small_desk
from tests.review.drawn_chart import reading_of
from tests.store.test_arrivals import File

EVERY_ROLE = frozenset(Role)


def canary(place: str) -> str:
    """The canary of a place."""
    return f"quokka{place}"


def sings(text: str) -> bool:
    """Whether a canary is in it, in whatever case or coding of an address: they are plain letters."""
    return "quokka" in text.lower()


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A store full of canaries."""

    encounter: str
    other: str
    """Another encounter of the same document."""
    document: str
    account: str
    """Id of an account with a canary's name."""
    concern: str
    """Id of what the clerk is told of the rejected file."""
    batch: str
    """Key of its batch."""

    def fill(self, text: str) -> str:
        """A text of `CALLS` with the ids of this store."""
        return text.format(**vars(self))


def plant(store: Store) -> Planted:
    """Let a chart arrive whose every word is a canary, and one that is rejected."""
    batch = canary("batch")
    files = [File(Path(batch) / f"{canary(name)}.pdf", batch=batch) for name in ("file", "rejected")]
    seen = store.arrivals.sight(files)
    taken = store.arrivals.take(seen[files[0].path].id, "c" * 64, size=1, mtime_ns=1)
    assert taken.document is not None
    store.readings.add(_sung(reading_of(taken.document)), arrival=taken.id)
    claimed = store.readings.encounters()[1].id
    name = f"{canary('last')}, {canary('first')}"
    sign_with_codes(store, claimed, patient=Patient(name=name, birth_date=None, record_number="7741029", sex="F"))
    store.arrivals.reject(seen[files[1].path].id, "The file is empty; please copy or scan the chart again.")
    store.sign_ins.issue(canary("account"), timedelta(minutes=5))
    first, second, *_ = store.readings.encounters()
    account = store.audit.account(canary("account"))
    assert account is not None
    (concern,) = store.inbox.concerns(ConcernKind.REJECTED, limit=2)
    return Planted(
        encounter=first.id,
        other=second.id,
        document=taken.document,
        account=account,
        concern=concern.id,
        batch=batch_key(batch),
    )


def desk_of_claims(store: Store, books: CodeBooks) -> ClaimDesk:
    """A desk whose office is full of canaries, too."""
    return small_desk(store, books, WARNING, patient=SUNG_PATIENT)


def _sung(reading: Reading) -> Reading:
    """A reading of which every word that may be chart text ends in a canary."""

    def fact(finding: Finding | None, place: str) -> Finding | None:
        return finding and replace(finding, value=f"{finding.value} {canary(place)}", text=canary(place))

    pages = tuple(
        replace(
            page,
            lines=tuple(
                replace(
                    line,
                    text=f"{line.text} {canary('line')}",
                    words=(*line.words, replace(line.words[-1], text=canary("line"))),
                )
                for line in page.lines
            ),
        )
        for page in reading.pages
    )
    return replace(
        reading,
        pages=pages,
        entities=tuple(
            replace(e, text=f"{e.text} {canary('entity')}", normalized=canary("term"), line=canary("line"))
            for e in reading.entities
        ),
        encounters=tuple(
            replace(
                e,
                patient_name=fact(e.patient_name, "patient"),
                record_number=fact(e.record_number, "record"),
                provider=fact(e.provider, "provider"),
                signature=fact(e.signature, "signature"),
                conflicts=(canary("conflict"),),
            )
            for e in reading.encounters
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request that works."""

    form: Mapping[str, str] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    """Parts of the address that are not in `PARTS`."""
    refused: int | None = None
    """The status of an answer that says no, where nothing better can be asked of the store as it is planted."""


PARTS = {"{number}": "1", "{page}": "1", "{document}": "{document}", "{key}": "{batch}"}
ID = {"/claims/": "{other}", "/accounts/": "{account}", "/encounters/": "{encounter}", "/second/": "{encounter}"}
ID |= {"/inbox/concerns/": "{concern}", "/inbox/documents/": "{document}"}
"""What `{id}` stands for in an address that begins so."""
READ = {"reading": "1"}
SEEN = {**READ, "decision": "99"}
BOX = {"page": "1", "box": "150,740,500,790"}
NINE = {**READ, "system": "ICD9CM"}
ON = {"entity": "n7"}
IDENTITY = {
    **READ,
    "patient_name": canary("confirmed"),
    "birth_date": "1961-07-19",
    "record_number": canary("number"),
    "sex": "F",
    "date_of_service": "2014-03-14",
}
SUNG_PATIENT = {
    **PATIENT,
    **{name: canary(name) for name in ("last", "first", "street", "city", "member_id", "group", "plan")},
}
JUST = (Ask(),)

# In the order of a coder's day: what is confirmed is reopened, and signing out comes last.
CALLS: dict[str, tuple[Ask, ...]] = {
    "GET /sign-in": (Ask(), Ask(query={"token": canary("token")}, refused=401)),
    "GET /": (Ask(), Ask(query={"state": "open", "batch": "{batch}"})),
    "GET /next": (Ask(), Ask(query={"after": canary("after")})),
    "GET /encounters/{id}": JUST,
    "GET /encounters/{id}/pages/{number}": JUST,
    "GET /encounters/{id}/thumbnails/{number}": JUST,
    "GET /encounters/{id}/crops/{number}/{box}": (Ask(path={"{box}": "150-740-500-790"}),),
    "GET /encounters/{id}/words": JUST,
    "GET /encounters/{id}/drawing": JUST,
    "GET /encounters/{id}/text": JUST,
    "GET /encounters/{id}/drafts": JUST,
    "POST /encounters/{id}/drafts": (Ask(form={"key": "search", "text": canary("draft")}),),
    "POST /encounters/{id}/drafts/sent": (Ask(form={"key": "search"}),),
    "POST /encounters/{id}/lease": (Ask(form={"token": canary("lease")}),),
    "POST /encounters/{id}/lease/end": (Ask(form={"token": canary("lease")}),),
    "POST /encounters/{id}/lease/take-over": (Ask(form={}),),
    "GET /encounters/{id}/lines/{page}/{box}": (Ask(path={"{box}": "150-740-500-790"}),),
    "POST /": (Ask(form={"words": canary("words"), "q": canary("words")}),),
    "POST /next": (Ask(form={"words": canary("words"), "q": canary("words")}),),
    "POST /encounters/{id}/search": (Ask(form={**NINE, **ON, "q": canary("search")}), Ask(form={**NINE, "q": "essen"})),
    "POST /encounters/{id}/codes": (
        Ask(form={**NINE, **ON, "action": "accept", "code": "401.9"}),
        Ask(form={**NINE, "entity": canary("mention"), "action": "add", "code": "V16.3"}),
    ),
    "POST /encounters/{id}/table": (Ask(form={**NINE, **ON, "code": "401", "q": canary("search")}),),
    "POST /encounters/{id}/order": (Ask(form={**NINE, "code": "401.9", "move": "up"}),),
    "POST /encounters/{id}/billing": (Ask(form={**NINE, "code": "401.9", "units": canary("units")}, refused=409),),
    "POST /encounters/{id}/pointers": (Ask(form=READ),),
    "POST /encounters/{id}/undo": (Ask(form=READ),),
    "POST /encounters/{id}/identity": (Ask(form=IDENTITY),),
    "GET /encounters/{id}/hold": JUST,
    "POST /encounters/{id}/hold": (
        Ask(form={**READ, "kind": "other", "reason": canary("hold"), "owner": canary("owner"), "due": ""}),
    ),
    "POST /encounters/{id}/release": (Ask(form={**READ, "note": canary("note")}),),
    "POST /encounters/{id}/question": (Ask(form={**ON, "question": canary("question"), "choices": canary("choice")}),),
    "POST /encounters/{id}/questions": (
        Ask(form={**READ, **ON, "provider": canary("asked"), "question": f"What was {canary('query')}?", "sure": "1"}),
    ),
    "GET /questions": JUST,
    "GET /encounters/{id}/arrangement": JUST,
    "POST /encounters/{id}/arrangement/search": (Ask(form={"q": canary("arranged")}),),
    "GET /encounters/{id}/questions/{number}": (Ask(refused=404),),
    "GET /encounters/{id}/questions/{number}/answer": (Ask(refused=404),),
    "POST /encounters/{id}/questions/{number}/answer": (Ask(form={"text": canary("answer")}, refused=404),),
    "POST /encounters/{id}/arrangement": (Ask(form={"verb": canary("verb"), "target": canary("target")}, refused=409),),
    "POST /encounters/{id}/taken-over": (
        Ask(form={**READ, "system": "ICD9CM", "code": "401.9", "source": canary("source")}, refused=409),
    ),
    "POST /encounters/{id}/lines": (Ask(form={**SEEN, **BOX, "text": canary("written")}),),
    "POST /encounters/{id}/drawings": (Ask(form={**SEEN, **BOX, "text": canary("drawn")}),),
    "POST /encounters/{id}/contexts": (
        Ask(form={**SEEN, "entity": canary("finding"), "label": "DIAGNOSIS", "negated": "true"}, refused=409),
    ),
    "POST /encounters/{id}/corrections/undoing": (Ask(form={**SEEN, "about": "1"}, refused=409),),
    "GET /encounters/{id}/reopening": JUST,
    "POST /encounters/{id}/signature": (Ask(form={**READ, "signer": canary("signer"), "signed_on": "2014-03-14"}),),
    "POST /encounters/{id}/confirmation": (Ask(form=READ, refused=409),),
    "POST /encounters/{id}/reopening": (Ask(form={**READ, "reason": canary("reason")}, refused=409),),
    "GET /claims": JUST,
    "POST /claims": (Ask(form={"q": canary("words")}),),
    "GET /claims/{id}": (Ask(), Ask(query={"edit": "patients"})),
    "POST /claims/{id}/office/{kind}": (Ask(form=SUNG_PATIENT, path={"{kind}": "patients"}),),
    "POST /claims/{id}/reasons": (Ask(form={"key": WARNING.key, "text": canary("because")}),),
    "POST /claims/{id}/release": (Ask(form={"seen": canary("seen")}, refused=409),),
    "POST /claims/{id}/withdrawal": (Ask(form={"text": canary("withdrawn")}, refused=409),),
    "POST /claims/{id}/sending": (Ask(form={}, refused=409),),
    "POST /claims/{id}/payment": (Ask(form={"amount": "61.20", "payer_number": canary("paid")}, refused=409),),
    "POST /claims/{id}/denial": (Ask(form={"reason_code": "CO-16", "text": canary("denied")}, refused=409),),
    "GET /claims/{id}/files/{format}": tuple(
        Ask(path={"{format}": format}) for format in ("cms1500", "837p", "fhir", "claims-csv", "claims-json")
    ),
    "GET /claims/{id}/evidence": (Ask(refused=409),),
    "GET /claims/{id}/evidence.pdf": (Ask(refused=409),),
    "POST /claims/{id}/evidence/release": (Ask(form={"text": canary("consent")}),),
    "POST /claims/files": (Ask(form={"format": "837p", "claim": "{other}"}, refused=409),),
    "POST /claims/sending": (Ask(form={"claim": "{other}"}, refused=409),),
    "GET /numbers": (Ask(), Ask(query={"days": "7"})),
    "GET /numbers/{table}.csv": (Ask(path={"{table}.csv": "people.csv"}),),
    "GET /second": JUST,
    "GET /second.csv": JUST,
    "GET /second/{id}": (Ask(refused=404),),
    "POST /second/{id}": (Ask(refused=409),),
    "GET /inbox": JUST,
    "GET /inbox/live": JUST,
    "GET /inbox/pages/{document}/{number}": (Ask(refused=404),),
    "POST /inbox/concerns/{id}/retry": (Ask(form={}, refused=409),),
    "POST /inbox/concerns/{id}/dealt": (Ask(form={}),),
    "POST /inbox/concerns/{id}/restored": (Ask(form={}),),
    "POST /inbox/batches/{key}/retry": (Ask(form={"show": canary("show")}, refused=409),),
    "POST /inbox/documents/{id}/reading": (Ask(form={}, refused=409),),
    "GET /session": JUST,
    "GET /account": JUST,
    "POST /account/password": (
        Ask(form={"current": canary("old"), "password": canary("new"), "again": canary("new")}, refused=422),
    ),
    "POST /account/second-step": (Ask(form={}),),
    "POST /account/second-step/confirmation": (Ask(form={"code": canary("code")}, refused=422),),
    "POST /account/second-step/removal": (Ask(form={"current": canary("old")}, refused=422),),
    "POST /account/sessions": (Ask(form={}),),
    "GET /accounts": JUST,
    "POST /accounts": (Ask(form={"name": canary("added"), "role": "code"}),),
    "POST /accounts/{id}": (Ask(form={"role": "scan"}),),
    "POST /accounts/{id}/disabling": (Ask(form={}),),
    "POST /accounts/{id}/enabling": (Ask(form={}),),
    "POST /accounts/{id}/sessions": (Ask(form={}),),
    "POST /accounts/{id}/invitation": (Ask(form={}),),
    "GET /audit": JUST,
    "POST /audit": (Ask(form={}), Ask(form={"subject": canary("subject")})),
    "POST /audit/proof": (Ask(form={}), Ask(form={"expected": canary("head")})),
    "POST /audit/download": (Ask(form={}),),
    "POST /sign-in": (
        Ask(form={"token": canary("token"), "name": canary("login"), "password": canary("password")}, refused=401),
    ),
    "POST /sign-in/code": (Ask(form={"token": canary("token"), "code": canary("code")}, refused=401),),
    "POST /sign-in/link": (Ask(form={"token": canary("token"), "password": canary("password")}, refused=401),),
    "POST /sign-out": JUST,
}
