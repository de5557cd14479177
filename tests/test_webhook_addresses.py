"""Where messages are sent to, and what endpoints answer: nothing is followed, and each failure is a sentence."""

import ssl
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from server.webhook_http import Sender
from tests.programs import free_port
from tests.receiver import receiving, says
from tests.webhook_post import add, send_all, sending, stands, test, trusting_nobody
from tests.world import World, opened_world

world = opened_world


async def test_redirects_are_not_followed_and_a_silent_endpoint_is_not_waited_for(world: World) -> None:
    async with receiving() as elsewhere, receiving() as receiver, sending(world, seconds=0.2) as deliverer:
        receiver.answer = says("302 Found", location=elsewhere.url)
        endpoint, _ = await add(world, receiver.url)
        moved = await test(world, endpoint)
        await send_all(deliverer)
        assert (await stands(moved))[2] == [
            (302, "302 Found: redirects are not followed. Give the address that it leads to.")
        ]
        receiver.answer = None
        silent = await test(world, endpoint)
        await send_all(deliverer)
        assert (await stands(silent))[2] == [(None, "No answer within 0.2 seconds.")]
        assert elsewhere.heard == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nless", None),
        (b"HTTP/1.1 500 Broken\r\ncontent-length: 100\r\n\r\nless", "500 Broken"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200_000 + b"\r\n", "The connection ended without an answer"),
        (b"ceci n'est pas HTTP\r\n\r\n", "The connection ended without an answer"),
        (b"", "The connection ended without an answer"),
    ],
)
async def test_a_broken_answer_is_an_outcome_like_any_other(answer: bytes, says: str | None) -> None:
    async with receiving() as receiver:
        receiver.answer, sender = answer or b" ", Sender(private=True, context=trusting_nobody())
        outcome = await sender.post(receiver.url, {}, "{}")
        await sender.close()
    assert (outcome.error is None) == (says is None)
    assert (outcome.error or "").startswith(says or "")


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.example", "xn--a", "[v1.a]"])
async def test_a_host_that_is_no_name_is_an_outcome_like_any_other(host: str) -> None:
    outcome = await Sender(private=False, context=trusting_nobody()).post(f"https://{host}/", {}, "{}")
    assert outcome.status_code is None
    assert (outcome.error or "").startswith("The url names no host")


async def test_nothing_is_sent_into_the_servers_own_network(world: World) -> None:
    async with receiving() as receiver, sending(world):
        sender = Sender(private=False)
        port = receiver.port
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "169.254.169.254"):
            outcome = await sender.post(f"https://{host}:{port}/", {}, "{}")
            assert "an address that messages are not sent to" in (outcome.error or ""), host
        outcome = await sender.post("http://93.184.216.34/", {}, "{}")
        assert "use https" in (outcome.error or "")
        outcome = await sender.post("https://no.such.name.invalid/", {}, "{}")
        assert (outcome.error or "").startswith("The name no.such.name.invalid is not found")
        outcome = await Sender(private=True).post(f"http://127.0.0.1:{free_port()}/", {}, "{}")
        assert (outcome.error or "").startswith("Cannot connect: ")
        assert receiver.heard == []
        await sender.close()


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's with a certificate for the name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1))  # noqa: DTZ001 - as the library takes it
        .not_valid_after(datetime(2120, 1, 1))  # noqa: DTZ001
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "both.pem").write_bytes(plain + made.public_bytes(Encoding.PEM))
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cafile=str(folder / "certificate.pem"))


async def test_the_certificate_is_held_against_the_name_though_the_connection_is_to_an_address(
    tmp_path: Path,
) -> None:
    for name, taken in (("localhost", True), ("elsewhere.example", False)):
        server, client = certified(name, tmp_path)
        async with receiving(server) as receiver:
            sender = Sender(private=True, context=client)
            outcome = await sender.post(f"https://localhost:{receiver.port}/hooks", {}, "{}")
            await sender.close()
            assert (outcome.status_code == 200, len(receiver.heard) == 1) == (taken, taken), outcome
            assert taken or "certificate" in (outcome.error or "")
