import pytest

from messaging.whatsapp.hosts import is_stand_in


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8090", True),
        ("http://127.9.8.7", True),
        ("http://[::1]:8090/", True),
        ("http://LOCALHOST:8090", True),
        ("http://simulator:8090", True),
        ("https://localhost", True),
        ("https://graph.facebook.com", False),
        ("http://127.0.0.1@graph.facebook.com", False),
        ("http://localhost\\@graph.facebook.com", False),
        ("https://localhost.example.np", False),
        ("https://simulator.example.np", False),
        ("https://127.0.0.1.example.np", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
        ("http://[::1", False),
        ("localhost:8090", False),
        ("ftp://localhost", False),
        ("", False),
    ],
)
def test_only_this_machine_and_the_compose_service_are_a_stand_in(url, expected):
    assert is_stand_in(url) is expected
