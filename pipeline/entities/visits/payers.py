"""Who pays for the visit, where the note names him."""

import re
from collections.abc import Iterator

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.visits.facts import BARE, COMMON, Fact, fact_at
from pipeline.lexicon import Field, Lexicon
from pipeline.records import Page

_LABEL = re.compile(r"(?:insurance|ins|payer|payor|carrier|plan|coverage)\W*$", re.I)
_NOT_YET = re.compile(
    r"\b(?:no|not|next|when|until|if|lost|applied for|apply for|applying for|dropped)\W*(?:\w+\W+)?$", re.I
)


class PayerReader:
    """Reads who pays from a page's text, by the lexicon's wordings."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._payers = {payer.text: payer.payer for payer in lexicon.payers}
        longest = sorted(self._payers, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])", re.I)

    def __call__(self, text: PageText, page: Page) -> Iterator[Fact]:
        """The payers that a page names, in order; behind a label they are firmer."""
        for index, line in enumerate(page.lines):
            for said in self._pattern.finditer(line.text):
                before = line.text[: said.start()]
                if not _NOT_YET.search(before):
                    firmness = COMMON if _LABEL.search(before) else BARE
                    start, end = text.starts[index] + said.start(), text.starts[index] + said.end()
                    yield fact_at(text, Field.PAYER, self._payers[said.group().lower()], start, end, firmness)
