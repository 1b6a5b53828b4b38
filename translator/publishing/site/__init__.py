"""A static site of releases in several languages; see `pages.build`."""

from translator.publishing.site.pages import Entry, Site, build

__all__ = ["Entry", "Site", "build"]
