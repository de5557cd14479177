"""What the operator may set. The only place that reads the environment."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.refusals import BadInput

NAMES = {
    "database_url": "DATABASE_URL",
    "data_dir": "TIJORI_DATA_DIR",
    "host": "TIJORI_HOST",
    "port": "TIJORI_PORT",
    "admin_phone": "TIJORI_ADMIN_PHONE",
    "admin_password": "TIJORI_ADMIN_PASSWORD",
    "secret": "TIJORI_SECRET",
    "secure_cookies": "TIJORI_SECURE_COOKIES",
    "open_registration": "TIJORI_OPEN_REGISTRATION",
    "development": "TIJORI_DEVELOPMENT",
    "allowed_origins": "TIJORI_ALLOWED_ORIGINS",
    "trusted_proxies": "TIJORI_TRUSTED_PROXIES",
    "metrics_token": "TIJORI_METRICS_TOKEN",
    "log_requests": "TIJORI_LOG_REQUESTS",
    "stop_delay_seconds": "TIJORI_STOP_DELAY_SECONDS",
    "private_webhooks": "TIJORI_PRIVATE_WEBHOOKS",
    "seller": "TIJORI_SELLER",
}
OWN_DATABASE = "set DATABASE_URL=postgresql://user:password@host/database to use a PostgreSQL (15 or newer) of your own"
EVERYWHERE = ("0.0.0.0", "::", "127.0.0.1")  # noqa: S104 - compared with, not bound to
SECRET_LENGTH = 32
TOKEN_LENGTH = 16


class SetupError(Exception):
    """The program cannot run as it was asked to; the message is one line that says why and what to do."""


def _database_url(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        well_formed = parts.scheme in ("postgresql", "postgres") and parts.path.strip("/") and parts.port != 0
    except ValueError:
        well_formed = False
    if not well_formed:
        raise ValueError("must look like postgresql://user:password@host:5432/database")
    return value


def _data_dir(value: Path) -> Path:
    return value.expanduser().absolute()


def _phone(value: str) -> str:
    digits = value.removeprefix("+")
    if value == digits or not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        raise ValueError("must be in international form, like +919876543210")
    return value


def _password(value: SecretStr) -> SecretStr:
    from services.passwords import check  # the rule for everyone's; few commands need it

    try:
        check(value.get_secret_value())
    except BadInput as why:
        raise ValueError(f"cannot be used: {why}") from None
    return value


def _secret(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < SECRET_LENGTH:
        raise ValueError(f"must have at least {SECRET_LENGTH} characters")
    return value


def _token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value()
    if len(token) < TOKEN_LENGTH or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError(f"must have at least {TOKEN_LENGTH} characters, of those that a header takes")
    return value


def _origins(value: str) -> str:
    for origin in value.split(",") if value else []:
        parts = urlsplit(origin.strip())
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
            raise ValueError("must be origins, comma-separated, like https://app.example.com")
    return value


class Settings(BaseSettings):
    """One value per environment variable; an empty variable counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix="TIJORI_", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = Field(
        default=None, validation_alias="DATABASE_URL"
    )
    data_dir: Annotated[Path, AfterValidator(_data_dir)] = Field(default=Path("data"), validate_default=True)
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=1, le=65535)
    admin_phone: Annotated[str, AfterValidator(_phone)] | None = None
    admin_password: Annotated[SecretStr, AfterValidator(_password)] | None = None
    secret: Annotated[SecretStr, AfterValidator(_secret)] | None = None
    secure_cookies: bool = False
    open_registration: bool = False
    development: bool = False
    allowed_origins: Annotated[str, AfterValidator(_origins)] = ""
    trusted_proxies: str = "127.0.0.1"
    metrics_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    log_requests: bool = True
    stop_delay_seconds: int = Field(default=0, ge=0, le=300)
    private_webhooks: bool = False
    seller: str = Field(default="", max_length=500)

    @property
    def own_address(self) -> str:
        """Where this machine reaches the server; without a name of its own, by the loopback."""
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


@dataclass(frozen=True)
class Shown:
    """A setting as `tijori settings` prints it: nothing in it is secret."""

    name: str
    value: str
    source: str


def load() -> Settings:
    """Read the environment; SetupError names the first variable that is wrong, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        raise SetupError(_first_mistake(error)) from None


def show(settings: Settings) -> list[Shown]:
    """Every setting, its value with secrets hidden, and where it came from."""
    return [_shown(field, name, settings) for field, name in NAMES.items()]


def _shown(field: str, name: str, settings: Settings) -> Shown:
    value = getattr(settings, field)
    source = "environment" if field in settings.model_fields_set else "default"
    if value in (None, ""):
        return Shown(name, "-", _when_unset(field, settings))
    if field == "database_url":
        return Shown(name, _without_password(value.get_secret_value()), source)
    return Shown(name, str(value), source)


def _when_unset(field: str, settings: Settings) -> str:
    if field == "database_url":
        return "not set: the embedded database in the data folder"
    if field == "secret" and settings.database_url is None:
        return "not set: made once, kept in the data folder"
    if field == "metrics_token":
        return "not set: /metrics is open to all who reach the port"
    return "not set"


def _without_password(url: str) -> str:
    """Password and query hidden: a query may carry a password too."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return f"{parts.scheme}://{user}{place}{parts.path}"


def _first_mistake(error: ValidationError) -> str:
    mistake = error.errors(include_url=False, include_input=False)[0]
    field = str(mistake["loc"][0]).lower()
    reason = mistake["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{NAMES.get(field, field)} {reason[0].lower()}{reason[1:]}"
