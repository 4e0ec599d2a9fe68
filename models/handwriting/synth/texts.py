"""What the lines say: running text of notes, shorthand of clinics, names, numbers, prose and words of all kinds."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from wordfreq import top_n_list, zipf_frequency

from models.handwriting.synth.fonts import ALLOWED

HERE = Path(__file__).parent
LONGEST = 90
SLOT = re.compile(r"\{([^{}]+)\}")
RANGE = re.compile(r"(\d+)-(\d+)$")
STARTS, MIDDLES, JOINS, ENDS = (
    sounds.split(" ")
    for sounds in (
        "B C D F G H J K L M N P R S T V W Z Br Ch Cl Cr Dr Fl Fr Gr Kr Ph Pl Pr Qu Sch Sh St Th Tr X Y",
        "a e i o u ai au ea ee ie oi ou y eau oo",
        "b c ck d f g h j k l ll m mm n nn nd nt p r rr rt s ss st t tt v w x z lm rb gn",
        " b c d e er es et ez ert in is k l le n ne ng nski o on ois r rd s son t te ux x y z man ski",
    )
)


def sections(path: Path) -> dict[str, list[str]]:
    """Return the lines under each [heading] of a file; a line that opens with a slot in brackets is no heading."""
    found: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            current = found.setdefault(line[1:-1], [])
        else:
            current.append(line)
    return found


def transcriptions(path: Path) -> str:
    """Return the running text of a table with a column `transcription`, or of every .txt file of a folder."""
    if path.is_dir():
        return " ".join(file.read_text(errors="replace") for file in sorted(path.glob("*.txt")))
    csv.field_size_limit(10_000_000)
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return " ".join(row["transcription"] or "" for row in rows)


class Texts:
    """Draws texts of lines; each call gives one of 1 to 90 characters of ALLOWED."""

    def __init__(self, notes: Path, rng: np.random.Generator) -> None:
        self.rng = rng
        self.grammar = sections(HERE / "phrases.txt")
        names = {key: " ".join(lines).split() for key, lines in sections(HERE / "names.txt").items()}
        self.grammar |= names
        # the table's commas stand where lines ended, often after the sign that ended them
        running = re.sub(r"([.,:;?])(\s*,)+", r"\1 ", transcriptions(notes))
        running = re.sub(r"\s+([.,:;])", r"\1", running)
        self.notes = [word for word in running.split() if ALLOWED.issuperset(word)]
        counts = Counter(re.findall(r"\b[a-z]{5,15}\b", running.lower()))
        self.grammar["rare"] = [w for w, n in counts.items() if n > 1 and zipf_frequency(w, "en") < 2.6]
        self.common = [w for w in top_n_list("en", 60_000) if ALLOWED.issuperset(w) and w.isascii()]
        self.makers: dict[str, Callable[[], str]] = {
            "word": self.word,
            "made": self.made,
        }

    def pick(self, options: list[str]) -> str:
        """Return one of the options, each as likely."""
        return options[int(self.rng.integers(len(options)))]

    def word(self) -> str:
        """Return an English word, half of them among the commonest thousand or so."""
        reach = 1200 if self.rng.random() < 0.4 else len(self.common)
        return self.common[int(reach * self.rng.random() ** 1.5)]

    def made(self) -> str:
        """Return a name that nobody may bear but that can be said."""
        body = "".join(self.pick(MIDDLES) + self.pick(JOINS) for _ in range(1 + int(self.rng.random() < 0.45)))
        start = self.pick(STARTS) if self.rng.random() < 0.85 else ""
        return (start + body + self.pick(MIDDLES)[:1] + self.pick(ENDS)).capitalize()

    def slot(self, name: str) -> str:
        """Return what stands in for a slot: a number of a range, digits, letters, or a line of a section."""
        if span := RANGE.match(name):
            low, high = span.groups()
            number = str(self.rng.integers(int(low), int(high) + 1))
            return number.zfill(len(low)) if low[0] == "0" and len(low) > 1 else number
        if set(name) <= {"#", "A"}:
            return "".join(
                str(self.rng.integers(10)) if c == "#" else chr(65 + int(self.rng.integers(26))) for c in name
            )
        for key in (name, name.lower(), name.capitalize()):
            if key in self.makers or key in self.grammar:
                said = self.makers[key]() if key in self.makers else self.fill(self.pick(self.grammar[key]))
                if name.isupper():
                    return said.upper()
                if name[0].isupper() and key[0].islower():
                    return said[:1].upper() + said[1:]
                return said
        raise KeyError(name)

    def name(self) -> str:
        """Return a name as it is printed into a form's field, now and then a date or number."""
        return self.fill(
            self.pick(["{LAST}", "{FIRST}", "{MADE}", "{LAST}", "{FIRST}", "{Last}", "{First}", "{date}", "{#####}"])
        )

    def fill(self, line: str) -> str:
        """Return a line with every slot filled."""
        return SLOT.sub(lambda match: self.slot(match[1]), line)

    def running(self) -> str:
        """Return a piece of a note, 20 to 70 characters long."""
        at, room = int(self.rng.integers(len(self.notes) - 40)), int(self.rng.integers(20, 71))
        line = self.notes[at]
        for word in self.notes[at + 1 : at + 40]:
            if len(line) + 1 + len(word) > room:
                break
            line += " " + word
        return line

    def __call__(self) -> str:
        """Return the text of one line."""
        while True:
            draw = self.rng.random()
            if draw < 0.35:
                text = self.running()
            elif draw < 0.60:
                text = self.fill(self.pick(self.grammar["word"]))
            elif draw < 0.80:
                text = self.fill(self.pick(self.grammar["shorthand"]))
                while len(text) < 40 and self.rng.random() < 0.25:
                    text += self.pick([" ", ", ", "; ", " - "]) + self.fill(self.pick(self.grammar["shorthand"]))
            else:
                text = self.fill(self.pick(self.grammar["prose"]))
                text = text[:1].upper() + text[1:] if self.rng.random() < 0.5 else text
            case = self.rng.random()
            text = (
                text.upper() if case < 0.08 else text.lower() if case < 0.14 else text.title() if case < 0.17 else text
            )
            text = " ".join(text.split())
            if 0 < len(text) <= LONGEST and ALLOWED.issuperset(text):
                return text
