"""What came back from a CAT tool, brought into the catalog; what changed on both sides is not."""

from __future__ import annotations

from dataclasses import dataclass, field

from translator.catalogs import Catalog, Unit
from translator.errors import TranslatorError
from translator.exchange.package import Fingerprint, Returned, ReturnedPackage


@dataclass(slots=True)
class Outcome:
    """How many units of a package did what to the catalog; `conflicts` (line in the catalog, 0
    where there is none, and what is wrong) were left alone.
    """

    edited: int = 0
    approved: int = 0
    reopened: int = 0
    unchanged: int = 0
    conflicts: list[tuple[int, str]] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.edited or self.approved or self.reopened)


def reconcile(catalog: Catalog, package: ReturnedPackage, *, approve: bool = False) -> Outcome:
    """Write what was changed in the CAT tool into `catalog` (not saved yet).

    With `approve`, what the tool marks as translated or approved becomes approved; anything else
    that was changed there is an edit still to be reviewed.
    """
    outcome = Outcome()
    units = {Fingerprint.of_unit(unit).source: unit for unit in catalog.units}
    for returned in package.units:
        exported = Fingerprint.read(returned.id)
        unit = units.get(exported.source) if exported else None
        problem = _problem(returned, exported, unit)
        if problem or exported is None or unit is None:
            outcome.conflicts.append((unit.line if unit else 0, problem))
        elif not returned.target:
            outcome.unchanged += 1  # nothing came back, so nothing is taken away
        else:
            try:
                _apply(catalog, unit, returned, exported, approve, outcome)
            except TranslatorError as error:
                outcome.conflicts.append((unit.line, str(error)))
    return outcome


def _problem(returned: Returned, exported: Fingerprint | None, unit: Unit | None) -> str:
    if exported is None:
        return f"the id “{returned.id}” is none of an exported unit: “{returned.source}”"
    if unit is None:
        return f"the sentence is no longer in the release: “{returned.source}”"
    if returned.source.split() != unit.source.split():
        return f"the Polish was changed in the CAT tool: “{returned.source}”"
    return ""


def _apply(
    catalog: Catalog,
    unit: Unit,
    returned: Returned,
    exported: Fingerprint,
    approve: bool,
    outcome: Outcome,
) -> None:
    same_text = Fingerprint.of(unit.source, returned.target, exported.approved) == exported
    if returned.done and approve:
        approved = True
    elif same_text:
        approved = exported.approved and returned.done is not False
    else:
        approved = False
    current = Fingerprint.of_unit(unit)
    if same_text and approved == exported.approved:
        outcome.unchanged += 1
    elif current == exported:
        catalog.revise(unit.source, returned.target, approved=approved)
        if approved:
            outcome.approved += 1
        elif same_text:
            outcome.reopened += 1
        else:
            outcome.edited += 1
    elif unit.target == returned.target and current.approved >= approved:
        outcome.unchanged += 1  # someone did the same in the catalog
    else:
        outcome.conflicts.append(
            (
                unit.line,
                "changed in the catalog since the export, so it was left alone; the file has:"
                f" “{returned.target}”",
            )
        )
