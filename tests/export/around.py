"""What surrounds the services of a claim, and the same read back from each of its formats."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pipeline.records import Claim, PersonName
from tests.export.read_cms1500 import ReadForm
from tests.export.records_837p import ReadClaim

ACCEPTS = {("X", ""): True, ("", "X"): False}


Days = tuple[date, date | None] | None


@dataclass(frozen=True, kw_only=True)
class Around:
    """What surrounds the services, as far as every format says it."""

    facility: str | None
    """NPI of another place than the practice's own."""
    other_provider: tuple[str, str] | None
    """Qualifier and NPI."""
    paid: Decimal
    """Nothing where it is not said."""
    agreed: tuple[bool, bool, bool]
    """Release, assignment of benefits, acceptance."""
    began: frozenset[tuple[str, date]]
    """Days by the qualifiers of box 14, for which an accident is an onset."""
    unable_to_work: Days
    in_hospital: Days
    note: str
    """In capitals, with single blanks."""
    authorization: str | None
    clia: str | None
    second: tuple[str, str] | None
    """Of the second insurance last name and suffix of the insured, and policy group or member id."""


def around(claim: Claim) -> Around:
    """What the record says."""
    course, agreed, second = claim.course, claim.agreements, claim.other_coverage
    days = (
        ("431", claim.accident.day if claim.accident else None),
        ("431", course.onset),
        ("484", course.last_menstruation),
    )
    return Around(
        facility=claim.facility.npi if claim.facility else None,
        other_provider=(claim.other_provider.role.value, claim.other_provider.npi) if claim.other_provider else None,
        paid=claim.paid or Decimal(0),
        agreed=(agreed.releases, agreed.assigns, agreed.accepts),
        began=frozenset((qualifier, day) for qualifier, day in days if day),
        unable_to_work=(course.unable_to_work.first, course.unable_to_work.last) if course.unable_to_work else None,
        in_hospital=(course.in_hospital.first, course.in_hospital.last) if course.in_hospital else None,
        note=_capitals(claim.note or ""),
        authorization=claim.authorization,
        clia=claim.clia,
        second=(_family(second.insured), second.group or second.member_id) if second else None,
    )


def around_x837p(read: ReadClaim) -> Around:
    """What its 837P says."""
    days = dict(read.days)
    (ordered_by,) = {line.ordered_by for line in read.lines}
    others = [each for each in (read.referred_by, read.supervised_by, ordered_by) if each]
    unable = days.get("314") or days.get("360")
    stay = (*days.get("435", ()), *days.get("096", ()))
    accepts, assigns, releases = read.indicators[4:7]
    return Around(
        facility=read.facility.number[1] if read.facility else None,
        other_provider=(others[0].role, others[0].number[1]) if others else None,
        paid=read.paid or Decimal(0),
        agreed=(releases == "Y", assigns == "Y", accepts == "A"),
        began=frozenset(
            (as_of, days[qualifier][0])
            for qualifier, as_of in (("431", "431"), ("439", "431"), ("484", "484"))
            if qualifier in days
        ),
        unable_to_work=_pair(unable) if unable else None,
        in_hospital=_pair(stay) if stay else None,
        note=_capitals(read.note or ""),
        authorization=read.references.get("G1"),
        clia=read.references.get("X4"),
        second=(
            _capitals(f"{read.second[2].name[0]} {read.second[2].name[3]}"),
            read.second[0][2] or read.second[2].number[1],
        )
        if read.second
        else None,
    )


def around_cms1500(forms: Sequence[ReadForm]) -> Around:
    """What its forms say together."""
    places = {form.beside.place[3] for form in forms} - {form.practice_npi for form in forms} - {""}
    # All but the place is the same on every form; of practice and hospital both, the forms may name one each.
    (beside,) = {replace(form.beside, place=()) for form in forms}
    qualifier, day = beside.began
    texts = beside.more.split(" " * 3)
    number = beside.number or None
    is_clia = number is not None and number[2:3] == "D"
    return Around(
        facility=min(places, default=None),
        other_provider=(beside.other_provider[0], beside.other_provider[2]) if beside.other_provider[0] else None,
        paid=sum((Decimal(form.paid) / 100 for form in forms), Decimal(0)),
        agreed=(bool(beside.signatures[0]), bool(beside.signatures[1]), ACCEPTS[beside.assignment]),
        began=frozenset({(qualifier, _typed(day))} if day else ()),
        unable_to_work=_typed_pair(beside.unable_to_work),
        in_hospital=_typed_pair(beside.in_hospital),
        note=next((text for text in texts if not text.startswith("PWK")), ""),
        authorization=None if is_clia else number,
        clia=number if is_clia else None,
        second=(beside.other_insured[0].partition(",")[0], beside.other_insured[1])
        if beside.another_plan == ("X", "")
        else None,
    )


def _typed_pair(days: tuple[str, str]) -> Days:
    first, last = days
    return (_typed(first), _typed(last) if last else None) if first else None


def _typed(day: str) -> date:
    return datetime.strptime(day, "%m %d %Y").date()


def around_fhir(claim: dict[str, Any], resources: dict[str, dict[str, Any]]) -> Around:
    """What the Claim of its bundle says; resources are by their addresses."""
    coded = {
        (coding["system"].rpartition("/")[2], coding["code"]): each
        for each in claim["supportingInfo"]
        for coding in each["code"]["coding"]
    }

    def npi(reference: dict[str, str]) -> str:
        number: str = resources[reference["reference"]]["identifier"][0]["value"]
        return number

    others = [
        (each["role"]["coding"][0]["code"], npi(each["provider"]))
        for each in claim["careTeam"]
        if each["role"]["coding"][0]["code"] != "primary"
    ]
    days = {
        (as_of, date.fromisoformat(coded["374", qualifier]["timingDate"]))
        for qualifier, as_of in (("431", "431"), ("484", "484"))
        if ("374", qualifier) in coded
    }
    accident = {("431", date.fromisoformat(claim["accident"]["date"]))} if "accident" in claim else set()
    paid = coded.get(("522", "F5"))
    return Around(
        facility=npi(claim["facility"]) if "facility" in claim else None,
        other_provider=others[0] if others else None,
        paid=Decimal(paid["valueQuantity"]["value"]) if paid else Decimal(0),
        agreed=(
            ("1363", "I") not in coded,
            claim["payee"]["type"]["coding"][0]["code"] == "provider",
            ("1359", "C") not in coded,
        ),
        began=frozenset(days | accident),
        unable_to_work=_span(coded.get(("374", "314"))),
        in_hospital=_span(coded.get(("374", "435"))),
        note=_capitals(coded[("363", "ADD")]["valueString"]) if ("363", "ADD") in coded else "",
        authorization=claim["insurance"][0].get("preAuthRef", [None])[0],
        clia=coded[("128", "X4")]["valueString"] if ("128", "X4") in coded else None,
        second=_second_fhir(resources[claim["insurance"][1]["coverage"]["reference"]], resources)
        if len(claim["insurance"]) > 1
        else None,
    )


def _second_fhir(coverage: dict[str, Any], resources: dict[str, dict[str, Any]]) -> tuple[str, str]:
    name = resources[coverage["subscriber"]["reference"]]["name"][0]
    groups = [each["value"] for each in coverage.get("class", ()) if each["type"]["coding"][0]["code"] == "group"]
    return _capitals(" ".join((name["family"], *name.get("suffix", ())))), (*groups, coverage["subscriberId"])[0]


def _span(information: dict[str, Any] | None) -> Days:
    if information is None:
        return None
    span = information["timingPeriod"]
    return date.fromisoformat(span["start"]), date.fromisoformat(span["end"]) if "end" in span else None


def _pair(days: tuple[date, ...]) -> Days:
    return days[0], days[1] if len(days) > 1 else None


def _family(name: PersonName) -> str:
    return _capitals(f"{name.last} {name.suffix or ''}")


def _capitals(text: str) -> str:
    return " ".join(text.upper().split())
