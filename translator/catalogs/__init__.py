"""Catalogs: the PO files in which a release's translation is drafted, reviewed and kept.

Only this package touches PO files. `catalog.Catalog` reads, updates and writes one; `update`
decides what a new version of the source does to what is there; `editing` makes a change one step
where several write.
"""

from translator.catalogs.catalog import Catalog, is_complete
from translator.catalogs.editing import edit
from translator.catalogs.entry import State, Unit

__all__ = ["Catalog", "State", "Unit", "edit", "is_complete"]
