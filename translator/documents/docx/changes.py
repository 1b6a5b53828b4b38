"""The document as it reads with all changes accepted and all comments gone: what is translated is
what the author decided on, and what is published holds nobody's remarks.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from translator.documents.docx.names import W, local

_GONE = (
    *("del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange"),
    *("tcPrChange", "tblGridChange", "tblPrExChange", "numberingChange", "cellDel"),
    *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
)
_UNWRAPPED = ("ins", "moveTo", "cellIns", "cellMerge")
_COMMENTS = ("commentRangeStart", "commentRangeEnd", "commentReference")


def accept(root: etree._Element) -> bool:
    """Accept all tracked changes below `root`; whether there were any."""
    found = False
    for row in list(root.iter(W + "tr")):
        if row.find(f"{W}trPr/{W}del") is not None:
            _remove_row(row)
            found = True
    for mark in list(root.iter(W + "cellDel")):
        _remove_cell(mark.iterancestors(W + "tc"))
        found = True
    for mark in list(root.iter(W + "del", W + "moveFrom")):
        # In the properties of a paragraph's own mark: it runs on into the next paragraph.
        properties = mark.getparent()
        if properties is not None and local(properties) == "rPr":
            outer = properties.getparent()
            if outer is not None and local(outer) == "pPr":
                _run_on(outer.getparent())
    for element in list(root.iter(*(W + name for name in _GONE))):
        _remove(element)
        found = True
    for element in list(root.iter(*(W + name for name in _UNWRAPPED))):
        _unwrap(element)
        found = True
    return found


def drop_comments(root: etree._Element) -> bool:
    """Take all marks of comments out; whether there were any."""
    elements = list(root.iter(*(W + name for name in _COMMENTS)))
    for element in elements:
        _remove(element)
    return bool(elements)


def _run_on(paragraph: etree._Element | None) -> None:
    """Put what stands in `paragraph` at the beginning of the next one."""
    following = None if paragraph is None else paragraph.getnext()
    if paragraph is None or following is None or local(following) != "p":
        return
    at = 1 if len(following) and local(following[0]) == "pPr" else 0
    content = [child for child in paragraph if local(child) != "pPr"]
    following[at:at] = content
    _remove(paragraph)


def _remove_row(row: etree._Element) -> None:
    """Take a row out, with its table where it is the last one: Word opens no table without rows."""
    table = row.getparent()
    _remove(row)
    if table is not None and local(table) == "tbl" and table.find(W + "tr") is None:
        _remove(table)


def _remove_cell(cells: Iterator[etree._Element]) -> None:
    cell = next(cells, None)
    row = None if cell is None else cell.getparent()
    if cell is None or row is None:
        return
    row.remove(cell)
    if local(row) == "tr" and row.find(W + "tc") is None:
        _remove_row(row)


def _unwrap(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent[at : at + 1] = list(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
