"""PostgreSQL and Valkey from wheels, for every machine that has neither: see `servers` and `running_urls`.

Nothing in here imports Django, because the settings ask it for their addresses.
"""

from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.pair import servers
from schoolcomm.embedded.state import running_urls

__all__ = ["CannotStart", "running_urls", "servers"]
