import pytest

from messaging.tests.whatsapp import vectors
from messaging.whatsapp.signature import appsecret_proof, is_genuine, sign

VECTOR = vectors.load("signature_vector")
BODY = VECTOR["raw_body"].encode()
SECRET = VECTOR["app_secret"]
HEADER = VECTOR["header"]["X-Hub-Signature-256"]


def test_the_signature_is_metas():
    assert sign(BODY, SECRET) == HEADER


def test_the_proof_is_metas():
    token, proof = VECTOR["appsecret_proof"].values()

    assert appsecret_proof(token, SECRET) == proof


@pytest.mark.parametrize(
    ("body", "header", "secrets", "expected"),
    [
        (BODY, HEADER, [SECRET], True),
        (BODY, HEADER, ["another app's", SECRET], True),
        (BODY, f" {HEADER} ", [SECRET], True),
        (BODY + b" ", HEADER, [SECRET], False),
        (BODY, HEADER, ["another app's"], False),
        (BODY, HEADER, [], False),
        (BODY, sign(BODY, ""), [""], False),
        (BODY, HEADER.removeprefix("sha256="), [SECRET], False),
        (BODY, HEADER.upper(), [SECRET], False),
        (BODY, None, [SECRET], False),
        (BODY, "", [SECRET], False),
        (BODY, "sha256=", [SECRET], False),
        (BODY, "sha256=नमस्ते", [SECRET], False),
        (BODY, "sha256=\udcff", [SECRET], False),
    ],
)
def test_only_the_secrets_own_signature_of_these_bytes_is_genuine(body, header, secrets, expected):
    assert is_genuine(body, header, secrets) is expected
