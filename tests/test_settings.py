from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.settings import Settings, load


def test_variables_win_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    (tmp_path / "inkchart.toml").write_text("[render]\ndpi = 200\nmax_pages = 7\n")
    settings = load(data=tmp_path, environ={"INKCHART_RENDER__DPI": "150"})
    assert (settings.render.dpi, settings.render.max_pages) == (150, 7)
    assert settings.reading == Settings().reading


def test_folders_come_from_options_then_variables(tmp_path: Path) -> None:
    environ = {"INKCHART_INBOX": str(tmp_path / "a"), "INKCHART_DATA": str(tmp_path / "b")}
    assert load(environ=environ).inbox_dir == tmp_path / "a"
    assert load(inbox=tmp_path / "c", environ=environ).inbox_dir == tmp_path / "c"
    assert load(environ=environ).data_dir == tmp_path / "b"


@pytest.mark.parametrize(
    "environ",
    [
        {"INKCHART_RENDER__DPPI": "200"},
        {"INKCHART_NOTHING__DPI": "200"},
        {"INKCHART_DPI": "200"},
        {"INKCHART_RENDER__DPI": "many"},
        {"INKCHART_RENDER__DPI": "9999"},
    ],
)
def test_an_unknown_or_unfitting_variable_is_refused(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        load(data=tmp_path, environ=environ)


@pytest.mark.parametrize("content", ["[render]\ndppi = 1", "[nothing]\na = 1", "a = 1", "[render"])
def test_an_unknown_or_broken_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "inkchart.toml").write_text(content)
    with pytest.raises(UsageError):
        load(data=tmp_path, environ={})


def test_the_fingerprint_changes_with_what_can_change_a_reading_only(tmp_path: Path) -> None:
    one = load(data=tmp_path, environ={})
    other = load(data=tmp_path, environ={"INKCHART_REVIEW__PORT": "9000", "INKCHART_INBOX__SETTLE_SECONDS": "1"})
    third = load(data=tmp_path, environ={"INKCHART_RENDER__DPI": "200"})
    assert one.fingerprint() == other.fingerprint() != third.fingerprint()


def test_settings_are_never_written(tmp_path: Path) -> None:
    settings = load(data=tmp_path, environ={})
    with pytest.raises(ValueError, match="frozen"):
        settings.render.dpi = 1  # type: ignore[misc]


@pytest.mark.parametrize(("inbox", "data"), [("a", "a"), ("a", "a/data"), ("a/inbox", "a")])
def test_inbox_and_data_lie_apart_since_the_store_is_no_chart(tmp_path: Path, inbox: str, data: str) -> None:
    with pytest.raises(UsageError, match="apart"):
        load(inbox=tmp_path / inbox, data=tmp_path / data, environ={})
