import os
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(live_server, monkeypatch):
    """A page on a phone, at the live server; nothing else may be asked for anything."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed: apt-get install chromium")
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        context = browser.new_context(
            viewport=PHONE, is_mobile=True, has_touch=True, base_url=live_server.url
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield page
        connections.close_all()  # those of this event loop; nobody else will
        browser.close()
