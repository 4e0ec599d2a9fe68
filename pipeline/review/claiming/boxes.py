"""Which field of a claim stands where on its page: boxes of the CMS-1500, and the office's row that holds them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One field."""

    number: str
    """Of the CMS-1500's box."""
    label: str
    path: str
    """Dotted, in the claim's record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that one row of the office holds."""

    title: str
    kind: str
    boxes: tuple[Box, ...]

    def roots(self) -> frozenset[str]:
        """The parts of the record that it shows."""
        return frozenset(box.path.split(".")[0] for box in self.boxes)


def _box(number: str, label: str, path: str) -> Box:
    return Box(number=number, label=label, path=path)


SECTIONS = (
    Section(
        title="Patient and insurance",
        kind="patients",
        boxes=(
            _box("2", "Patient", "patient.name"),
            _box("3", "Born", "patient.birth_date"),
            _box("3", "Sex", "patient.sex"),
            _box("5", "Address", "patient.address"),
            _box("5", "Phone", "patient.phone"),
            _box("1a", "Member number", "coverage.member_id"),
            _box("6", "Patient is the insured's", "coverage.relationship"),
            _box("4", "Insured", "coverage.insured.name"),
            _box("7", "Insured's address", "coverage.insured.address"),
            _box("11a", "Insured born", "coverage.insured.birth_date"),
            _box("11", "Group", "coverage.group"),
            _box("11c", "Plan", "coverage.plan"),
            _box("9d", "Second payer", "other_coverage.payer.name"),
            _box("9a", "Second member number", "other_coverage.member_id"),
            _box("9", "Second insured", "other_coverage.insured"),
        ),
    ),
    Section(
        title="Payer",
        kind="payers",
        boxes=(
            _box("", "Payer", "coverage.payer.name"),
            _box("", "Payer's id", "coverage.payer.id"),
            _box("1", "Kind", "coverage.payer.kind"),
            _box("", "Address", "coverage.payer.address"),
        ),
    ),
    Section(
        title="Visit",
        kind="visits",
        boxes=(
            _box("10, 14", "Comes from", "accident"),
            _box("22", "Kind of claim", "frequency"),
            _box("22", "Payer's number of the earlier one", "original_number"),
            _box("23", "Authorization", "authorization"),
            _box("32", "Facility", "facility.name"),
            _box("17", "Other provider", "other_provider"),
            _box("14", "Illness began", "course.onset"),
            _box("14", "Last menstrual period", "course.last_menstruation"),
            _box("16", "Unable to work", "course.unable_to_work"),
            _box("18", "In hospital", "course.in_hospital"),
            _box("12", "Releases records", "agreements.releases"),
            _box("13", "Assigns payment", "agreements.assigns"),
            _box("27", "Accepts assignment", "agreements.accepts"),
            _box("29", "Paid by the patient", "paid"),
            _box("19", "Note", "note"),
            _box("19", "Attachment", "attachments"),
        ),
    ),
    Section(
        title="Provider",
        kind="providers",
        boxes=(
            _box("31", "Rendered by", "provider.name"),
            _box("24J", "NPI", "provider.npi"),
            _box("24J", "Taxonomy", "provider.taxonomy"),
        ),
    ),
    Section(
        title="Practice",
        kind="practice",
        boxes=(
            _box("33", "Name", "practice.name"),
            _box("33", "Address", "practice.address"),
            _box("33", "Phone", "practice.phone"),
            _box("33a", "NPI", "practice.npi"),
            _box("25", "Tax id", "practice.tax_id"),
            _box("23", "CLIA number", "clia"),
        ),
    ),
)
"""In the order of the page."""
