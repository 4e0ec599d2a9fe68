"""Codes that stand beside a code in the books: the default below a category, the same with a side.

A default is the code that stands for a category when the chart says no more than the category does.
"""

import re

from pipeline.codebooks.tables import SYSTEMS, Tables
from pipeline.codebooks.wording import bag
from pipeline.records import CodeSystem

_MOST_COMPARED = 40
"""More children than this are seventh characters and sites; none of them says nothing more."""
_NO_MORE = ("9", "0")
"""Last digits that are kept for "unspecified"."""
_SEVENTH = 7
_BEFORE_SEVENTH = 7
"""Where the seventh character stands in a code with its dot."""
_SIDE = re.compile(
    r"\b(unspecified|left|right|bilateral)(?= (?:upper|lower|shoulder|arm|elbow|forearm|wrist|hand|finger|thumb|"
    r"hip|thigh|knee|leg|ankle|foot|toe|ear|eye|breast|side|limb|radius|ulna|femur|tibia|fibula|humerus|clavicle|rib|"
    r"female breast|great|lesser|joint|heel|calf|ovary|kidney|testis|eyelid|cornea|quadrant|ligament|meniscus|leg)s?\b)"
    r"|(?<=, )bilateral\b"
)
_FIRST_VISIT = ("A", "0", "9")
"""Seventh characters to fall back on: initial encounter; stage or fetus not specified."""


def default_children(tables: Tables) -> dict[int, int]:
    """From each ICD category (identity) to the identity just below it that says nothing more.

    That is the child of the same words ("unspecified" aside), the first encounter among seventh
    characters, or else a child whose last digit is 9 or 0 and that says "unspecified". Many have none.
    """
    dated = {SYSTEMS.index(CodeSystem.ICD9CM), SYSTEMS.index(CodeSystem.ICD10CM)}
    display, billable = {}, {}
    by_code: dict[tuple[int, str], int] = {}
    for row, identity in enumerate(tables.row_identity.tolist()):
        system = int(tables.identity_system[identity])
        if system in dated and not tables.row_kind[row]:
            display[identity] = tables.row_display[row]
            billable[identity] = bool(tables.row_billable[row])
            by_code[system, tables.identity_code[identity].replace(".", "")] = identity
    children: dict[int, list[int]] = {}
    for (system, code), identity in by_code.items():
        for end in range(len(code) - 1, 2, -1):
            parent = by_code.get((system, code[:end].rstrip("X")))
            if parent is not None:
                children.setdefault(parent, []).append(identity)
                break
    defaults = {}
    for parent, below in children.items():
        if not billable[parent]:
            chosen = _default(tables, display, parent, below)
            if chosen is not None:
                defaults[parent] = chosen
    return defaults


def codes_before(tables: Tables) -> dict[int, int]:
    """From each code (identity) to the heading above it that was the code before it was parted, if there is one."""
    billable: dict[int, set[bool]] = {}
    for row, identity in enumerate(tables.row_identity.tolist()):
        billable.setdefault(identity, set()).add(bool(tables.row_billable[row]))
    parted = {
        (int(tables.identity_system[identity]), tables.identity_code[identity].replace(".", "")): identity
        for identity, states in billable.items()
        if len(states) > 1
    }
    found = {}
    for identity, code in enumerate(tables.identity_code):
        bare, system = code.replace(".", ""), int(tables.identity_system[identity])
        for end in range(len(bare) - 1, 2, -1):
            if (system, bare[:end]) in parted:
                found[identity] = parted[system, bare[:end]]
                break
    return found


def seventh_characters(tables: Tables) -> dict[int, list[int]]:
    """From each ICD-10-CM code that needs a seventh character to all codes that have one."""
    system = SYSTEMS.index(CodeSystem.ICD10CM)
    found = {
        code.replace(".", ""): identity
        for identity, code in enumerate(tables.identity_code)
        if int(tables.identity_system[identity]) == system
    }
    below: dict[int, list[int]] = {}
    for code, identity in found.items():
        if len(code) == _SEVENTH:
            base = found.get(code[:6].rstrip("X"))
            if base is not None:
                below.setdefault(base, []).append(identity)
    return below


def sided(tables: Tables) -> dict[int, list[int]]:
    """From each ICD-10-CM code of an unspecified side to the codes that differ from it only by naming one."""
    named: dict[tuple[str, str], list[int]] = {}
    vague: dict[tuple[str, str], int] = {}
    system = SYSTEMS.index(CodeSystem.ICD10CM)
    for row, identity in enumerate(tables.row_identity.tolist()):
        text = tables.row_display[row].lower()
        if int(tables.identity_system[identity]) != system or not _SIDE.search(text):
            continue
        code = tables.identity_code[identity]
        key = (code[:3] + str(len(code)) + code[_BEFORE_SEVENTH:], _SIDE.sub("*", text))
        if "unspecified" in _SIDE.findall(text):
            vague[key] = identity
        else:
            named.setdefault(key, []).append(identity)
    return {identity: named[key] for key, identity in vague.items() if key in named}


def _default(tables: Tables, display: dict[int, str], parent: int, below: list[int]) -> int | None:
    codes = {identity: tables.identity_code[identity].replace(".", "") for identity in below}
    if all(len(code) == _SEVENTH for code in codes.values()):
        for last in _FIRST_VISIT:
            found = [identity for identity, code in codes.items() if code.endswith(last)]
            if found:
                return found[0]
    wanted = bag(display[parent])
    same = [identity for identity in below if len(below) <= _MOST_COMPARED and bag(display[identity]) == wanted]
    if same:
        return same[-1]
    vague = [
        identity
        for identity in below
        if codes[identity].endswith(_NO_MORE) and "unspecified" in display[identity].lower()
    ]
    return max(vague, key=lambda identity: codes[identity][-1]) if vague else None
