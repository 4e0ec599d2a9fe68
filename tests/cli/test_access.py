import ssl
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from pipeline.cli.work import _address, _check_certificate, _roles
from pipeline.errors import SetupError, UsageError
from pipeline.review.access.passwords import Passwords
from pipeline.settings import ReviewSettings, Settings
from pipeline.store.audit_rows import Act, Wanted
from pipeline.store.rows import Role
from pipeline.store.sign_ins import NEW_ACCOUNT
from pipeline.wiring import machine
from tests.cli.test_up import STARTED_WITHIN, link_in, start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", inbox_dir=folder / "inbox")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2"]
    subprocess.run([*command, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def test_a_link_gives_the_roles_that_were_asked_for_and_else_leaves_them(settings: Settings) -> None:
    users = machine.open_store(settings).users
    for roles, held in ((_roles("code, LEAD"), {Role.CODE, Role.LEAD}), (None, {Role.CODE, Role.LEAD})):
        assert machine.sign_in_path(settings, "Kim Lee", roles).startswith("/sign-in?token=")
        kim = users.named("kim lee")
        assert kim is not None and kim.roles == held
    machine.sign_in_path(settings, "kim lee", _roles("audit"))
    changed = users.named("Kim Lee")
    assert changed is not None and changed.roles == {Role.AUDIT}
    machine.sign_in_path(settings, "lee")
    new = users.named("lee")
    assert new is not None and new.roles == NEW_ACCOUNT


def test_a_link_is_an_entry_of_the_audit_log_about_its_account(settings: Settings) -> None:
    machine.sign_in_path(settings, "Kim Lee", _roles("code"))
    log = machine.open_store(settings).audit
    (entry,) = log.newest(Wanted(), limit=1)
    assert (entry.action, entry.detail, entry.subject) == (Act.ACCOUNT, "invitation", log.account("Kim Lee"))


def test_a_link_that_cannot_be_is_refused_in_a_sentence(settings: Settings) -> None:
    for roles in ("king", "code;lead", ""):
        with pytest.raises(UsageError, match="scan, code, lead, audit, admin"):
            _roles(roles)
    users = machine.open_store(settings).users
    boss, gone = users.add("boss", frozenset({Role.ADMIN})), users.add("gone", frozenset({Role.CODE}))
    assert boss is not None and gone is not None and not machine.has_admin(settings)
    users.set_password(boss.id, "hash")
    users.disable(gone.id)
    assert machine.has_admin(settings)
    with pytest.raises(UsageError, match="Nobody would be left"):
        machine.sign_in_path(settings, "boss", _roles("code"))
    with pytest.raises(UsageError, match="disabled"):
        machine.sign_in_path(settings, "gone")


def test_only_a_start_without_an_admin_prints_the_link_that_makes_one(
    folder: Path, settings: Settings, tls: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tls
    monkeypatch.setenv("INKCHART_REVIEW__CERTIFICATE", str(certificate))
    monkeypatch.setenv("INKCHART_REVIEW__KEY", str(key))
    monkeypatch.setenv("INKCHART_REVIEW__USER", "Helen")
    running = start(folder, folder / "log", "serve")
    try:
        link = link_in(folder / "log")
        assert link.startswith("https://127.0.0.1:")
        trusted = ssl.create_default_context(cafile=str(certificate))
        answer = httpx.get(link, verify=trusted)
        assert answer.status_code == 200 and "Helen" in answer.text and "strict-transport-security" in answer.headers
        token = link.split("token=")[1]
        user = machine.open_store(settings).sign_ins.redeem(token, Passwords().hash("correct horse battery"))
        assert user is not None and user.roles == frozenset(Role)
    finally:
        running.kill()
        running.wait()
    running = start(folder, folder / "log2", "serve")
    try:
        deadline = time.monotonic() + STARTED_WITHIN
        while "inkchart link NAME" not in (folder / "log2").read_text() and time.monotonic() < deadline:
            time.sleep(0.2)
        log = (folder / "log2").read_text()
        assert "inkchart link NAME" in log and "token=" not in log
    finally:
        running.kill()
        running.wait()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1"}, "http://[::1]:8000"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"host": "0.0.0.0", "hosts": "desk.example"}, "http://desk.example:8000"),
        ({"certificate": Path("c"), "hosts": "desk.example, other"}, "https://desk.example:8000"),
        ({"trusted_proxies": "10.0.0.1", "hosts": "desk.example"}, "https://desk.example"),
    ],
)
def test_the_address_is_the_one_that_a_browser_goes_to(given: dict[str, str], address: str) -> None:
    assert _address(ReviewSettings.model_validate(given), 8000) == address


def test_files_that_are_no_certificate_and_key_are_told_before_anything_starts(
    tls: tuple[Path, Path], tmp_path: Path
) -> None:
    certificate, key = tls
    _check_certificate(ReviewSettings(certificate=certificate, key=key))
    _check_certificate(ReviewSettings())
    locked, none = tmp_path / "locked.pem", tmp_path / "none.pem"
    command = ["openssl", "ec", "-in", str(key), "-aes256", "-passout", "pass:secret", "-out", str(locked)]
    subprocess.run(command, check=True, capture_output=True)
    for pair in ((certificate, None), (None, key)):
        with pytest.raises(SetupError, match="both files"):
            _check_certificate(ReviewSettings(certificate=pair[0], key=pair[1]))
    for wrong in ((certificate, certificate), (key, key), (certificate, none), (certificate, locked)):
        with pytest.raises(SetupError, match="cannot be used"):
            _check_certificate(ReviewSettings(certificate=wrong[0], key=wrong[1]))
