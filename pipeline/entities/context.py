"""What a note says of a finding: negated, doubted, past, only imagined, or somebody else's.

After ConText: a cue speaks of the findings in its scope, forward or backward, up to the end of its
sentence or to a word that turns the sentence. The longest wording at a place wins, so that
`no increase` keeps `no` from negating.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.entities.phrases import PhraseIndex
from pipeline.entities.sections import Section
from pipeline.entities.sentences import sentence_starts
from pipeline.entities.tokens import Token, Tokenizer
from pipeline.lexicon import Category, Cue, Direction, Lexicon
from pipeline.records import Context

JOINTS = frozenset({",", "and", "with", "&"})
"""A cue of another kind behind one of these begins another thought: `no fever, history of asthma`."""
PAUSES = frozenset({",", ".", ";", ")", "/"})
YEAR = re.compile(r"(?:19|20)\d\d")
TURNS = frozenset({Category.HISTORICAL, Category.UNCERTAIN, Category.FAMILY, Category.HYPOTHETICAL})


@dataclass(frozen=True, slots=True)
class Scope:
    """A cue in a text and the tokens that it speaks of."""

    category: Category
    cue: tuple[int, int]
    first: int
    last: int


class ContextReader:
    """Reads the context of findings from cues and headings."""

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer) -> None:
        wordings: defaultdict[tuple[str, ...], list[Cue]] = defaultdict(list)
        for cue in lexicon.cues:
            wordings[tokenizer.lowers(cue.text)].append(cue)
        self._index = PhraseIndex([(words, tuple(cues)) for words, cues in wordings.items()])

    def __call__(
        self,
        tokens: Sequence[Token],
        words: Sequence[str],
        sections: Sequence[Section],
        findings: Sequence[tuple[int, int]],
        *,
        done: Sequence[bool],
        chronic: Sequence[bool],
        soft: frozenset[int] = frozenset(),
    ) -> tuple[Context, ...]:
        """The context of each finding.

        Args:
            tokens: of the text.
            words: the tokens in lower case, repaired.
            sections: of each token.
            findings: first and last token of each.
            done: whether each is something done or given, and not a disease or sign.
            chronic: whether each is an illness that lasts; under past history it is present.
            soft: where lines begin that only may go on with the line before, code points of the text.
        """
        inside = {token: finding for finding in findings for token in range(finding[0], finding[1] + 1)}
        scopes = self.scopes(tokens, words, sections, inside, soft)
        contexts = []
        for (first, last), is_done, lasts in zip(findings, done, chronic, strict=True):
            said = {scope.category for scope in scopes if scope.first <= last and first <= scope.last}
            if _in_a_past_year(words, last):
                said.add(Category.HISTORICAL)
            section = sections[first].context
            if section is not None and not (lasts and section is Category.HISTORICAL):
                said.add(section)
            negated = Category.NEGATED in said or (Category.ABSENT in said and not is_done)
            contexts.append(
                Context(
                    negated=negated,
                    uncertain=Category.UNCERTAIN in said,
                    # "no h/o fracture": what never was is not past
                    historical=Category.HISTORICAL in said and not negated,
                    hypothetical=Category.HYPOTHETICAL in said or (Category.CONDITIONAL in said and is_done),
                    family=Category.FAMILY in said,
                )
            )
        return tuple(contexts)

    def scopes(
        self,
        tokens: Sequence[Token],
        words: Sequence[str],
        sections: Sequence[Section],
        inside: dict[int, tuple[int, int]],
        soft: frozenset[int] = frozenset(),
    ) -> tuple[Scope, ...]:
        """Every cue of the text with its reach; what lies within a finding's own words is no cue."""
        starts = sentence_starts(tokens, sections, soft)
        hits = self._hits(words, starts, inside)
        scopes = []
        for place, (first, last, cues) in enumerate(hits):
            begin, end = starts[first], _sentence_end(starts, first)
            for cue in cues:
                if cue.category in (Category.PSEUDO, Category.END):
                    continue
                if cue.direction is not Direction.BACKWARD:
                    stop = _forward_stop(cue, hits[place + 1 :], words, end)
                    stop = min(stop, last + cue.reach) if cue.reach else stop
                    scopes.append(Scope(cue.category, (first, last), last + 1, stop))
                if cue.direction is not Direction.FORWARD and not _leads_on(words, inside, first, last):
                    stop = _backward_stop(cue, hits[:place], begin)
                    stop = max(stop, first - cue.reach) if cue.reach else stop
                    scopes.append(Scope(cue.category, (first, last), stop, first - 1))
        return tuple(scope for scope in scopes if scope.first <= scope.last)

    def _hits(
        self, words: Sequence[str], starts: Sequence[int], inside: dict[int, tuple[int, int]]
    ) -> list[tuple[int, int, tuple[Cue, ...]]]:
        """First and last token of each cue wording, in order."""
        hits = []
        index = 0
        while index < len(words):
            hit = self._index.longest(words, index)
            if hit is None:
                index += 1
                continue
            last = index + hit[0] - 1
            finding = inside.get(index)
            within = finding is not None and finding[0] <= index and last <= finding[1]
            cues = tuple(cue for cue in hit[1] if _answers(cue, words, starts, last))
            if within or starts[last] != starts[index] or not cues:
                index += 1
                continue
            hits.append((index, last, cues))
            index = last + 1
        return hits


def _leads_on(words: Sequence[str], inside: dict[int, tuple[int, int]], first: int, last: int) -> bool:
    """Whether a cue behind a comma speaks of the finding right after it: `chest pain, likely reflux`."""
    return first > 0 and words[first - 1] in PAUSES and last + 1 in inside


def _answers(cue: Cue, words: Sequence[str], starts: Sequence[int], last: int) -> bool:
    """Whether the short answer of a list (`fever: no`) ends here, and is not the beginning of `no fracture`."""
    if cue.category is not Category.ABSENT or cue.reach is None:
        return True
    return last + 1 == len(words) or starts[last + 1] != starts[last] or words[last + 1] in PAUSES


def _in_a_past_year(words: Sequence[str], last: int) -> bool:
    """Whether a bare year stands behind a finding: `appendectomy 1975`, `MI in 2009`."""
    place = last + 1
    while place < len(words) and words[place] in {"in", "(", ",", "-", "since", "year"}:
        place += 1
    return place < len(words) and place <= last + 3 and YEAR.fullmatch(words[place]) is not None


def _sentence_end(starts: Sequence[int], index: int) -> int:
    """Last token of the sentence that a token stands in."""
    end = index
    while end + 1 < len(starts) and starts[end + 1] == starts[index]:
        end += 1
    return end


def _forward_stop(cue: Cue, later: Sequence[tuple[int, int, tuple[Cue, ...]]], words: Sequence[str], end: int) -> int:
    """Last token that a cue reaches forward."""
    for first, _, cues in later:
        if first > end:
            break
        if any(other.category is Category.END for other in cues):
            return first - 1
        turns = any(
            other.category in TURNS and other.category is not cue.category and other.direction is not Direction.BACKWARD
            for other in cues
        )
        if cue.category is Category.NEGATED and turns and words[first - 1] in JOINTS:
            return first - 1
        # "possible tendinitis, no fracture"
        denies = any(other.category is Category.NEGATED and other.direction is Direction.FORWARD for other in cues)
        if cue.category is Category.UNCERTAIN and denies and words[first - 1] in JOINTS:
            return first - 1
    return end


def _backward_stop(cue: Cue, earlier: Sequence[tuple[int, int, tuple[Cue, ...]]], begin: int) -> int:
    """First token that a cue reaches backward."""
    for _, last, cues in reversed(earlier):
        if last < begin:
            break
        if any(other.category in (Category.END, cue.category) for other in cues):
            return last + 1
    return begin
