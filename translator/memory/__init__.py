"""The translation memory: what people approved, found again when a segment like it returns.

`store.Memory` is the SQLite file; `index` finds candidates in it, `similarity` scores them,
`adaptation` puts a new text's figures and names into an old translation, `exchange` reads and
writes TMX and tables, `reuse` is what the pipeline calls.
"""

from translator.memory.entry import Entry, Hit, Match
from translator.memory.reuse import learn, reuse
from translator.memory.store import Memory

__all__ = ["Entry", "Hit", "Match", "Memory", "learn", "reuse"]
