"""What a note says of a finding: negated, doubted, past, only imagined, or somebody else's.

After ConText: a cue speaks of the findings in its scope, forward or backward, up to the end of its
sentence or to a word that turns the sentence. The longest wording at a place wins, so that
`no increase` keeps `no` from negating. A person is a cue too, unless he speaks for the patient,
brings or accompanies him.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.entities.findings.cues import DASHES, PAUSES, YEAR, CueFinder, Hit
from pipeline.entities.text.sections import Section
from pipeline.entities.text.tokens import Token, Tokenizer
from pipeline.lexicon import Category, Cue, Direction, Lexicon
from pipeline.records import Context

JOINTS = frozenset({",", "and", "with", "&"})
"""A cue of another kind behind one of these begins another thought: `no fever, history of asthma`."""
PAST = frozenset({Category.HISTORICAL, Category.OVER, Category.KNOWN})
NOT_THERE = frozenset({Category.NEGATED, Category.ABSENT})
TURNS = PAST | {Category.UNCERTAIN, Category.FAMILY, Category.HYPOTHETICAL}
MONTH = re.compile(r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?")
HABITS = "social_history"
SOME = frozenset(
    {"all", "both", "several", "multiple", "many", "most", "some", "one", "two", "three", "none", "various"}
)
"""How many persons: `in several relatives`, `all of her sisters`."""
OF_PERSON = SOME | {"his", "her", "their", "my", "the", "a", "an", "pt", "patient", "'s", "’s", "own"}
"""Between a word and the person that it leads to: `by his mother`, `in both parents`."""
POSSESSIVE = frozenset({"'s", "’s"})
ILL = frozenset({"with", "w", "w/", "who", "having", "has", "had"})
"""Behind a bystander: he is the one who is ill: `lives with mother who has dementia`."""
AUXILIARIES = frozenset({"also", "is", "was", "has", "had", "have", "been", "are", "would", "very"})


@dataclass(frozen=True, slots=True)
class Scope:
    """A cue in a text and the tokens that it speaks of."""

    category: Category
    cue: tuple[int, int]
    first: int
    last: int


class Said(NamedTuple):
    """What a note says of a finding."""

    context: Context
    still: bool | None = None
    """Whether what is past is said to be there still; None where it depends on the illness."""


class ContextReader:
    """Reads the context of findings from cues and headings."""

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer) -> None:
        self._find_cues = CueFinder(lexicon, tokenizer)
        self._tells = _wordings(lexicon, Category.TELLS)
        self._beside = _wordings(lexicon, Category.BESIDE)

    def __call__(
        self,
        tokens: Sequence[Token],
        words: Sequence[str],
        sections: Sequence[Section],
        starts: Sequence[int],
        findings: Sequence[tuple[int, int]],
        *,
        done: Sequence[bool],
    ) -> tuple[Said, ...]:
        """What is said of each finding.

        Args:
            tokens: of the text.
            words: the tokens in lower case, repaired.
            sections: of each token.
            starts: first token of each token's sentence.
            findings: first and last token of each.
            done: whether each is something done or given, and not a disease or sign.
        """
        inside = {token: finding for finding in findings for token in range(finding[0], finding[1] + 1)}
        hits = self._find_cues(tokens, words, starts, inside)
        scopes = self._scopes(tokens, words, starts, inside, hits)
        himself = {first for first, _, cues in hits if any(cue.category is Category.PATIENT for cue in cues)}
        said = []
        for (first, last), is_done in zip(findings, done, strict=True):
            cues = {scope.category for scope in scopes if scope.first <= last and first <= scope.last}
            section, start = sections[first], starts[first]
            if _in_a_past_year(words, last):
                cues.add(Category.OVER)
            if words[first] == "old":
                # what is coded as old by name, such as an old infarction, is so whatever stands around it
                cues.add(Category.KNOWN)
            habits = section.key == HABITS and (not section.heading or sections[section.heading - 1].key != HABITS)
            if habits and start == section.first and Category.NEGATED in cues:
                # what somebody never did: "denies tobacco" says it of the years before
                cues.add(Category.HISTORICAL)
            # "FH: negative" and on the next line "Patient has asthma": the heading does not reach the patient
            of_patient = section.context is Category.FAMILY and start != section.first and start in himself
            if section.context is not None and not of_patient:
                cues.add(section.context)
            said.append(_said(cues, is_done))
        return tuple(said)

    def _scopes(
        self,
        tokens: Sequence[Token],
        words: Sequence[str],
        starts: Sequence[int],
        inside: dict[int, tuple[int, int]],
        hits: Sequence[Hit],
    ) -> tuple[Scope, ...]:
        """Every cue of the text with its reach."""
        scopes = []
        initials = [starts[first] for first, last, cues in hits if _initial(words, first, last, cues)]
        for place, (first, last, cues) in enumerate(hits):
            begin, end = starts[first], _sentence_end(starts, first)
            if _initial(words, first, last, cues) and initials.count(begin) < 2:
                # "M: asthma F: CAD" are the parents; alone, a letter may be anything
                continue
            answer = any(
                cue.category is Category.ABSENT and cue.reach and cue.direction is Direction.BACKWARD for cue in cues
            )
            both_ways = len({cue.direction for cue in cues}) > 1 or cues[0].direction is Direction.BOTH
            for cue in cues:
                if cue.category in (Category.PSEUDO, Category.END, Category.PATIENT):
                    continue
                forward = cue.direction is not Direction.BACKWARD
                backward = cue.direction is not Direction.FORWARD
                if cue.category is Category.FAMILY and cue.direction is Direction.BOTH:
                    forward, backward = self._of_person(words, inside, first, last, begin)
                elif both_ways and forward and cue.category in NOT_THERE and first > begin:
                    # "nausea no, fever yes" and "fracture ruled out, sprain": said of what stands before
                    forward = not answer and (first - 1 not in inside or last + 1 in inside)
                if forward:
                    stop = _forward_stop(cue, last, hits[place + 1 :], words, end, inside)
                    reach = cue.reach
                    if cue.category is Category.FAMILY and last < end and words[last + 1] in POSSESSIVE:
                        stop = min(stop, self._end_of_thing(words, last + 1, end))
                        reach = 5
                    stop = min(stop, last + reach) if reach else stop
                    scopes.append(Scope(cue.category, (first, last), last + 1, stop))
                # "pneumonia with possible effusion" doubts the effusion
                doubts_next = cue.category is Category.UNCERTAIN and both_ways and last + 1 in inside
                if backward and not doubts_next and not _leads_on(tokens, inside, first, last):
                    stop = _backward_stop(cue, hits[:place], begin)
                    stop = max(stop, first - cue.reach) if cue.reach else stop
                    scopes.append(Scope(cue.category, (first, last), stop, first - 1))
        return tuple(scope for scope in scopes if scope.first <= scope.last)

    def _of_person(
        self, words: Sequence[str], inside: dict[int, tuple[int, int]], first: int, last: int, begin: int
    ) -> tuple[bool, bool]:
        """Whether a person is the one who has what stands behind him, and what stands before him."""
        after = last + 1
        while after < len(words) and words[after] in AUXILIARIES:
            after += 1
        if after < len(words) and words[after] in self._tells:
            return False, False
        before = first - 1
        while before >= begin and (words[before] in OF_PERSON or words[before].isdigit()):
            before -= 1
        if before > begin and words[before] == "of" and words[before - 1] in SOME:
            before -= 2
        if before < begin:
            return True, False
        if words[before] in {"in", "among"}:
            return False, True
        if words[before] in DASHES or words[before] in {"(", ":"}:
            return True, before - 1 in inside
        if words[before] in self._beside:
            next_word = last + 2 if tuple(words[last + 1 : last + 3]) == (",", "who") else last + 1
            return next_word < len(words) and words[next_word] in ILL, False
        return True, False

    def _end_of_thing(self, words: Sequence[str], index: int, end: int) -> int:
        """Last token that somebody's possession reaches: `her son's toy, ankle sprain`, `his son's teacher called`."""
        while index < end and words[index + 1] != "," and words[index + 1] not in self._tells:
            index += 1
        return index


def _wordings(lexicon: Lexicon, category: Category) -> frozenset[str]:
    return frozenset(cue.text for cue in lexicon.cues if cue.category is category)


def _said(cues: set[Category], is_done: bool) -> Said:
    """What the cues around a finding make of it."""
    context = Context(
        negated=Category.NEGATED in cues or (Category.ABSENT in cues and not is_done),
        uncertain=Category.UNCERTAIN in cues,
        historical=bool(PAST & cues),
        hypothetical=Category.HYPOTHETICAL in cues or (Category.CONDITIONAL in cues and is_done),
        family=Category.FAMILY in cues,
    )
    return Said(context, False if Category.OVER in cues else True if Category.KNOWN in cues else None)


def _initial(words: Sequence[str], first: int, last: int, cues: Sequence[Cue]) -> bool:
    """Whether a cue is one letter for a parent: `M: asthma`."""
    return last == first + 1 and len(words[first]) == 1 and any(cue.category is Category.FAMILY for cue in cues)


def _leads_on(tokens: Sequence[Token], inside: dict[int, tuple[int, int]], first: int, last: int) -> bool:
    """Whether a cue apart from what is before speaks of the finding right after it: `chest pain, likely reflux`."""
    apart = first > 0 and (tokens[first - 1].text in PAUSES or (tokens[first].text == "?" and tokens[first].spaced))
    return apart and last + 1 in inside


def _in_a_past_year(words: Sequence[str], last: int) -> bool:
    """Whether a bare year stands behind a finding: `appendectomy 1975`, `MI in 2009`, `stroke in May 2010`."""
    place = last + 1
    while place < len(words) and words[place] in {"in", "(", ",", "-", "year"}:
        place += 1
    if place < len(words) and words[place - 1] == "in" and MONTH.fullmatch(words[place]):
        place += 1
    return place < len(words) and place <= last + 3 and YEAR.fullmatch(words[place]) is not None


def _sentence_end(starts: Sequence[int], index: int) -> int:
    """Last token of the sentence that a token stands in."""
    end = index
    while end + 1 < len(starts) and starts[end + 1] == starts[index]:
        end += 1
    return end


def _forward_stop(
    cue: Cue, last: int, later: Sequence[Hit], words: Sequence[str], end: int, inside: dict[int, tuple[int, int]]
) -> int:
    """Last token that a cue reaches forward."""
    of_others = cue.category is Category.FAMILY
    for first, _, cues in later:
        if first > end:
            break
        kinds = {other.category for other in cues}
        if of_others and Category.PATIENT in kinds:
            return first - 1
        if Category.END in kinds:
            # "mother, who has asthma": what a person has may begin with a word that ends other scopes
            if of_others and cue.direction is Direction.BOTH and not any(at in inside for at in range(last + 1, first)):
                continue
            return first - 1
        turns = any(
            other.category in TURNS and other.category is not cue.category and other.direction is not Direction.BACKWARD
            for other in cues
        )
        if cue.category is Category.NEGATED and turns and words[first - 1] in JOINTS:
            return first - 1
        # "possible tendinitis, no fracture" and "history of asthma, denies fever"
        denies = any(other.category is Category.NEGATED and other.direction is Direction.FORWARD for other in cues)
        if (cue.category is Category.UNCERTAIN or cue.category in PAST) and denies and words[first - 1] in JOINTS:
            return first - 1
    return end


def _backward_stop(cue: Cue, earlier: Sequence[Hit], begin: int) -> int:
    """First token that a cue reaches backward."""
    for _, last, cues in reversed(earlier):
        if last < begin:
            break
        if any(other.category in (Category.END, cue.category) for other in cues):
            return last + 1
    return begin
