"""Reading XML that comes from elsewhere: no entities are expanded, nothing is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from translator.errors import TranslatorError

if TYPE_CHECKING:
    from lxml import etree


def read(path: Path) -> etree._Element:
    """The root of an XML file, without comments. TranslatorError with the line where it is none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except OSError as error:
        raise TranslatorError(f"cannot be read: {error.strerror}", file=path) from error
    except etree.XMLSyntaxError as error:
        raise TranslatorError(
            f"is no valid XML: {error.msg}", file=path, line=error.lineno
        ) from error
    for entity in root.iter(etree.Entity):
        raise TranslatorError(
            f"uses the entity {entity.text}: write its text instead",
            file=path,
            line=entity.sourceline,
        )
    return root
