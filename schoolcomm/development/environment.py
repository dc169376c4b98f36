import os

from schoolcomm.development.programs import STAND_IN

# True, and of no use to a developer: in a container one is root, and static files come from their sources.
KNOWN_WARNINGS = ("You're running the worker with superuser privileges", "No directory at")


def environment_for(urls: dict[str, str], web_port: int, simulator_port: int) -> dict[str, str]:
    """Return the environment of every program: development, with the stand-in and never Meta itself."""
    simulator_url = f"http://127.0.0.1:{simulator_port}"
    ours = {
        "ENVIRONMENT": "development",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": ",".join(f"ignore:{warning}" for warning in KNOWN_WARNINGS),
        "PORT": str(web_port),
        "WEB_URL": f"http://127.0.0.1:{web_port}",
        "SIMULATOR_URL": simulator_url,
        "WHATSAPP_API_URL": simulator_url,
    }
    return os.environ | ours | STAND_IN | urls
