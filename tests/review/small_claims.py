"""A desk of claims on which there is none, for screens that have nothing to do with claims."""

from pipeline.claims.office import Office
from pipeline.claims.office_rows import Row
from pipeline.claims.preparing import Prepared
from pipeline.errors import DecisionRefusedError, ExportError
from pipeline.export.evidence import Packet, PacketFindings


def no_packet(encounter: str, by: str | None) -> tuple[Packet, PacketFindings]:
    raise ExportError("The encounter is not signed off.")


class NoClaims:
    def prepared(self, encounter: str) -> Prepared | None:
        return None

    def release(self, encounter: str, *, who: str, seen: str) -> None:
        raise DecisionRefusedError("There is no claim here that waits for its release.")

    def rows(self) -> dict[str, tuple[Row, ...]]:
        return {}

    def office(self) -> Office:
        return Office()
