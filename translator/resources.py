"""Where the data that ships with translator lies: in the installed package, or in the checkout it
runs from.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """The shipped file or folder `name`, such as `glossaries` or
    `locales/kk/LC_MESSAGES/translator.po`.

    A wheel carries the repository's folders under `translator/data`; a checkout has them beside the
    code.
    """
    installed = PACKAGE / "data" / name
    return installed if installed.exists() else PACKAGE.parent / name
