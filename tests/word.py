"""Word documents out of raw XML, with what python-docx cannot make."""

from __future__ import annotations

import zipfile
from pathlib import Path

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_FORMAT = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


def run(text: str, look: str = "") -> str:
    """A run of text; `look` are its properties."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{''.join(content)}</w:p>"


def table(*rows: str) -> str:
    """A table of rows."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """A row of cells."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def cell(*content: str, properties: str = "") -> str:
    """A cell of paragraphs."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>"


def field(instruction: str, *content: str) -> str:
    """A field with what Word has put in it."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f"{mark.format('begin')}<w:r><w:instrText> {instruction} </w:instrText></w:r>"
        f"{mark.format('separate')}{''.join(content)}{mark.format('end')}"
    )


def note(kind: str, id: int) -> str:
    """The mark of a footnote or endnote."""
    return f'<w:r><w:rPr><w:rStyle w:val="Mark"/></w:rPr><w:{kind}Reference w:id="{id}"/></w:r>'


_STYLES = f"""<w:styles {_NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/>
<w:lang w:val="pl-PL"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normalny"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Tytul"><w:name w:val="Title"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Naglowek1"><w:name w:val="heading 1"/><w:pPr>
<w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr>
</w:style>
<w:style w:type="character" w:styleId="Link"><w:name w:val="Hyperlink"/><w:rPr><w:u w:val="single"/>
</w:rPr></w:style>
<w:style w:type="character" w:styleId="Mark"><w:name w:val="footnote reference"/><w:rPr>
<w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>"""


def word(path: Path, body: str, *, section: str = "", **parts: str) -> Path:
    """A document in `path` with this `body`; `parts` are the contents of others by their type
    (footnotes, endnotes, header, settings). The id of a part is its type, that of a link "link".
    """
    roots = {"footnotes": "footnotes", "endnotes": "endnotes", "header": "hdr"}
    files = {"styles": _STYLES} | {
        type: f"<w:{roots.get(type, type)} {_NAMESPACES}>{content}</w:{roots.get(type, type)}>"
        for type, content in parts.items()
    }
    overrides = "".join(
        f'<Override PartName="/word/{type}.xml" ContentType="{_FORMAT}{type}+xml"/>'
        for type in files
    )
    related = "".join(
        f'<Relationship Id="{type}" Type="{_OFFICE}{type}" Target="{type}.xml"/>' for type in files
    )
    if "header" in parts:
        section = f'<w:headerReference w:type="default" r:id="header"/>{section}'
    package = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_FORMAT}document.main+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="a" '
        f'Type="{_OFFICE}officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}relationships">{related}'
        f'<Relationship Id="link" Type="{_OFFICE}hyperlink" Target="https://www.gov.pl" '
        'TargetMode="External"/></Relationships>',
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}"
        f"<w:sectPr>{section}</w:sectPr></w:body></w:document>",
        **{f"word/{type}.xml": content for type, content in files.items()},
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in package.items():
            target.writestr(name, content)
    return path
