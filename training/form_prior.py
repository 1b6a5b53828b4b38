"""Count which target form stands where a Polish term stands in a given form: `form_prior.json`.

Usage: python -m training.form_prior [CORPUS.tsv…]      (all of `corpus/` if left out)

Only terms and names with exactly one occurrence in the Polish and one in the target are counted, so
that no alignment is needed; contexts seen less than three times are left out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from itertools import product
from pathlib import Path

from translator.model import Match
from translator.terminology import Terminology, form_prior
from translator.terminology.morphology import find_forms, forms

LANGUAGES = ("en", "ru", "kk")
ROOT = Path(__file__).parent.parent
RARE = 3


def count(paths: list[Path]) -> form_prior.Counts:
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
                    if len(found) != 1:
                        continue
                    features = _features(lemma, language, target[slice(*found[0][:2])], match)
                    for key, feature in product(where, features):
                        counts[language][key][feature] += 1 / len(features)
    return {
        language: {
            key: {feature: round(n, 2) for feature, n in sorted(seen.items())}
            for key, seen in sorted(of_language.items())
            if sum(seen.values()) >= RARE
        }
        for language, of_language in counts.items()
    }


def _features(lemma: str, language: str, text: str, match: Match) -> list[str]:
    """What the form may be: a form that cases share counts for each in equal parts."""
    alike = forms(lemma, language, person=match.term.is_person, gender=match.gender)
    same = {form_prior.feature(f) for f in alike if f.text.lower() == text.lower() and f.case}
    return sorted(same)


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "corpus").glob("*.tsv"))
    counts = count(paths)
    form_prior.COUNTS.write_text(
        json.dumps(counts, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
    )
    print({language: len(contexts) for language, contexts in counts.items()})


if __name__ == "__main__":
    main()
