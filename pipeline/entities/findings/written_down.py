"""Findings written down as entities: label, wording, details, context and the way back to the ink."""

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.entities.findings.context import Said
from pipeline.entities.findings.details import HERE
from pipeline.entities.findings.levels import WrittenLevel
from pipeline.entities.findings.note import Found, Note
from pipeline.entities.findings.terms import Match
from pipeline.entities.findings.written_codes import WrittenCode
from pipeline.entities.text.marks import MarkReader
from pipeline.entities.text.sections import Section
from pipeline.entities.words.readings import other_readings
from pipeline.entities.words.shorthand import Sense
from pipeline.lexicon import ModifierKind
from pipeline.records import Attribute, Context, Entity, Label, MarkState

YOU = frozenset({"you", "your"})
CLAUSE = 8
"""Words of a clause to each side of its finding."""
# fmt: off
CLAUSE_ENDS = frozenset((
    "no", "not", "without", "denies", "denied", "negative", "neg", "never", "none", "vs", "versus", "or", "rule",
    "ruled", "possible", "probable", "likely", "suspected", "questionable", "?", "history", "hx", "h/o", "past",
    "prior", "previous", "father", "mother", "brother", "sister", "if", "unless", "doubt",
))
# fmt: on
LIST_SIGNS = frozenset((",", "+", "and", "&"))
"""Between services and supplies they part one from the next; a diagnosis may go on behind them."""
ALSO_LIKELY = 0.05
"""Another reading of a finding's word is told from this probability on."""
FIRM = CLAUSE_ENDS | {"left", "right", "both", "bilateral", "lt", "rt", "l", "r", "od", "os", "ou"}
"""Words that are never taken for another reading, nor another word for them."""
SENTENCE_ENDS = frozenset({".", "?", "!"})
INJECTED = " injection"
"""How the list names a drug that was injected, where it is taken by mouth as well."""


def entities_of(
    note: Note,
    found: Sequence[Found],
    said: Sequence[Said],
    details: Sequence[tuple[Attribute, ...]],
    codes: Sequence[WrittenCode | WrittenLevel],
    read_mark: MarkReader,
    chronic: frozenset[str],
    injections: frozenset[str],
) -> list[Entity]:
    """The entities of a note, in order; what stands beside a blank box is none.

    Args:
        note: what was read.
        found: its findings, in order.
        said: what is said of each.
        details: attributes of each.
        codes: the provider's own code numbers, and levels of the visit.
        read_mark: the mark before a finding.
        chronic: normal wordings of illnesses that last.
        injections: normal wordings of drugs that are coded when they are injected.
    """
    numbers = [code for code in codes if isinstance(code, WrittenCode)]
    of_finding = {code.finding: code.code for code in numbers if code.finding is not None}
    entities = [_code_alone(note, code) for code in numbers if code.finding is None]
    entities += [_level_alone(note, level) for level in codes if isinstance(level, WrittenLevel)]
    alone = bool(entities)
    for number, (each, (context, still), attributes) in enumerate(zip(found, said, details, strict=True)):
        start, end = note.tokens[each.first].start, note.tokens[each.last].end
        spans = note.page.spans(start, end)
        state = read_mark(spans)
        if state is MarkState.BLANK or (state is None and _asked(note, each)):
            continue
        match = each.match
        label, normalized = _named(match, note.sections[each.first], attributes, injections)
        lasts = match.term.normalized in chronic if still is None else still
        further = {
            "written_code": of_finding.get(number),
            "repaired": _repaired(note, each) or None,
            "also_read": None if label is Label.SUPPLY else _also_read(note, each),
            "mark": None if state is None else state.value,
            "lasting": "yes" if context.historical and lasts else None,
            "coded": None if match.term.coded or label is not match.term.label else "no",
        }
        entities.append(
            _entity(
                note,
                (start, end),
                label=label,
                normalized=normalized,
                section=note.sections[each.first].key,
                clause=_clause(note, match),
                line=_line(note, each),
                context=replace(context, uncertain=True) if state is MarkState.DOUBTFUL else context,
                attributes=(
                    *attributes,
                    *(Attribute(name=name, value=value) for name, value in further.items() if value is not None),
                ),
            )
        )
    # findings are in order already; only a code that stands alone has to find its place
    return sorted(entities, key=note.page.place) if alone else entities


def _code_alone(note: Note, code: WrittenCode) -> Entity:
    place = next((n for n, token in enumerate(note.tokens) if token.end > code.start), 0)
    return _entity(
        note,
        (code.start, code.end),
        label=code.label,
        normalized="",
        section=note.sections[place].key,
        context=Context(),
        attributes=(Attribute(name="written_code", value=code.code),),
    )


def _level_alone(note: Note, level: WrittenLevel) -> Entity:
    place = next((n for n, token in enumerate(note.tokens) if token.end > level.start), 0)
    return _entity(
        note,
        (level.start, level.end),
        label=Label.PROCEDURE,
        normalized=f"{'new' if level.new else 'established'} patient office visit level {level.level}",
        section=note.sections[place].key,
        context=Context(),
        attributes=(Attribute(name="level", value=level.level),),
    )


def _entity(
    note: Note,
    place: tuple[int, int],
    *,
    label: Label,
    normalized: str,
    section: str | None,
    context: Context,
    attributes: tuple[Attribute, ...],
    clause: str = "",
    line: str = "",
) -> Entity:
    """An entity with what is known of its ink."""
    words = note.page.words_in(*place)
    known = [word.confidence for word in words if word.confidence is not None]
    return Entity(
        id="",
        label=label,
        text=note.page.text[slice(*place)],
        normalized=normalized,
        section=section,
        context=context,
        attributes=attributes,
        spans=note.page.spans(*place),
        confidence=math.prod(known) if known else None,
        unreadable=any(word.unreadable for word in words),
        clause=clause,
        line=line,
    )


def _clause(note: Note, match: Match) -> str:
    """What is said around a finding in its sentence, up to where something is denied, doubted or of the past."""
    senses = note.senses
    sentence = note.starts[senses[match.first].first]
    ends = CLAUSE_ENDS if match.term.label is Label.DIAGNOSIS else CLAUSE_ENDS | LIST_SIGNS

    def goes_on(sense: Sense) -> bool:
        return note.starts[sense.first] == sentence and sense.text not in ends

    first, last = match.first, match.last
    while first and match.first - first < CLAUSE and goes_on(senses[first - 1]):
        first -= 1
    while last + 1 < len(senses) and last - match.last < CLAUSE and goes_on(senses[last + 1]):
        last += 1
    return " ".join(sense.text for sense in senses[first : last + 1])


def _line(note: Note, found: Found) -> str:
    """Its sentence as read."""
    sentence, first, last = note.starts[found.first], found.first, found.last
    while first and note.starts[first - 1] == sentence:
        first -= 1
    while last + 1 < len(note.tokens) and note.starts[last + 1] == sentence:
        last += 1
    return note.page.text[note.tokens[first].start : note.tokens[last].end]


def _repaired(note: Note, found: Found) -> str:
    """The words of a finding that were read otherwise, as they were read."""
    tokens, words = note.tokens, note.words
    strange = [
        place
        for place in range(found.first, found.last + 1)
        if tokens[place].read or words[place] not in {tokens[place].lower, tokens[place].lower.rstrip(".")}
    ]
    # pieces of one word share what was read
    return " ".join(dict.fromkeys(tokens[place].read or tokens[place].text for place in strange))


def _also_read(note: Note, found: Found) -> str | None:
    """The words of a finding with the likeliest other reading of one of them; None where no other has any weight.

    Sides, words that deny and whatever has a digit stay as they are read.
    """
    likeliest, chosen = ALSO_LIKELY, None
    for place in range(found.first, found.last + 1):
        token = note.tokens[place]
        if not token.text.isalpha() or token.lower in FIRM:
            continue
        for _, others in other_readings(note.page, token):
            for other, chance in others:
                word = other.lower()
                if chance >= likeliest and word.isalpha() and word not in {note.words[place], token.lower, *FIRM}:
                    likeliest, chosen = chance, (place, word)
    if chosen is None:
        return None
    place, word = chosen
    return " ".join((*note.words[found.first : place], word, *note.words[place + 1 : found.last + 1]))


def _asked(note: Note, found: Found) -> bool:
    """Whether a form only asks for it: `Have you ever had hepatitis?` says nothing before it is answered."""
    first = found.first
    while first and not note.tokens[first].begins_line and note.tokens[first - 1].text not in SENTENCE_ENDS:
        first -= 1
    for place in range(found.last + 1, len(note.tokens)):
        if note.tokens[place].begins_line or note.tokens[place].text == ".":
            break
        if note.tokens[place].text == "?":
            return not YOU.isdisjoint(note.words[first:place])
    return False


def _named(
    match: Match, section: Section, attributes: Sequence[Attribute], injections: frozenset[str]
) -> tuple[Label, str]:
    """Label and normal wording of a finding: grade, side and site before the term's own wording."""
    normalized = match.term.normalized
    injected = any(attribute.name == "route" and attribute.value in HERE for attribute in attributes)
    if match.term.label is Label.SUPPLY and injected and normalized + INJECTED in injections:
        normalized += INJECTED
    if section.key == "allergies" and match.term.label is Label.SUPPLY:
        return Label.DIAGNOSIS, f"allergy to {normalized}"
    if match.term.label is Label.SUPPLY:
        return match.term.label, normalized
    order = (ModifierKind.ACUITY, ModifierKind.LATERALITY, ModifierKind.SITE)
    said = [modifier.value for kind in order for modifier, _ in match.details if modifier.kind is kind]
    words = [word for word in dict.fromkeys(said) if word not in match.term.normalized]
    level = [f"level {attribute.value}" for attribute in attributes if attribute.name == "level"]
    return match.term.label, " ".join([*words, match.term.normalized, *level])
