"""The zip packages that Word and OpenDocument files are, opened with suspicion: nothing is unpacked
to disk, nothing outside is loaded, and what could be a trap is refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from lxml import etree

from translator.errors import TranslatorError

# Bytes unpacked: a part, all parts, and one that is parsed (whose tree takes many times as much).
LARGEST, LARGEST_TOTAL, LARGEST_XML = 50_000_000, 200_000_000, 20_000_000
PARTS = 10_000

_OLE = b"\xd0\xcf\x11\xe0"  # begins an old .doc file, and a .docx with a password


class Package:
    """The package in `data`; `path` is for messages. Parts are read when asked for, and `save`
    writes those that were changed; the rest stays byte for byte.
    """

    def __init__(self, data: bytes, path: Path):
        self.path = path
        self._trees: dict[str, etree._Element] = {}
        self._removed: set[str] = set()
        self._added: dict[str, bytes] = {}
        if data.startswith(_OLE):
            raise TranslatorError(
                "has a password or is an old .doc file: save it without one as .docx or .odt",
                file=path,
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self.broken(str(error)) from error
        self._refuse_traps()
        self.names = set(self._zip.namelist())

    def broken(self, reason: str) -> TranslatorError:
        """The error that says that the file is damaged."""
        return TranslatorError(
            f"is damaged ({reason}): open it in a word processor and save it again", file=self.path
        )

    def _refuse_traps(self) -> None:
        members = self._zip.infolist()
        problem = ""
        if len(members) > PARTS or sum(m.file_size for m in members) > LARGEST_TOTAL:
            problem = f"unpacks to more than {LARGEST_TOTAL // 1_000_000} MB: make it smaller"
        for member in members:
            name = member.filename
            if member.file_size > LARGEST:
                problem = f"its part {name} unpacks to more than {LARGEST // 1_000_000} MB"
            elif name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts:
                problem = f"its part {name!r} points outside of the file: do not open it"
            elif member.flag_bits & 1:
                problem = "has a password: save it without one"
            elif PurePosixPath(name).name == "vbaProject.bin" or name.startswith(
                ("Basic/", "Scripts/")
            ):
                problem = "has macros in it: save it without macros"
        if len({member.filename for member in members}) < len(members):
            problem = "has two parts of one name: do not open it"
        if problem:
            raise TranslatorError(problem, file=self.path)

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        try:
            return self._zip.read(name)
        except (
            *(KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError),
            *(NotImplementedError, RuntimeError, ValueError),  # ValueError: a place before the file
        ) as error:
            raise self.broken(str(error)) from error

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part; what is changed in its tree is saved."""
        if name not in self._trees:
            self._trees[name] = self._parse(name)
        return self._trees[name]

    def _parse(self, name: str) -> etree._Element:
        data = self.read(name)
        if len(data) > LARGEST_XML:
            raise TranslatorError(
                f"its part {name} has more than {LARGEST_XML // 1_000_000} MB: split the document",
                file=self.path,
            )
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if b"<!DOCTYPE" in data:
                raise self._with_entities(name) from error
            raise self.broken(f"{name}: {error.msg}") from error
        if root.getroottree().docinfo.doctype:
            raise self._with_entities(name)
        return root

    def _with_entities(self, name: str) -> TranslatorError:
        return TranslatorError(
            f"its part {name} defines entities, which no word processor does: do not open it",
            file=self.path,
        )

    def _content(self, name: str) -> bytes:
        root = self._trees.get(name)
        if root is None or etree.tostring(root) == etree.tostring(self._parse(name)):
            return self.read(name)
        return etree.tostring(
            root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
        )

    def remove(self, name: str) -> None:
        """Leave a part out when saving."""
        self._removed.add(name)

    def add(self, name: str, content: bytes) -> None:
        """Put in a new part when saving."""
        self._added[name] = content

    def save(self) -> bytes:
        """The package with the changed trees, its parts in the same order and compression; an
        OpenDocument says what it is in its first bytes, so that part is first and not compressed.
        """
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for member in sorted(self._zip.infolist(), key=lambda m: m.filename != "mimetype"):
                if member.filename in self._removed:
                    continue
                content = self._content(member.filename)
                is_type = member.filename == "mimetype"
                packed = zipfile.ZIP_STORED if is_type else member.compress_type
                package.writestr(member, content, packed)
            for name, content in self._added.items():
                package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return target.getvalue()
