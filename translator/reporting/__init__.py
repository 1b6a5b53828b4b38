"""Post-editing statistics: how far what people approved is from what they were given.

`edits` reads them out of the catalogs, `figures` counts and measures them, `page` shows them.
"""

from translator.reporting.edits import Edit, read
from translator.reporting.figures import Figures, Report, TermFigures, report

__all__ = ["Edit", "Figures", "Report", "TermFigures", "read", "report"]
