"""A session's token is kept for its session alone, and only as long as it lives."""

import os
from pathlib import Path

import pytest

from dashboard.tokens import Tokens


def test_a_token_is_kept_over_a_restart_until_its_session_ends(tmp_path: Path) -> None:
    Tokens(tmp_path).keep("one", "token-1")
    tokens = Tokens(tmp_path)
    assert (tokens.of("one"), tokens.of("two")) == ("token-1", None)
    tokens.forget("one")
    tokens.forget("two")
    assert tokens.of("one") is None
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_can_read_a_token_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        Tokens(folder).keep("one", "token-1")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("session", ["", "../../outside", "/etc/passwd", "a\0b", "é" * 500])
def test_no_session_leads_out_of_the_folder(tmp_path: Path, session: str) -> None:
    tokens = Tokens(tmp_path / "sessions")
    tokens.keep(session, "token-1")
    assert tokens.of(session) == "token-1"
    assert [path.name for path in tmp_path.iterdir()] == ["sessions"]
