"""README cannot lie: its lists are compared with what the program says of itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from pipeline import errors
from pipeline.cli import app
from pipeline.coding import rules
from pipeline.errors import ChartError, ExitCode, InkchartError
from pipeline.lexicon import TABLES
from pipeline.settings import GROUPS, Settings

RULES = Path(rules.__file__).parent
README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def settings_table() -> str:
    """Every setting, as README has it."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for group in GROUPS:
        for name, field in type(getattr(Settings(), group)).model_fields.items():
            default = "" if field.default is None else f"`{field.default}`"
            rows.append(f"| `INKCHART_{group.upper()}__{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def commands(group: object, prefix: str = "inkchart") -> Iterator[str]:
    for name, command in getattr(group, "commands", {}).items():
        if getattr(command, "commands", None):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


def test_readme_holds_every_setting_with_its_default_and_meaning() -> None:
    assert settings_table() in README


@pytest.mark.parametrize("command", sorted(commands(typer.main.get_command(app))))
def test_readme_names_every_command(command: str) -> None:
    assert f"`{command}" in README


@pytest.mark.parametrize("table", TABLES)
def test_readme_says_what_every_table_of_words_holds(table: str) -> None:
    assert f"`{table}`" in README


@pytest.mark.parametrize("table", sorted(path.name for path in RULES.glob("*.tsv")))
def test_readme_says_what_every_table_of_rules_holds(table: str) -> None:
    assert f"`{table}`" in README


def _errors() -> Iterator[type[InkchartError]]:
    for value in vars(errors).values():
        if isinstance(value, type) and issubclass(value, InkchartError) and value is not InkchartError:
            yield value


@pytest.mark.parametrize("error", [e for e in _errors() if issubclass(e, ChartError) and e is not ChartError])
def test_readme_holds_the_sentence_of_every_chart_error(error: type[ChartError]) -> None:
    assert error.sentence in README


@pytest.mark.parametrize("error", list(_errors()), ids=lambda error: error.__name__)
def test_the_tree_in_the_docstring_holds_every_error(error: type[InkchartError]) -> None:
    assert error.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("code", list(ExitCode))
def test_readme_explains_every_exit_code(code: ExitCode) -> None:
    assert f"| {code.value} |" in README


@pytest.mark.parametrize("error", [error for error in _errors() if not issubclass(error, ChartError)])
def test_readme_says_what_to_do_about_every_other_error(error: type[InkchartError]) -> None:
    assert f"| `{error.__name__}` |" in README
