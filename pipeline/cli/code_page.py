"""How the page of a code is shown: to people and as JSON."""

from dataclasses import asdict
from datetime import date
from itertools import groupby

from rich.markup import escape

from pipeline.cli.screen import out, print_json
from pipeline.codebooks.pages import CodePage, Mapped, Span
from pipeline.records import Code, CodeSystem

_KINDS = {
    "includes": "Includes",
    "excludes": "Excludes",
    "excludes1": "Excludes1 (never together)",
    "excludes2": "Excludes2 (not included here)",
    "code_first": "Code first",
    "use_additional": "Use additional code",
    "inclusion": "Stands for",
    "note": "Note",
}
_MOST_CHILDREN = 60
_OTHER = {CodeSystem.ICD9CM: "ICD-10-CM", CodeSystem.ICD10CM: "ICD-9-CM"}
HOSPITALS_ONLY = "Volume 3: a procedure of hospitals, never on a professional claim."


def print_page(page: CodePage) -> None:
    """A code as people read it."""
    code = page.code
    for depth, parent in enumerate(page.parents):
        out.print(f"{'  ' * depth}[dim]{parent.code}  {escape(parent.display)}[/]")
    note = "" if code.billable else "  [yellow]not billable: needs a more specific code[/]"
    out.print(f"{'  ' * len(page.parents)}[bold]{code.system} {code.code}[/]  {escape(code.display)}{note}")
    if code.system is CodeSystem.ICD9PCS:
        out.print(f"  {HOSPITALS_ONLY}")
    for span in page.spans:
        out.print(f"  {escape(_spanned(span, several=len(page.spans) > 1))}")
    if page.children and not code.billable:
        out.print("  Choose one of:")
        for child in page.children[:_MOST_CHILDREN]:
            more = "" if child.billable else "  (has finer codes)"
            out.print(f"    {child.code:9} {escape(child.display)}{more}")
        if len(page.children) > _MOST_CHILDREN:
            out.print(f"    and {len(page.children) - _MOST_CHILDREN:,} more")
    for (kind, at), notes in groupby(page.notes, key=lambda n: (n.kind, n.code)):
        out.print(f"  {_KINDS.get(kind, kind)}{'' if at == code.code else f' (at {at})'}:")
        for each in notes:
            out.print(f"    {escape(each.text)}")
    if page.synonyms:
        out.print(f"  Also called: {escape('; '.join(page.synonyms))}")
    if page.maps:
        out.print(f"  In {_OTHER[code.system]} by the general equivalence maps (a hint, it chooses no code):")
        for mapped in page.maps:
            out.print(f"    {escape(_mapped(mapped))}")


def print_page_json(page: CodePage) -> None:
    """A code as a JSON object."""
    print_json(
        {
            **plain_code(page.code),
            "validity": [
                {name: _written(value) for name, value in asdict(span).items()}
                | {"proven": span.proven_from is not None}
                for span in page.spans
            ],
            "parents": [plain_code(code) for code in page.parents],
            "children": [plain_code(code) for code in page.children],
            "notes": [{"code": note.code, "kind": note.kind, "text": note.text} for note in page.notes],
            "synonyms": list(page.synonyms),
            "maps": [asdict(mapped) for mapped in page.maps],
        }
    )


def plain_code(code: Code) -> dict[str, object]:
    """A code as a JSON object, without what stands around it."""
    return {
        "system": code.system,
        "code": code.code,
        "display": code.display,
        "billable": code.billable,
        "kind": code.kind,
    }


def _spanned(span: Span, *, several: bool) -> str:
    what = f"{span.display}, {'billable' if span.billable else 'not billable'}: " if several else ""
    proven = _days(span.proven_from, span.proven_to)
    known = f"proven {proven}" if proven else "no loaded book proves its validity"
    possible = _days(span.valid_from, span.valid_to)
    outside = f" (in force only {possible})" if possible and possible != proven else ""
    return f"{what}{known}{outside}; {span.book}"


def _days(begins: date | None, ends: date | None) -> str:
    first = f"from {begins}" if begins is not None else ""
    last = f"to {ends}" if ends is not None else ""
    return f"{first} {last}".strip()


def _mapped(mapped: Mapped) -> str:
    how = "approximate" if mapped.approximate else "exact"
    if mapped.scenario:
        how += f", combination {mapped.scenario}, part {mapped.choice}"
    return f"{mapped.code:9} {mapped.display}  [{how}]"


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
