"""Fit the classifier of target forms on the parallel corpus: writes `form_prior.json.gz`.

Usage: python -m training.form_prior [CORPUS.tsv…]      (all of `corpus/` if left out)

Only terms and names with exactly one occurrence in the Polish and one in the target are used, so
that no alignment is needed. A form that several cases share counts for each of them in equal parts.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from translator.terminology import Terminology, form_prior
from translator.terminology.morphology import find_forms, forms

LANGUAGES = {"en": 1, "ru": 2, "kk": 3}
ROOT = Path(__file__).parent.parent
REGULARISATION = 1.0  # inverse strength; 0.1 and 0.3 were worse on held-out rows
RARE = 2  # a feature must occur as often
SMALL = 0.04  # weights below this are dropped


@dataclass(frozen=True, slots=True)
class Observation:
    """A term's features and the classes that its form in the reference may belong to."""

    language: str
    features: tuple[str, ...]
    labels: tuple[str, ...]


def observe(paths: list[Path]) -> Iterator[Observation]:
    """What the corpus shows."""
    terminology = Terminology.load(sorted((ROOT / "glossaries").glob("*.csv")))
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = line.split("\t")
            (matches,) = terminology.find([row[0]])
            often = Counter(match.term.source for match in matches)
            for match in matches:
                if often[match.term.source] > 1 or match.short or match.term.is_advisory:
                    continue
                features = form_prior.features(row[0], match, matches)
                for language, column in LANGUAGES.items():
                    lemma = match.term.targets.get(language, "")
                    person, gender = match.term.is_person, match.gender
                    found = find_forms(lemma, language, row[column], person=person, gender=gender)
                    if len(found) != 1:
                        continue
                    text = row[column][slice(*found[0][:2])].lower()
                    labels = {
                        form_prior.label(form)
                        for form in forms(lemma, language, person=person, gender=gender)
                        if form.case and form.text.lower() == text
                    }
                    if labels:
                        own = (*features, form_prior.feature_of(lemma))
                        yield Observation(language, own, tuple(sorted(labels)))


def fit(observations: list[Observation]) -> dict[str, dict[str, float]]:
    """The weights of each feature and class, small ones left out."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    often = Counter(feature for o in observations for feature in o.features)
    rows, labels, parts = [], [], []
    for observation in observations:
        for label in observation.labels:
            rows.append({f: 1 for f in observation.features if often[f] >= RARE})
            labels.append(label)
            parts.append(1 / len(observation.labels))
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=REGULARISATION, max_iter=300, fit_intercept=False)
    model.fit(vectorizer.fit_transform(rows), labels, sample_weight=parts)
    coefficients = model.coef_ if len(model.classes_) > 2 else [-model.coef_[0], model.coef_[0]]
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for name, values in zip(model.classes_, coefficients, strict=True):
        for feature, value in zip(vectorizer.get_feature_names_out(), values, strict=True):
            if abs(value) >= SMALL or feature == form_prior.BIAS:
                weights[str(feature)][str(name)] = round(float(value), 2)
    return dict(sorted(weights.items()))


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "corpus").glob("*.tsv"))
    observed = list(observe(paths))
    weights = {
        language: fit([o for o in observed if o.language == language]) for language in LANGUAGES
    }
    content = json.dumps(weights, ensure_ascii=False, separators=(",", ":")).encode()
    form_prior.WEIGHTS.write_bytes(gzip.compress(content, 9, mtime=0))
    counts = Counter(observation.language for observation in observed)
    for language, features in weights.items():
        print(f"{language}: {counts[language]} observations, {len(features)} features")


if __name__ == "__main__":
    main()
