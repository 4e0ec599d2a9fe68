"""How a drug was given is a service of its own: into a muscle, a vein, a joint, or by nebulizer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.codebooks.starter import FORMS, rows
from pipeline.coding.choices import SERVICES, Choice, Coded, Visit
from pipeline.coding.reasons import edition
from pipeline.coding.rules.rendered import attribute, is_given, service_ranges
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

TABLE = Path(__file__).parent / "joints.tsv"
_MUSCLE = {"intramuscular": "muscle", "subcutaneous": "muscle", "intravenous": "vein"}
_CODES = {
    "muscle": ((2009, "96372"), (2006, "90772"), (0, "90782")),
    "vein": ((2009, "96374"), (2006, "90774"), (0, "90784")),
}
"""From which year on which number is in use."""
_OTHER_CODES = "90765-90799;96360-96379"
_PLACES = "11900-11901;20526-20553;20600-20612;62310-62327;64400-64530;67500-67515;95115-95199"
"""Services that hold the injection of their drug."""
_JOINT_DRUGS = "J0702;J1020-J1040;J1094-J1100;J1700-J1720;J2650;J3300-J3303;J7317-J7329"
"""Steroids, and what is put into a knee."""
_ANTIBIOTICS = "J0278-J0295;J0456;J0530-J0580;J0690-J0698;J0744;J1364;J1580;J2510-J2540;J3000;J3260;J3370"
_ANTIBIOTIC_UNTIL_2005 = "90788"
_VACCINES = "90460-90474;90476-90759;G0008-G0010;Q2034-Q2039"
_GIVEN_TO_RH = "rho d"
_CHANCE = 0.95
_INTO = ("inject", "intra-articular", "aspirat", "arthrocentesis")


@dataclass(frozen=True, slots=True)
class Joint:
    """A row of the table."""

    words: str
    code: str


class Injections:
    """Adds the service of giving a drug."""

    def __init__(self) -> None:
        self._joints = load_joints()
        self._places = service_ranges(_PLACES, "injections")[CodeSystem.CPT]
        self._antibiotics = service_ranges(_ANTIBIOTICS, "injections")[CodeSystem.HCPCS]
        self._joint_drugs = service_ranges(_JOINT_DRUGS, "injections")[CodeSystem.HCPCS]
        self._vaccines = service_ranges(_VACCINES, "injections")
        self._others = service_ranges(_OTHER_CODES, "injections")[CodeSystem.CPT]

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Put each way of giving once, with the number of drugs, behind the first drug."""
        changed = list(coded)
        local = any(c.code.code in self._places for each in coded for c in each.proposed((CodeSystem.CPT,)))
        sites = [site for each in coded if (site := attribute(each.entity, "site")) is not None]
        ways: dict[str, list[int]] = {}
        for place, each in enumerate(coded):
            way = self._way(each)
            if way is not None:
                ways.setdefault(way, []).append(place)
            elif not local and (number := self._joint(each, sites)) is not None:
                changed[place] = _with_service(visit, each, number, "joint_injection", 1)
                local = True
        for way, places in ways.items():
            year = visit.on.year if visit.on else 9999
            number = next(code for since, code in _CODES[way] if year >= since)
            if way == "muscle" and year < 2006 and all(self._antibiotic(coded[place]) for place in places):
                number = _ANTIBIOTIC_UNTIL_2005
            drugs = {coded[place].entity.normalized for place in places}
            first = places[0]
            changed = [self._without_others(visit, each, number) for each in changed]
            changed[first] = _with_service(visit, changed[first], number, "drug_given", len(drugs))
        return tuple(changed)

    def _way(self, coded: Coded) -> str | None:
        entity = coded.entity
        if any(c.code.code in self._vaccines[c.code.system] for c in coded.proposed(SERVICES)):
            return None
        way = _MUSCLE.get(attribute(entity, "route") or "")
        drug = any(
            c.code.code.startswith(("J", "Q", "S0")) or _GIVEN_TO_RH in entity.normalized
            for c in coded.proposed(SERVICES)
        )
        return way if way and drug and is_given(entity) else None

    def _antibiotic(self, coded: Coded) -> bool:
        return any(c.code.code in self._antibiotics for c in coded.proposed((CodeSystem.HCPCS,)))

    def _joint(self, coded: Coded, sites: Sequence[str]) -> str | None:
        """The number for injecting the place that a drug's clause names, else what the note speaks of."""
        entity = coded.entity
        if not any(c.code.code in self._joint_drugs for c in coded.proposed((CodeSystem.HCPCS,))):
            return None
        words = entity.clause.lower()
        if attribute(entity, "route") != "intra-articular" and not any(word in words for word in _INTO):
            return None
        places = (words, *sites)
        return next((joint.code for place in places for joint in self._joints if joint.words in place), None)

    def _without_others(self, visit: Visit, coded: Coded, number: str) -> Coded:
        """Injections that the words name are the ones that are counted here, under the number of the year."""
        return coded.change(
            lambda c: (
                c.withhold(visit.rules.reason("twice", c.code.system))
                if c.proposed and c.code.system is CodeSystem.CPT and c.code.code in self._others
                else c
            )
        )


def _with_service(visit: Visit, coded: Coded, number: str, rule: str, units: int) -> Coded:
    row = visit.books.row(CodeSystem.CPT, number, visit.on)
    if row is None:
        return coded
    drug = next(iter(coded.proposed(SERVICES)), None)
    said = visit.rules.evidence(rule, CodeSystem.CPT)
    if visit.on is not None:
        said = (*said, *edition(visit.books, row, visit.on))
    score = _CHANCE * (1.0 if coded.entity.confidence is None else coded.entity.confidence)
    choice = Choice(code=visit.books.code(row), score=score, evidence=said, units=units)
    return coded.add(replace(choice, proposed=score >= visit.propose_from), after=drug)


def load_joints(path: Path = TABLE) -> tuple[Joint, ...]:
    """Read the table, in its order.

    Raises:
        SetupError: a row does not fit.
    """
    joints = []
    for place, (words, code) in rows(path, ("words", "code")):
        if not words or words != words.lower() or not FORMS[CodeSystem.CPT].fullmatch(code):
            raise SetupError(f"{place} is not a place in lower case with its CPT number.")
        joints.append(Joint(words, code))
    return tuple(joints)
