"""How far two coders agree, beyond chance."""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two coders' yes or no to the same codes."""

    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def count(self) -> int:
        """Codes that both were asked about."""
        return self.both + self.first_only + self.second_only + self.neither

    @property
    def percentage(self) -> float | None:
        """Share of codes on which they said the same, in percent; None without any."""
        return 100 * (self.both + self.neither) / self.count if self.count else None

    @property
    def shared(self) -> float | None:
        """Of the codes that at least one of them chose, the percentage that both did; None where neither chose any."""
        chosen = self.both + self.first_only + self.second_only
        return 100 * self.both / chosen if chosen else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa (Cohen 1960); None where chance alone would explain everything, as when both always say yes."""
        n = self.count
        if not n:
            return None
        observed = (self.both + self.neither) / n
        yes = (self.both + self.first_only) * (self.both + self.second_only) / n**2
        no = (self.neither + self.second_only) * (self.neither + self.first_only) / n**2
        expected = yes + no
        return None if expected >= 1 else (observed - expected) / (1 - expected)

    def interval(self) -> tuple[float, float] | None:
        """95 % interval of kappa, by its large-sample error; None where there is no kappa."""
        kappa, n = self.kappa, self.count
        if kappa is None:
            return None
        observed = (self.both + self.neither) / n
        yes = (self.both + self.first_only) * (self.both + self.second_only) / n**2
        no = (self.neither + self.second_only) * (self.neither + self.first_only) / n**2
        half = 1.96 * sqrt(observed * (1 - observed) / n) / (1 - yes - no)
        return max(-1.0, kappa - half), min(1.0, kappa + half)

    def plus(self, other: "Agreement") -> "Agreement":
        """Both counted together."""
        return Agreement(
            both=self.both + other.both,
            first_only=self.first_only + other.first_only,
            second_only=self.second_only + other.second_only,
            neither=self.neither + other.neither,
        )
