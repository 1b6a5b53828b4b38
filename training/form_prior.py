"""Count which target form stands where a Polish term stands in a given form: `form_prior.json`.

Usage: python -m training.form_prior [CORPUS.tsv…]      (all of `corpus/` if left out)

Only terms and names with exactly one occurrence in the Polish and one in the target are counted, so
that no alignment is needed; contexts seen less than three times are left out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from translator.terminology import Terminology, form_prior
from translator.terminology.morphology import find_forms

LANGUAGES = ("en", "ru", "kk")
ROOT = Path(__file__).parent.parent
RARE = 3


def count(paths: list[Path]) -> dict[str, dict[str, dict[str, int]]]:
    """Counts by language, context key and form feature."""
    terminology = Terminology.load(sorted((ROOT / "glossaries").glob("*.csv")))
    counts: dict[str, dict[str, Counter[str]]] = {
        language: defaultdict(Counter) for language in LANGUAGES
    }
    for path in paths:
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
        for row in rows:
            (matches,) = terminology.find([row[0]])
            often = Counter(match.term.source for match in matches)
            for match in matches:
                if often[match.term.source] > 1 or match.short:
                    continue
                where = form_prior.context(row[0], match)
                for language, target in zip(LANGUAGES, row[1:], strict=True):
                    lemma = match.term.targets.get(language, "")
                    found = find_forms(
                        lemma, language, target, person=match.term.is_person, gender=match.gender
                    )
                    if len(found) == 1 and found[0][2].case:
                        for key in where:
                            counts[language][key][form_prior.feature(found[0][2])] += 1
    return {
        language: {
            key: dict(sorted(seen.items()))
            for key, seen in sorted(of_language.items())
            if seen.total() >= RARE
        }
        for language, of_language in counts.items()
    }


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "corpus").glob("*.tsv"))
    counts = count(paths)
    form_prior.COUNTS.write_text(
        json.dumps(counts, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
    )
    print({language: len(contexts) for language, contexts in counts.items()})


if __name__ == "__main__":
    main()
