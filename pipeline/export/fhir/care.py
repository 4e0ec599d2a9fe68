"""What was found and done: the encounter with its conditions and procedures, and who answers for the claim.

The claim names its codes itself. Condition and Procedure repeat them for systems that keep clinical facts. A Condition
says no clinical status, for the claim does not know one; a supply is a Procedure as well, that of handing it over.
"""

from datetime import datetime

from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.encounter import Encounter, EncounterDiagnosis, EncounterParticipant
from fhir.resources.R4B.procedure import Procedure, ProcedurePerformer
from fhir.resources.R4B.provenance import Provenance, ProvenanceAgent

from pipeline.export.fhir.parties import confirmers
from pipeline.export.fhir.systems import (
    CONDITION_CATEGORY,
    ENCOUNTER_CLASS,
    PART_IN_PROVENANCE,
    SYSTEMS,
    encounter_class,
)
from pipeline.export.fhir.terms import Role, called, concept, period, refer
from pipeline.records import Claim


def encounter(claim: Claim) -> Encounter:
    """The visit; its kind follows from where the first service was."""
    number = called(claim.encounter, "encounter")
    number.assigner = refer(claim, Role.PRACTICE)
    return Encounter(
        identifier=[number],
        status="finished",
        class_fhir=Coding(system=ENCOUNTER_CLASS, code=encounter_class(claim.lines[0].place)),
        subject=refer(claim, Role.PATIENT),
        participant=[EncounterParticipant(individual=refer(claim, Role.PROVIDER))],
        period=period(claim),
        diagnosis=[
            EncounterDiagnosis(condition=refer(claim, Role.CONDITION, rank), rank=rank)
            for rank in range(1, len(claim.diagnoses) + 1)
        ],
        serviceProvider=refer(claim, Role.PRACTICE),
    )


def condition(claim: Claim, number: int) -> Condition:
    """A diagnosis of the encounter, numbered from 1."""
    diagnosis = claim.diagnoses[number - 1]
    return Condition(
        category=[concept(CONDITION_CATEGORY, "encounter-diagnosis")],
        code=concept(SYSTEMS[diagnosis.system], diagnosis.code, diagnosis.display),
        subject=refer(claim, Role.PATIENT),
        encounter=refer(claim, Role.ENCOUNTER),
    )


def procedure(claim: Claim, number: int) -> Procedure:
    """What a service line, numbered from 1, bills, and for which conditions, the primary first."""
    line = claim.lines[number - 1]
    return Procedure(
        status="completed",
        code=concept(SYSTEMS[line.system], line.code, line.display),
        subject=refer(claim, Role.PATIENT),
        encounter=refer(claim, Role.ENCOUNTER),
        performedDateTime=line.day,
        performer=[ProcedurePerformer(actor=refer(claim, Role.PROVIDER), onBehalfOf=refer(claim, Role.PRACTICE))],
        reasonReference=[refer(claim, Role.CONDITION, pointer) for pointer in line.points_to],
    )


def provenance(claim: Claim, at: datetime) -> Provenance:
    """Who signed the encounter off, and who confirmed the codes of the claim."""
    agents = [("attester", claim.signed_by), *(("verifier", who) for who in confirmers(claim))]
    return Provenance(
        target=[refer(claim, Role.CLAIM)],
        recorded=at,
        agent=[
            ProvenanceAgent(
                type=concept(PART_IN_PROVENANCE, part),
                who=refer(claim, Role.CODER, who),
                onBehalfOf=refer(claim, Role.PRACTICE),
            )
            for part, who in agents
        ],
    )
