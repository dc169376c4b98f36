import dataclasses
import datetime

from monitoring.models import Incident

AT_ONCE = datetime.timedelta(0)


@dataclasses.dataclass(frozen=True)
class Symptom:
    """Something that is wrong. `subject` is its key: the same again is the same trouble, not a new one."""

    kind: Incident.Kind
    subject: str
    about: str
    why: str = ""
    patience: datetime.timedelta = AT_ONCE  # no incident before it has lasted so long
