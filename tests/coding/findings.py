"""Entities and encounters as the stages before would make them."""

from pipeline.records import Attribute, Context, Encounter, Entity, Finding, Label


def entity(
    text: str,
    *,
    number: int = 1,
    label: Label = Label.DIAGNOSIS,
    context: Context | None = None,
    attributes: tuple[Attribute, ...] = (),
    confidence: float | None = None,
    unreadable: bool = False,
) -> Entity:
    return Entity(
        id=f"n{number}",
        label=label,
        text=text,
        normalized=text.lower(),
        section=None,
        context=context or Context(),
        attributes=attributes,
        spans=(),
        confidence=confidence,
        unreadable=unreadable,
    )


def encounter(day: str | None) -> Encounter:
    found = None if day is None else Finding(value=day, text=day, confidence=None, spans=())
    return Encounter(
        id="e1",
        part=1,
        pages=(1,),
        patient_name=None,
        birth_date=None,
        record_number=None,
        date_of_service=found,
        provider=None,
    )
