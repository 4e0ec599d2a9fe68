"""Whether the provider himself advised on the vaccines of a visit; a nurse's advice does not count."""

import re

_REACH_BACK, _REACH_ON = 220, 120
"""Code points before and behind the words of advice in which vaccines may stand."""
_WHO = r"(?:by\s(?:me|md|dr\b\.?|doctor|provider|physician|np|pa\b)|\bI\b|\bmd\b|\bdr\b\.?|physician|provider)"
_TOLD = r"(?:counsel+(?:l?ed|l?ing)?|discussed|explained|reviewed|talked)"
_ADVICE = re.compile(rf"(?:{_WHO}[^.;\n]{{0,30}}?\b{_TOLD}|\b{_TOLD}\b[^.;\n]{{0,40}}?{_WHO})", re.IGNORECASE)
_OTHER = re.compile(r"smok|tobacco|diet|exercise|weight|contracept|condom|cessation|etoh|alcohol|drug", re.IGNORECASE)
_NURSE = re.compile(r"\b(?:nurse|rn|lpn|ma|cma)\b[^.;\n]{0,20}$", re.IGNORECASE)


def advised(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a page in which a vaccine counts as advised on by the provider."""
    found = []
    for match in _ADVICE.finditer(text):
        around = text[match.start() : match.end() + 25]
        if not _OTHER.search(around) and not _NURSE.search(text[match.start() : match.end()]):
            found.append((match.start() - _REACH_BACK, match.end() + _REACH_ON))
    return tuple(found)
