import json
import sqlite3
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.store.audit_rows import Act
from tests.cli.command import inkchart


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three entries."""
    folder = tmp_path_factory.mktemp("audited")
    (folder / "data").mkdir()
    log = open_store(Settings(data_dir=folder / "data", inbox_dir=folder / "inbox")).audit
    for detail in ("csv 1", "csv 2", "csv 3"):
        log.write(Act.EXPORT, who="dana", vouched=True, detail=detail)
    return folder


def test_a_whole_chain_is_proven_by_the_head_that_was_written_down(folder: Path) -> None:
    ran = inkchart("audit", "verify", "--json", folder=folder)
    (proof,) = ran.objects()
    assert (ran.code, proof["fault"], proof["broken_at"]) == (0, None, None)
    again = inkchart("audit", "verify", "--expect", str(proof["head"]), folder=folder)
    assert again.code == 0 and str(proof["head"]) in again.out and "among them" in again.out
    assert inkchart("audit", "verify", "--expect", "0f" * 32, folder=folder).code == 4
    assert inkchart("audit", "verify", "--expect", "yesterday", folder=folder).code == 2


def test_entries_are_shown_and_exported_and_that_is_an_entry(folder: Path) -> None:
    shown = inkchart("audit", "show", "--who", "dana", "--limit", "2", folder=folder)
    assert "csv 3" in shown.out and "csv 1" not in shown.out
    target = folder / "log.json"
    ran = inkchart("audit", "export", "--format", "json", "--who", "dana", "--output", target, folder=folder)
    assert ran.code == 0
    assert [json.loads(line)["detail"] for line in target.read_text().splitlines()] == ["csv 1", "csv 2", "csv 3"]
    none = inkchart("audit", "export", "--from", "2020-01-01", "--to", "2020-01-02", folder=folder)
    assert none.out.strip() == "id,at,who,action,subject,detail,request,previous,hash"
    assert inkchart("audit", "export", "--from", "monday", folder=folder).code == 2
    assert "audit json 3" in inkchart("audit", "show", folder=folder).out


def test_a_broken_chain_ends_with_exit_code_4_and_names_the_link(folder: Path) -> None:
    with sqlite3.connect(folder / "data" / "inkchart.sqlite3") as connection:
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute("DELETE FROM audit WHERE id = 2")
    connection.close()
    ran = inkchart("audit", "verify", folder=folder)
    assert ran.code == 4 and "broken at entry 2: it is missing" in ran.out and "1 entry is proven" in ran.out
