"""Which product a vaccine is: by its words, the day, the patient's age and who pays."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.codebooks.starter import FORMS, day, parted, rows
from pipeline.coding.choices import Visit
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Entity

TABLE = Path(__file__).parent / "vaccines.tsv"
WAYS = ("needle", "nose", "mouth")
_COLUMNS = ("words", "also", "from", "to", "ages", "payer", "product", "way", "parts", "medicare", "icd9")
_AGES = re.compile(r"(\d{1,2})-(\d{0,2})")
_SAID = {"pf": re.compile(r"\bpf\b|preservative|p\.f\."), "quad": re.compile(r"\bquad|\biiv4|\bqiv")}
"""How the words of `also` are written where that is in more than one way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccine:
    """A row of the table."""

    place: int
    """Of the row; the more exact a name, the earlier it stands."""
    words: re.Pattern[str]
    also: tuple[re.Pattern[str], ...]
    begins: date | None
    ends: date | None
    youngest: int | None
    oldest: int | None
    payer: str | None
    system: CodeSystem
    product: str
    way: str
    parts: int
    medicare: str | None
    icd9: str

    def fits(self, mention: str, around: str, visit: Visit) -> bool:
        """Whether a mention means it at this visit; an age that is not known rules out no adult's product."""
        if not self.words.search(mention) or not all(word.search(around) for word in self.also):
            return False
        if visit.on is not None and (
            (self.begins is not None and visit.on < self.begins) or (self.ends is not None and visit.on > self.ends)
        ):
            return False
        if self.youngest is not None and (visit.age if visit.age is not None else 40) < self.youngest:
            return False
        if self.oldest is not None and (visit.age if visit.age is not None else 40) > self.oldest:
            return False
        return self.payer is None or self.payer == visit.payer


class Products:
    """Knows the table."""

    def __init__(self, path: Path = TABLE) -> None:
        self._vaccines = load_vaccines(path)

    def __call__(self, entity: Entity, visit: Visit) -> Vaccine | None:
        """The vaccine that an entity names; None where it names none."""
        mention = f"{entity.text} {entity.normalized}".lower()
        around = f"{mention} {entity.clause} {entity.line}".lower()
        return next((each for each in self._vaccines if each.fits(mention, around, visit)), None)


def load_vaccines(path: Path = TABLE) -> tuple[Vaccine, ...]:
    """Read the table, in its order.

    Raises:
        SetupError: a row does not fit.
    """
    found: list[Vaccine] = []
    for place, row in rows(path, _COLUMNS):
        words, also, begins, ends, ages, payer, product, way, parts, medicare, icd9 = row
        systems = [s for s in (CodeSystem.CPT, CodeSystem.HCPCS) if FORMS[s].fullmatch(product)]
        span = _AGES.fullmatch(ages) if ages else None
        if not parted(words) or not systems or way not in WAYS or not parts.isdigit() or (ages and span is None):
            raise SetupError(f"{place} is not a vaccine with its words, product, way and number of components.")
        if not FORMS[CodeSystem.ICD9CM].fullmatch(icd9) or (
            medicare and not FORMS[CodeSystem.HCPCS].fullmatch(medicare)
        ):
            raise SetupError(f"{place} has no reason by ICD-9-CM, or a number for Medicare that is none of HCPCS.")
        found.append(
            Vaccine(
                place=len(found),
                words=_pattern(parted(words)),
                also=tuple(_SAID.get(word) or _pattern((word,)) for word in parted(also)),
                begins=day(begins, place, first=True),
                ends=day(ends, place, first=False),
                youngest=int(span[1]) if span else None,
                oldest=int(span[2]) if span and span[2] else None,
                payer=payer or None,
                system=systems[0],
                product=product,
                way=way,
                parts=int(parts),
                medicare=medicare or None,
                icd9=icd9,
            )
        )
    return tuple(found)


def _pattern(words: tuple[str, ...] | list[str]) -> re.Pattern[str]:
    longest = sorted((re.escape(word).replace(r"\ ", r"[\s-]") for word in words), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest)})(?![\w-])")
