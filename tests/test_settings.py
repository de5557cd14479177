"""What the operator sets: read from the environment, refused in one line, and kept secret where it is secret."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from server import folder
from server.settings import Settings, SetupError
from tests.programs import tijori

OWN_DATABASE = "postgresql://someone:hidden%40word@db.example:5433/shop?password=hidden"
LONG = "s" * 32


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("TIJORI_PORT", "http", "TIJORI_PORT should be a valid integer"),
        ("TIJORI_PORT", "0", "TIJORI_PORT should be greater than or equal to 1"),
        ("TIJORI_PORT", "65536", "TIJORI_PORT should be less than or equal to 65535"),
        ("DATABASE_URL", "sqlite://file", "DATABASE_URL must look like postgresql://"),
        ("DATABASE_URL", "postgresql://host", "DATABASE_URL must look like postgresql://"),
        ("DATABASE_URL", "postgresql://host:port/shop", "DATABASE_URL must look like postgresql://"),
        ("DATABASE_URL", "postgresql://some:o[ne@host/shop", "DATABASE_URL must look like postgresql://"),
        ("TIJORI_SECRET", "short", "TIJORI_SECRET must have at least 32 characters"),
        ("TIJORI_ADMIN_PASSWORD", "short", "TIJORI_ADMIN_PASSWORD cannot be used: password takes 12 to 128 characters"),
        ("TIJORI_ADMIN_PASSWORD", "Password1234", "TIJORI_ADMIN_PASSWORD cannot be used: This password is among those"),
        ("TIJORI_METRICS_TOKEN", "short-of-it", "TIJORI_METRICS_TOKEN must have at least 16 characters"),
        ("TIJORI_METRICS_TOKEN", "a b" * 16, "TIJORI_METRICS_TOKEN must have at least 16 characters, of those that"),
        ("TIJORI_LOG_REQUESTS", "perhaps", "TIJORI_LOG_REQUESTS should be a valid boolean"),
        ("TIJORI_STOP_DELAY_SECONDS", "301", "TIJORI_STOP_DELAY_SECONDS should be less than or equal to 300"),
        ("TIJORI_OPEN_REGISTRATION", "perhaps", "TIJORI_OPEN_REGISTRATION should be a valid boolean"),
        ("TIJORI_PRIVATE_WEBHOOKS", "perhaps", "TIJORI_PRIVATE_WEBHOOKS should be a valid boolean"),
        ("TIJORI_SELLER", "s" * 501, "TIJORI_SELLER string should have at most 500 characters"),
        ("TIJORI_DEVELOPMENT", "perhaps", "TIJORI_DEVELOPMENT should be a valid boolean"),
        ("TIJORI_ALLOWED_ORIGINS", "somewhere.example.net", "TIJORI_ALLOWED_ORIGINS must be origins"),
        ("TIJORI_ALLOWED_ORIGINS", "http://[app", "TIJORI_ALLOWED_ORIGINS "),
        ("TIJORI_ADMIN_PHONE", "98765 43210", "TIJORI_ADMIN_PHONE must be in international form"),
    ],
)
def test_a_setting_that_is_wrong_is_named_in_one_line_without_its_value(name: str, value: str, complaint: str) -> None:
    done = tijori("settings", **{name: value})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"tijori: {complaint}")
    assert done.stderr.count("\n") == 1
    assert len(value) < 5 or value not in done.stderr


def test_every_setting_is_printed_with_where_it_came_from_and_no_secret(tmp_path: Path) -> None:
    secrets = {"TIJORI_SECRET": LONG, "TIJORI_ADMIN_PASSWORD": "hidden words", "DATABASE_URL": OWN_DATABASE}
    secrets["TIJORI_METRICS_TOKEN"] = "hidden-from-all-others"
    done = tijori("settings", TIJORI_DATA_DIR=str(tmp_path), TIJORI_ADMIN_PHONE="", **secrets)
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["DATABASE_URL", "postgresql://someone@db.example:5433/shop", "environment"],
        ["TIJORI_DATA_DIR", str(tmp_path), "environment"],
        ["TIJORI_HOST", "127.0.0.1", "default"],
        ["TIJORI_PORT", "3000", "default"],
        ["TIJORI_ADMIN_PHONE", "-", "not", "set"],
        ["TIJORI_ADMIN_PASSWORD", "**********", "environment"],
        ["TIJORI_SECRET", "**********", "environment"],
        ["TIJORI_SECURE_COOKIES", "False", "default"],
        ["TIJORI_OPEN_REGISTRATION", "False", "default"],
        ["TIJORI_DEVELOPMENT", "False", "default"],
        ["TIJORI_ALLOWED_ORIGINS", "-", "not", "set"],
        ["TIJORI_TRUSTED_PROXIES", "127.0.0.1", "default"],
        ["TIJORI_METRICS_TOKEN", "**********", "environment"],
        ["TIJORI_LOG_REQUESTS", "True", "default"],
        ["TIJORI_STOP_DELAY_SECONDS", "0", "default"],
        ["TIJORI_PRIVATE_WEBHOOKS", "False", "default"],
        ["TIJORI_SELLER", "-", "not", "set"],
    ]


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    secret = folder.secret(settings)
    assert len(secret) >= 64
    assert folder.secret(settings) == secret
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]


def test_a_secret_that_others_could_read_is_closed_to_them_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    secret = folder.secret(settings)
    (tmp_path / "data" / "secret").chmod(0o644)
    assert folder.secret(settings) == secret
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_was_given_is_used_and_none_is_made(tmp_path: Path) -> None:
    assert folder.secret(Settings(data_dir=tmp_path / "data", secret=SecretStr(LONG))) == LONG
    assert not (tmp_path / "data").exists()


def test_with_a_database_of_ones_own_the_secret_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="TIJORI_SECRET must be set where DATABASE_URL is"):
        folder.secret(Settings(data_dir=tmp_path / "data", database_url=SecretStr(OWN_DATABASE)))
    assert not (tmp_path / "data").exists()
