import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from pipeline.codebooks.importing.icd10_files import read_icd10_files
from pipeline.codebooks.importing.imported import Imported, unpacked
from pipeline.errors import UsageError

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2017</version><chapter><name>4</name>
<section id="E00-E07"/>
<section id="E08-E13"><excludes1><note>sugar of mothers (O24)</note></excludes1>
<diag><name>E11</name><desc>Sugar sickness</desc>
<useAdditionalCode><note>code to name the pill:</note><note>white (Z79.84)</note></useAdditionalCode>
<diag><name>E11.0</name><desc>Sugar sickness with sleep</desc>
<inclusionTerm><note>Sleeping sugar</note></inclusionTerm></diag>
<diag><name>E11.9</name><desc>Sugar sickness alone</desc>
<sevenChrDef><extension char="A">first</extension><extension char="D">later</extension></sevenChrDef></diag>
</diag></section></chapter></ICD10CM.tabular>
"""
INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2017</version><title>INDEX TO DISEASES</title><letter><title>S</title>
<mainTerm><title>Sugar<nemod>(sweet)</nemod></title><code>E11.9</code><seeAlso>Sweetness</seeAlso>
<term level="1"><title>with</title>
<term level="2"><title>sleep</title><code>E11.0</code><manif>G47</manif></term></term>
<term level="1"><title>dry</title><code>E11.-</code></term></mainTerm>
<mainTerm><title>Sweets</title><see>Sugar, dry</see></mainTerm>
</letter></ICD10CM.index>
"""


def read(name: str, content: str | bytes) -> Imported | None:
    return read_icd10_files(name, content.encode() if isinstance(content, str) else content)


def packed(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.xml", text)
    return content.getvalue()


def test_the_tabular_list_is_of_its_fiscal_year_with_notes_and_seventh_characters() -> None:
    imported = read("tabular.xml", TABULAR)
    assert imported is not None
    assert imported.part == "tabular list"
    assert (imported.book.valid_from, imported.book.valid_to) == (date(2016, 10, 1), date(2017, 9, 30))
    volume = unpacked(imported)
    assert [(entry.code, entry.billable) for entry in volume.entries] == [
        ("E11", False),
        ("E11.0", True),
        ("E11.9", False),
        ("E11.9XXA", True),
        ("E11.9XXD", True),
    ]
    assert [(note.code, note.kind, note.text) for note in volume.notes] == [
        ("E08-E13", "excludes1", "sugar of mothers (O24)"),
        ("E11", "use_additional", "code to name the pill white (Z79.84)"),
        ("E11.0", "inclusion", "Sleeping sugar"),
    ]


def test_the_index_gives_wordings_with_their_paths() -> None:
    imported = read(
        "index.xml", INDEX.replace("</letter>", "<mainTerm><title>Q</title><code>Q1</code></mainTerm></letter>")
    )
    assert imported is not None
    assert {(text, code, path) for code, _, text, path in imported.tables["wordings"]} >= {
        ("sugar", "E11.9", "Sugar (sweet) E11.9"),
        ("sugar with sleep", "E11.0", "Sugar (sweet), with, sleep E11.0 [G47]"),
        ("dry sugar", "E11", "Sugar (sweet), dry E11"),
        ("sweets", "E11", "Sweets - see Sugar, dry E11"),
    }
    assert imported.tables["cross references"] == [
        ("Sugar (sweet)", "see also", "Sweetness"),
        ("Sweets", "see", "Sugar, dry"),
    ]


def test_a_zip_of_both_is_one_part() -> None:
    imported = read("full.zip", packed(tabular=TABULAR, index=INDEX))
    assert imported is not None
    assert imported.part == "all files"
    assert {"codes", "notes", "wordings", "cross references"} == imported.tables.keys()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (TABULAR[:700], "is not whole XML"),
        (TABULAR.replace("<ICD10CM.tabular>", '<!DOCTYPE x [<!ENTITY a "b">]><ICD10CM.tabular>'), "declares entities"),
        (TABULAR.replace("2017", "soon"), "does not tell one fiscal year"),
        (TABULAR.replace("E11.9", "E11.0"), "holds E11.0 a second time"),
        (TABULAR.replace("E11.9", "rubbish"), "has 'rubbish' where a code"),
        (TABULAR.replace("<chapter>", "<diag>" * 100 + "</diag>" * 100 + "<chapter>"), "nested deeper"),
        (INDEX.replace("code>", "cod>"), "hardly a code"),
    ],
)
def test_a_wrong_file_of_nchs_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read("icd10cm.xml", content)


def test_other_xml_is_none_of_it() -> None:
    assert read("a.xml", "<a/>") is None
    assert read("a.zip", packed(drugs="<x/>")) is None
    drugs = INDEX.replace("<letter>", "<indexHeading><head>Substance</head></indexHeading><letter>")
    assert read("drug.xml", drugs) is None


def test_the_official_files_of_2017_are_read(official: Callable[[str], bytes]) -> None:
    name = "ICD10CM_FY2017_Full_XML.zip"
    imported = read(name, official(name))
    assert imported is not None
    assert sum(billable == "1" for _, _, billable, *_ in imported.tables["codes"]) == 71_486
    assert sum(source == "INDEX" for _, source, *_ in imported.tables["wordings"]) > 100_000
    assert len(imported.tables["notes"]) > 21_000
