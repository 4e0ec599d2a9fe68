"""Under which heading each word stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.entities.text.phrases import PhraseIndex
from pipeline.entities.text.tokens import Token, Tokenizer, key_of
from pipeline.lexicon import Category, Heading, Lexicon, Term

MARKERS = frozenset({":", "-", "–", "—", ")", "=", ":-", "/", ".", "#"})
ITEM_SIGNS = frozenset({"-", "*", "•", "(", ".", ")", "▪", "#", "_"})
STOPS = frozenset({".", ",", ";", ".,", ":,", ":", ")"})
NOT_UNKNOWN = 6
"""A heading that is not in the list has at most this many words."""
MISREAD_FROM = 6
"""Headings of this many letters may have any letter misread."""
ALIKE = ("il1", "o0", "s5", "f7", "b8", "g9", "mn", "hn", "un", "ce", "t7", "z2")
"""Letters that shorter headings may have one of taken for another: `HP1:`, `PNH:`, `lmp:`."""
TELLING = frozenset(
    {"revealed", "reveals", "showed", "shows", "demonstrated", "demonstrates", "disclosed", "was", "were"}
)
"""Verbs that make the words of a heading the subject of a sentence."""
SOAP = {"s": 0, "5": 0, "o": 1, "0": 1, "a": 2, "p": 3}
"""The order in which a note's four letters stand."""
LETTERS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of tokens under one heading; it ends where the next begins."""

    heading: int
    """First token of its heading."""
    first: int
    """First token after the heading."""
    key: str | None
    context: Category | None

    def in_heading(self, token: int) -> bool:
        """Whether a token of the section belongs to its heading."""
        return self.heading <= token < self.first


class SectionFinder:
    """Finds headings, with and without colon, in print, in handwriting and within a line."""

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer, terms: PhraseIndex[tuple[Term, ...]]) -> None:
        self._headings = PhraseIndex([(tokenizer.lowers(heading.text), heading) for heading in lexicon.headings])
        self._terms = terms
        self._long = {
            heading.text.casefold(): heading
            for heading in lexicon.headings
            if heading.section and len(heading.text) >= MISREAD_FROM and " " not in heading.text
        }
        self._misread = {
            other: heading
            for heading in lexicon.headings
            if heading.section and heading.text.isalpha() and 1 < len(heading.text) < MISREAD_FROM
            for other in _misreadings(heading.text.casefold())
            if other not in self._headings and terms.longest([key_of(other)], 0) is None
        }
        self._letters = {
            heading.text.casefold(): heading for heading in lexicon.headings if heading.text.lower() in SOAP
        }

    def __call__(
        self, tokens: Sequence[Token], carried: Section | None = None, hand: frozenset[int] = frozenset()
    ) -> tuple[Section, ...]:
        """The section of each token of a page.

        Args:
            tokens: of the page.
            carried: the section that the page before ended in, where the note runs on.
            hand: where lines written by hand begin, code points of the text.
        """
        words = [token.lower for token in tokens]
        letters = _letters_of_a_note(tokens, words, hand)
        current = Section(0, 0, carried.key if carried else None, carried.context if carried else None)
        found = [current]
        index = 0
        while index < len(tokens):
            by_hand = tokens[index].start in hand
            if by_hand and _ends_with_line(current, tokens, index):
                # by hand, "PMH HTN, DM" is one line; what follows is written under no heading
                current = Section(index, index, None, None)
                found.append(current)
            begins = tokens[index].begins_line or by_hand
            if index in letters:
                end, letter = letters[index]
                hit: tuple[int, Heading | None] | None = end, self._letters[letter]
            elif self._may_begin(tokens, index, begins):
                hit = self._heading_at(tokens, words, index, begins, current)
            else:
                hit = None
            if hit is None:
                index += 1
                continue
            end, heading = hit
            if heading is None:
                if current.context is not None or current.key == "allergies":
                    current = Section(index, index, None, None)
                    found.append(current)
            elif heading.section is None:
                found.append(Section(index, end, current.key, current.context))
            else:
                current = Section(index, end, heading.section, heading.context)
                found.append(current)
            index = end
        ends = [section.heading for section in found[1:]] + [len(tokens)]
        return tuple(section for section, end in zip(found, ends, strict=True) for _ in range(section.heading, end))

    def _may_begin(self, tokens: Sequence[Token], index: int, begins: bool) -> bool:
        token = tokens[index]
        if begins:
            return token.text[0].isalpha()
        before = tokens[index - 1]
        if before.text in STOPS:
            return True
        # "1. Plan:" and "- CC:": an item's sign stands before the heading of a line
        if before.begins_line and (before.text in ITEM_SIGNS or before.text.isdigit()):
            return True
        return token.text[0].isupper() or token.lower in self._misread

    def _heading_at(
        self, tokens: Sequence[Token], words: Sequence[str], index: int, begins: bool, current: Section
    ) -> tuple[int, Heading | None] | None:
        """Where a heading that begins here ends, and which it is; None stands for one that is not in the list."""
        starts_line = begins or (index > 0 and tokens[index - 1].text in STOPS)
        hit = self._headings.longest(words, index)
        if hit is not None:
            length, heading = hit
            end = index + length
            colon = _marker(tokens, end)
            if colon and (starts_line or tokens[end].text == ":"):
                return end + 1, heading
            alone = end == len(tokens) or tokens[end].begins_line
            # "FHx CAD PMHx GERD": a line that begins with a heading goes on with others
            if heading.bare and not begins and tokens[index].text[:2].isupper() and _history(heading.section):
                return (end, heading) if _history(current.key) and _on_its_line(current, tokens, index) else None
            if begins and heading.section is not None:
                if alone and (len(heading.text) > 1 or tokens[index].text.isupper()):
                    return end, heading
                if heading.bare and tokens[index].text[0].isupper():
                    # "Physical examination revealed rales" is a sentence under no heading
                    return end, None if heading.context is None and not alone and words[end] in TELLING else heading
                # "PE lungs clear", but not "PE ruled out"
                inner = None if alone or len(heading.text) == 1 else self._headings.longest(words, end)
                if inner is not None and inner[1].section is None:
                    return end, heading
            return None
        followed = _marker(tokens, index + 1) == ":"
        misread = self._misread.get(words[index])
        # "LMP: 3/2" is the last period and no impression
        if misread and followed and (starts_line or not words[index].isalpha()) and not _number(tokens, index + 2):
            return index + 2, misread
        if not starts_line:
            return None
        if words[index][-1] == "/" and words[index][:-1] in self._headings and _goes_on(tokens, index + 1):
            slashed = self._headings.longest([words[index][:-1]], 0)
            return (index + 1, slashed[1]) if slashed and slashed[1].section else None
        if followed and len(words[index]) >= MISREAD_FROM:
            best = process.extractOne(words[index], self._long.keys(), scorer=OSA.distance, score_cutoff=1)
            if best is not None:
                return index + 2, self._long[best[0]]
        end = index
        while (
            end < len(tokens)
            and end - index < NOT_UNKNOWN
            and not (end > index and tokens[end].begins_line)
            and (tokens[end].text.isupper() or tokens[end].text == "/")
        ):
            end += 1
        if end > index and _marker(tokens, end) == ":" and tokens[index].text.isalpha() and len(words[index]) > 2:
            # "HYPERTENSION: stable" in a list of problems is a finding and not a heading
            return (
                (end + 1, None) if self._terms.longest([token.key for token in tokens[index:end]], 0) is None else None
            )
        return None


def _letters_of_a_note(
    tokens: Sequence[Token], words: Sequence[str], hand: frozenset[int]
) -> dict[int, tuple[int, str]]:
    """Where S, O, A and P begin lines without being marked well, and where each ends.

    One letter at the beginning of a line may be any word; three of the four in their order are a note's, and so is
    an A with the next such letter a P, unless a number follows: `P 72` is a pulse.
    """
    run: list[tuple[int, int, str]] = []
    found: dict[int, tuple[int, str]] = {}
    for index, token in enumerate(tokens):
        if not token.begins_line and token.start not in hand:
            continue
        letter = _letter_at(tokens, words, index)
        if letter is None:
            continue
        if run and SOAP[letter[1]] <= SOAP[run[-1][2]]:
            run = []
        run.append((index, *letter))
        if len(run) >= LETTERS_NEEDED or _assessed_and_planned(run, tokens):
            found.update((first, (end, each)) for first, end, each in run)
    return found


def _assessed_and_planned(run: Sequence[tuple[int, int, str]], tokens: Sequence[Token]) -> bool:
    """Whether the last two letters are an assessment with its plan."""
    if [letter for _, _, letter in run[-2:]] != ["a", "p"]:
        return False
    return not any(_number(tokens, end) and not tokens[end].begins_line for _, end, _ in run[-2:])


def _letter_at(tokens: Sequence[Token], words: Sequence[str], index: int) -> tuple[int, str] | None:
    """Where one of the four letters that begins a line ends, its sign included, and which it is."""
    signed = words[index : index + 3]
    if len(signed) == 3 and signed[0] == "(" and signed[1] in SOAP and signed[2] == ")":
        return index + 3, _as_letter(signed[1])
    word = words[index].removesuffix("/")
    if word not in SOAP:
        return None
    marked = _marker(tokens, index + 1) is not None or _dotted(tokens, index + 1)
    if word.isdigit() and not (marked and tokens[index + 1].text == ":"):
        return None
    if marked:
        return index + 2, _as_letter(word)
    alone = index + 1 == len(tokens) or tokens[index + 1].begins_line or tokens[index + 1].spaced
    return (index + 1, word) if alone and tokens[index].text[0].isupper() else None


def _dotted(tokens: Sequence[Token], index: int) -> bool:
    """Whether a full stop with a word apart behind it stands here: `A. asthma`, but not `P.O.`."""
    return index < len(tokens) and tokens[index].text == "." and _goes_on(tokens, index + 1)


def _as_letter(word: str) -> str:
    return {"5": "s", "0": "o"}.get(word, word)


def _misreadings(word: str) -> Iterator[str]:
    """What a heading may be taken for with one letter misread; of two letters, only where a number shows it."""
    for index, letter in enumerate(word):
        for other in {sign for alike in ALIKE if letter in alike for sign in alike} - {letter}:
            if len(word) > 2 or other.isdigit():
                yield word[:index] + other + word[index + 1 :]


def _number(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].text[0].isdigit()


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word follows on the same line, apart."""
    return index < len(tokens) and not tokens[index].begins_line and tokens[index].spaced


def _ends_with_line(section: Section, tokens: Sequence[Token], index: int) -> bool:
    """Whether a section of other times or people had its text on its heading's own line."""
    return (
        section.context is not None
        and section.first < index
        and section.heading < section.first
        and not tokens[section.first].begins_line
    )


def _history(section: str | None) -> bool:
    return section is not None and section.endswith("_history")


def _on_its_line(section: Section, tokens: Sequence[Token], index: int) -> bool:
    """Whether a token stands on the line that a section's heading begins."""
    line = tokens[section.heading + 1 : index + 1]
    return section.heading < section.first and not any(token.begins_line for token in line)


def _marker(tokens: Sequence[Token], index: int) -> str | None:
    """The sign that makes a heading of the words before it."""
    if index >= len(tokens) or tokens[index].begins_line:
        return None
    text = tokens[index].text
    if text in {":", ":-", "="}:
        return ":"
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    # "CC - cough" and "S) cough", but not "follow-up" and not "P.O."
    if text in {"-", "–", "—"} and tokens[index].spaced:
        return text
    if text == ")" and (after is None or after.spaced):
        return text
    return None
