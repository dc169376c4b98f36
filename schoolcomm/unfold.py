"""How the admin looks: names, colours, and where its parts come from."""

from typing import Any

from django.templatetags.static import static

# A calm teal; 600 and darker keep 4.5:1 with white, 500 with the dark background.
TEAL = {
    "50": "oklch(98.4% .014 180.7)",
    "100": "oklch(95.3% .051 180.8)",
    "200": "oklch(91% .096 180.4)",
    "300": "oklch(85.5% .138 181.1)",
    "400": "oklch(77.7% .152 181.9)",
    "500": "oklch(70.4% .14 182.5)",
    "600": "oklch(51.1% .096 186.4)",
    "700": "oklch(43.7% .078 188.2)",
    "800": "oklch(38.6% .063 188.4)",
    "900": "oklch(34% .054 188.6)",
    "950": "oklch(27.7% .046 192.5)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "schoolcomm",
    "SITE_HEADER": "schoolcomm",
    "SITE_SUBHEADER": "schools.admin.frame.school_name",
    "SITE_URL": None,
    "SITE_SYMBOL": "forum",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("schoolcomm/icon.svg"),
        }
    ],
    "ENVIRONMENT": "schools.admin.frame.environment",
    "DASHBOARD_CALLBACK": "messaging.admin.home.dashboard",
    "SHOW_LANGUAGES": False,
    "SHOW_BACK_BUTTON": True,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {"primary": TEAL},
    "STYLES": [lambda request: static("schoolcomm/admin.css")],
    "SIDEBAR": {"navigation": "schools.admin.frame.sidebar"},
    "ACCOUNT": {"navigation": []},
    "COMMAND": {"search_models": False},
}
