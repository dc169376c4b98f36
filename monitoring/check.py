import dataclasses


@dataclasses.dataclass(frozen=True)
class Check:
    """One question: its answer, and how it was found. `what_to_do` is empty when all is well."""

    name: str
    found: str
    what_to_do: str = ""

    @property
    def is_well(self) -> bool:
        return not self.what_to_do
