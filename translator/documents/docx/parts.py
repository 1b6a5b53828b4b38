"""The parts of a Word package: which there are, and what they refer to."""

from __future__ import annotations

import posixpath
from pathlib import Path

from lxml import etree

from translator.documents.docx.names import W
from translator.documents.package import Package
from translator.errors import TranslatorError

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_FORMAT = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_TYPES = "[Content_Types].xml"


class Parts:
    """The package in `data`; `main` is the name of the part that holds the document's text."""

    def __init__(self, data: bytes, path: Path):
        self.package = Package(data, path)
        self.main = self._main()
        self._relations = self._related(self.main)
        for override in self.package.xml(_TYPES).iter(_OVERRIDE):
            if "macroEnabled" in override.get("ContentType", ""):
                raise TranslatorError("holds macros: save it without", file=path)
        self.root = self.package.xml(self.main)
        if self.root.tag != W + "document":
            raise TranslatorError("is not a Word document", file=path)

    def _main(self) -> str:
        for relation in self.package.xml("_rels/.rels").iter(_RELATIONSHIP):
            if relation.get("Type", "").endswith("/officeDocument"):
                if not relation.get("Type", "").startswith(_OFFICE):
                    raise TranslatorError(
                        "is a Strict Open XML document: save it as an ordinary Word document",
                        file=self.package.path,
                    )
                return str(relation.get("Target", "")).lstrip("/")
        raise TranslatorError("is not a Word document", file=self.package.path)

    def named(self, *types: str) -> list[str]:
        """The parts of these types that the main one refers to, in the order of `types`."""
        found = [
            target
            for type in types
            for kind, target in self._relations.values()
            if kind == type and target in self.package.names
        ]
        return list(dict.fromkeys(found))

    def optional(self, type: str) -> etree._Element | None:
        """The root of the first part of a type, if there is one."""
        parts = self.named(type)
        return self.package.xml(parts[0]) if parts else None

    def links(self, part: str) -> dict[str, str]:
        """The addresses or parts that a part refers to, by the id of the relationship."""
        return {id: target for id, (_, target) in self._related(part).items()}

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """For each relationship of a part its type and the address or part that it leads to."""
        name = _relationships(part)
        if name not in self.package.names:
            return {}
        found = {}
        for relation in self.package.xml(name).iter(_RELATIONSHIP):
            target = str(relation.get("Target", ""))
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(
                    posixpath.join("/", posixpath.dirname(part), target)
                ).lstrip("/")
            found[str(relation.get("Id"))] = (relation.get("Type", "").rpartition("/")[2], target)
        return found

    def add(self, type: str, name: str, root: etree._Element) -> str:
        """Add a part of this type, beside the main one and called `name`; the id that the main one
        refers to it by.
        """
        part = posixpath.join(posixpath.dirname(self.main), name)
        id = f"rId-{posixpath.splitext(name)[0]}"
        self.package.add(
            part, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        )
        etree.SubElement(
            self.package.xml(_TYPES),
            _OVERRIDE,
            {"PartName": f"/{part}", "ContentType": f"{_FORMAT}{type}+xml"},
        )
        etree.SubElement(
            self.package.xml(_relationships(self.main)),
            _RELATIONSHIP,
            {"Id": id, "Type": f"{_OFFICE}{type}", "Target": name},
        )
        return id

    def remove(self, part: str) -> None:
        """Take a part out, with all that refers to it."""
        self.package.remove(part)
        for relation in list(self.package.xml(_relationships(self.main)).iter(_RELATIONSHIP)):
            if self._relations.get(str(relation.get("Id")), ("", ""))[1] == part:
                relation.getparent().remove(relation)  # type: ignore[union-attr]
        for override in list(self.package.xml(_TYPES).iter(_OVERRIDE)):
            if override.get("PartName") == f"/{part}":
                override.getparent().remove(override)  # type: ignore[union-attr]


def _relationships(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
