"""Segmentation: the sample release, what a ministry writes, and that nothing is ever lost."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translator import documents
from translator.model import Block, BlockKind, Release
from translator.segmentation import segment, split

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "releases" / "konsultacje-polska-kazachstan.txt"

# Read off the release by eye; runs of white space shown as one plain space.
SAMPLE_SEGMENTS = [
    ["Konsultacje polityczne Polski i Kazachstanu"],
    ["Konsultacje polityczne Polski i Kazachstanu"],
    [
        "Konsultacje polityczne przeprowadzone 8 grudnia br. przez wiceministrów spraw "
        "zagranicznych Marcina Przydacza oraz Margułana Baimuchana potwierdziły dobry stan "
        "stosunków polsko-kazachskich."
    ],
    [
        "– Kazachstan pozostaje najważniejszym partnerem Polski w regionie Azji Centralnej, "
        "zarówno w sferze politycznej, jak i gospodarczej.",
        "Łączą nas także liczne więzi w innych dziedzinach, takich jak kultura i nauka, a ponad "
        "30-tysięczna polska społeczność w Kazachstanie pozostaje naturalnym pomostem między "
        "naszymi krajami – ocenił wiceminister Przydacz.",
        "Odnosząc się do 85. rocznicy pierwszych deportacji ludności polskiej do Kazachstanu, "
        "która przypada w 2021 r., wiceszef polskiej dyplomacji podkreślił, że polscy zesłańcy "
        "doświadzczyli od mieszkańców Kazachstanu licznych oznak pomocy i wsparcia.",
    ],
    [
        "Ministrowie zgodzili się, że w ostatnich latach nastąpiła znacząca intensyfikacja "
        "kontaktów dwustronnych na wyższych szczeblach, która w wymierny sposób przełożyła się "
        "m.in. na wzrost wymiany handlowej i działalności inwestycyjnej.",
        "Pozostajemy również solidarni w obliczu wspólnych wyzwań, takich jak pandemia COVID-19.",
        "Świadczy o tym skierowanie przez Polskę konwoju z pomocą humanitarną do Kazachstanu "
        "w listopadzie tego roku.",
    ],
    [
        "Rozmowa wiceministrów dyplomacji Polski i Kazachstanu była dobrą okazją do wymiany "
        "poglądów na kwestie dotyczące intensyfikacji współpracy w regionie Azji Centralnej oraz "
        "innych aspektów polityki międzynarodowej.",
        "– Dobrze oceniamy naszą współpracę na forach międzynarodowych, w tym szczególnie w ONZ "
        "jako niestali członkowie Rady Bezpieczeństwa w 2018 r. – podkreślił wiceminister "
        "Przydacz.",
        "– Dzięki dobrym relacjom politycznym w tym roku, mimo pandemii, udało nam się zwiększyć "
        "eksport polskich towarów do Kazachstanu o 53,9%.",
        "Równie dobrze oceniamy kontakty z Kazachstanem jako partnerem Unii Europejskiej – to "
        "pierwszy kraj regionu Azji Centralnej, który zawarł z UE umowę o wzmocnionym partnerstwie "
        "i współpracy.",
    ],
    [
        "Minister Przydacz pogratulował Kazachstanowi wyboru Kajrata Abdrachmanowa na stanowisko "
        "Wysokiego Komisarza OBWE ds. Mniejszości Narodowych.",
        "Wyraził również nadzieję na bliską współpracę z Wysokim Komisarzem oraz z Kazachstanem "
        "zarówno w ramach tzw. trójki, jak również podczas przewodnictwa Polski w OBWE w 2022 r.",
    ],
    ["Biuro Rzecznika Prasowego"],
    ["Ministerstwo Spraw Zagranicznych"],
]

# "‖" marks the ends of sentences that are expected.
MINISTRY = """
Spotkanie odbyło się 8 grudnia br. w Warszawie. ‖ Rozmawiano o Ukrainie.
Wizyta odbędzie się w maju br. ‖ Minister uda się do Astany.
Umowę podpisano w 2018 r. ‖ Minister wyraził zadowolenie.
Polska była członkiem Rady Bezpieczeństwa w 2018 r. ‖ Obecnie ubiega się o kolejną kadencję.
W 2018 r. Polska objęła przewodnictwo w Radzie. ‖ Trwało ono miesiąc.
W grudniu 2021 r. Minister Rau odwiedził Wiedeń. ‖ Był to jego pierwszy wyjazd.
8 grudnia br. Wiceminister Przydacz przyjął ambasadora. ‖ Rozmowa trwała godzinę.
Od 1991 r. Kazachstan jest niepodległy. ‖ Polska uznała go jako jedna z pierwszych.
W dniu 5 maja 2022 r. Konsulat będzie nieczynny. ‖ Za utrudnienia przepraszamy.
Rzecznik przypomniał, że w 2022 r. Polska przewodniczyła OBWE. ‖ Było to trudne zadanie.
Obroty spadły w ub. r. o 5 proc. i wyniosły 3 mld zł. ‖ W tym roku rosną.
Spotkali się w ub.r. ‖ Następna wizyta odbędzie się w Rzymie.
Ustawa z dnia 26 czerwca 1974 r. Kodeks pracy obowiązuje do dziś. ‖ Była wielokrotnie zmieniana.
Ogłoszono ją w Dz.U. z 2018 r. Nr 5, poz. 12. ‖ Weszła w życie od razu.
Zgodnie z art. 5 ust. 2 pkt 3 umowy strony informują się wzajemnie. ‖ Termin wynosi 30 dni.
Art. 7 ust. 1 lit. a) stanowi inaczej. ‖ Wyjątek określa § 4.
Zob. rozdz. 3 sprawozdania. ‖ Dane podano na str. 15.
Sprawę prowadzi pełnomocnik ds. Równego Traktowania. ‖ Biuro mieści się w Warszawie.
Mówił o tzw. Trójkącie Weimarskim. ‖ Francja poparła ten pomysł.
Wzięli w nim udział m.in. Polska, Litwa i Łotwa. ‖ Obrady zakończono wieczorem.
Rozmówcami byli m.in. prof. Jan Nowak i dr hab. Anna Zając. ‖ Panel prowadził red. Piotr Lis.
Delegacji przewodniczył gen. bryg. Adam Kot. ‖ Towarzyszył mu ppłk. Robert Maj.
W uroczystości uczestniczył płk. Jan Sowa oraz kpt. Ewa Żuk. ‖ Złożono wieńce.
Odznaczenie odebrał por. mar. Marek Wilk. ‖ Gratulował mu kmdr. Paweł Kruk.
Ambasadą kieruje chargé d'affaires a.i. Jan Kowalski. ‖ Placówka działa normalnie.
Dyrektorem jest p.o. Anna Nowak. ‖ Objęła stanowisko w maju.
List podpisał min. Sikorski. ‖ Adresatem był kanclerz.
Rozmowa trwała 15 min. ‖ Strony zgodziły się ją powtórzyć.
Premier J. Kowalski spotkał się z A.B. Nowakiem. ‖ Ustalili kalendarz wizyt.
Autorem jest J.-P. Sartre. ‖ Książkę wydano w Krakowie.
Przewodniczący Ch. Michel przybył do Kijowa. ‖ Powitał go prezydent.
Nagrodę otrzymał Ł. Żak. ‖ Wręczono ją w ambasadzie.
Z J.Kowalskim rozmawiał sekretarz stanu. ‖ Treści nie ujawniono.
Przypada 85. rocznica deportacji. ‖ Obchody odbędą się w Astanie.
Podczas 76. Sesji Zgromadzenia Ogólnego ONZ głos zabrał prezydent. ‖ Mówił o pokoju.
Na 15. Szczycie NATO zapadły decyzje. ‖ Dotyczą one wschodniej flanki.
To 3. edycja konkursu. ‖ Poprzednia odbyła się w 2019. ‖ Zgłosiło się 300 osób.
1. Strony rozwijają współpracę. ‖ 2. Strony wymieniają informacje.
Briefing rozpocznie się o godz. 15.30. ‖ Akredytacje przyjmuje biuro prasowe.
Zapraszamy na al. Szucha 23. ‖ Wejście od ul. Litewskiej.
Konsulat mieści się przy pl. Zbawiciela. ‖ Czynny jest od pon. do pt. w godz. 9-15.
Pomoc objęła 300 tys. Ukraińców. ‖ Kosztowała 2 mld. EUR w ciągu roku.
W Kazachstanie mieszka ok. 30 tys. Polaków. ‖ Większość żyje na północy.
Eksport wzrósł o 53,9 proc. ‖ Import pozostał bez zmian.
Wydatki na obronę wynoszą 4 proc. PKB. ‖ To najwięcej w Sojuszu.
Otwarto wystawę pt. „Polacy w stepie”. ‖ Potrwa do końca maja.
Mowa o krajach regionu, tj. Kazachstanie i Uzbekistanie. ‖ Oba są w OBWE.
Wspierane są projekty, np. Akademia Dyplomacji. ‖ Budżet wynosi 5 mln zł.
Przekazano leki, koce, namioty itd. ‖ Transport dotarł w piątek.
Dostarczono generatory itp. sprzęt. ‖ Kolejny konwój wyruszy jutro.
Ulica nosi imię św. Jana Pawła II. ‖ Odsłonięto tam tablicę.
Stypendium im. Stefana Banacha otrzymało 50 osób. ‖ Nabór trwa do 1 marca.
W woj. mazowieckim i w m.st. Warszawie działa pięć punktów. ‖ Są bezpłatne.
Umowę zawarła firma PKN Orlen S.A. ‖ Wartość kontraktu jest tajna.
Wykonawcą jest Budimex sp. z o.o. ‖ Prace ruszą wiosną.
W projekcie biorą udział Kowalski, Nowak i in. ‖ Wyniki ogłoszono.
W XIX w. Polska była pod zaborami. ‖ Odzyskała niepodległość w 1918 r.
6 kwietnia 1992 r. – Polska i Kazachstan nawiązują stosunki. ‖ 1 maja 2004 r. – Polska w UE.
Byli tu w 1871 r. ‖ – Nasi dziadkowie karczowali las – mówi wójt.
Rękopis pochodzi z XVI w. ‖ Przechowuje go muzeum.
– Dziękujemy za wsparcie – powiedział minister. ‖ – To dla nas ważne.
– Czy to możliwe? – zapytał dziennikarz. ‖ – Tak – odparł rzecznik.
– Jesteśmy gotowi! – podkreślił ambasador. ‖ Dodał, że rozmowy trwają.
– Cenimy współpracę w 2018 r. – ocenił wiceminister. ‖ –  Dzięki niej wzrósł eksport.
Minister dodał: – Dziękuję Kazachstanowi. ‖ Słowa te przyjęto brawami.
„Nie ma na to zgody” – oświadczył rzecznik. ‖ „Prawo jest jasne.” ‖ Na tym zakończył.
„Czy Europa jest bezpieczna?” pytali uczestnicy. ‖ Odpowiedzi było wiele.
Pokazano film „Quo vadis?” Jerzego Kawalerowicza. ‖ Sala była pełna.
Czas ucieka… ‖ Trzeba działać.
Nie wiadomo... kiedy to nastąpi. ‖ Rozmowy trwają.
Czy rozmowy są potrzebne? ‖ Tak! ‖ Bez nich nie ma pokoju.
Oferta (zob. załącznik nr 7) jest ważna. ‖ Wygasa w maju.
Delegacja (ok. 20 osób) przyjechała w piątek. ‖ (Program w załączeniu.) ‖ Wyjedzie jutro.
Adres: www.gov.pl/kazachstan. ‖ Tel. 22 523 90 00, e-mail: bpr@msz.gov.pl.
Wersja 2.0 jest gotowa. ‖ Opis znajduje się w pkt. 3.4 dokumentu.
Postanowiono jak w ww. Umowie. ‖ Protokół podpisano.
Wojska gen. Andersa opuściły ZSRS w 1942 r. ‖ Towarzyszyli im cywile.
""".strip().splitlines()


def texts(text: str) -> list[str]:
    return [s.text for s in split(text)]


def restored(text: str) -> str:
    return "".join(s.text + s.gap for s in split(text))


def test_sample_release_exactly() -> None:
    blocks = segment(documents.read(SAMPLE)).blocks
    found = [[re.sub(r"\s+", " ", s.text) for s in block.segments] for block in blocks]
    assert found == SAMPLE_SEGMENTS
    for block in blocks:
        assert "".join(s.text + s.gap for s in block.segments) == block.text


def test_sample_keeps_its_white_space() -> None:
    quotation = segment(documents.read(SAMPLE)).blocks[3].segments
    assert quotation[0].text.startswith("–\u00a0Kazachstan")
    assert [s.gap for s in quotation] == [" ", "\u00a0", ""]
    assert quotation[1].text.endswith("naszymi krajami\u00a0–\u00a0ocenił wiceminister Przydacz.")


@pytest.mark.parametrize("line", MINISTRY)
def test_ministry_sentences(line: str) -> None:
    assert texts(line.replace("‖ ", "")) == line.split(" ‖ ")


def test_numbered_paragraphs_keep_their_numbers() -> None:
    assert texts("1. Strony rozwijają współpracę. 2. Strony wymieniają informacje.") == [
        "1. Strony rozwijają współpracę.",
        "2. Strony wymieniają informacje.",
    ]


def test_items_of_a_list_stand_apart() -> None:
    assert texts("Omówiono:\n• handel,\n• naukę i\nkulturę.") == [
        "Omówiono:",
        "• handel,",
        "• naukę i\nkulturę.",
    ]


def test_no_false_break_in_glossary_terms() -> None:
    with (ROOT / "glossaries" / "diplomacy.csv").open(encoding="utf-8", newline="") as file:
        terms = [row["pl"] for row in csv.DictReader(file)]
    assert len(terms) > 500
    for term in terms:
        sentence = f"Omówiono też {term} i dalszą współpracę."
        assert texts(sentence) == [sentence]


# These may end a sentence, and a capital or a figure after them then begins the next.
ENDING = {"br.", "itd.", "r.", "w.", "tys.", "proc."}


def test_no_false_break_after_glossary_abbreviations() -> None:
    with (ROOT / "glossaries" / "diplomacy.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row["pl"] for row in csv.DictReader(file) if row["domain"] in ("abbreviation", "usage")
        ]
    dotted = [row for row in rows if row.endswith(".")]
    assert "ds." in dotted
    for abbreviation in dotted:
        for follower in ["oraz"] if abbreviation in ENDING else ["oraz", "30", "Komisja"]:
            sentence = f"Wskazano na {abbreviation} {follower} i inne."
            assert texts(sentence) == [sentence]


@pytest.mark.parametrize("space", ["\u00a0", "  ", "\u202f", " \u00a0", "\n", "\t"])
def test_unusual_spaces_do_not_change_the_boundaries(space: str) -> None:
    for line in MINISTRY:
        plain = line.replace("‖ ", "")
        spaced = plain.replace(" ", space)
        assert [s.replace(space, " ") for s in texts(spaced)] == texts(plain)


def test_soft_hyphens_and_dashes_do_not_change_the_boundaries() -> None:
    for line in MINISTRY:
        plain = line.replace("‖ ", "")
        hyphenated = re.sub(r"(\w{2})(\w)", "\\1\u00ad\\2", plain)
        assert [s.replace("\u00ad", "") for s in texts(hyphenated)] == texts(plain)
        assert [s.replace("—", "–") for s in texts(plain.replace("–", "—"))] == texts(plain)


def test_headlines_and_signatures_are_one_segment() -> None:
    kinds = BlockKind.TITLE, BlockKind.HEADING, BlockKind.SIGNATURE
    blocks = tuple(Block(i, kind, "Wizyta. Rozmowy w Rydze") for i, kind in enumerate(kinds, 1))
    release = segment(Release("x", Path("x.txt"), "", blocks))
    assert [s.text for s in release.segments] == ["Wizyta. Rozmowy w Rydze"] * 3


@pytest.mark.parametrize("text", ["", " ", "\n\u00a0\n"])
def test_nothing_gives_nothing(text: str) -> None:
    assert split(text) == []


SAMPLE_LINES = [line for line in SAMPLE.read_text(encoding="utf-8").splitlines() if line.strip()]
BITS = [" ", "  ", "\u00a0", "\u00ad", "\u200b", "\n", "\r\n", "• ", "1. ", "r. ", "br. "]
PIECES = st.sampled_from([*SAMPLE_LINES, *MINISTRY, *BITS, *"…”“„–—.!?"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=6).map("".join))
@example("\u00ad. \u00adA. ")
@example(". A\u200b ")
@example("A.\u00ad \u00ad B.")
def test_nothing_is_lost(text: str) -> None:
    assert restored(text) == text.strip()
    for s in split(text):
        assert s.text
        assert s.text == s.text.strip()
        assert not s.gap.strip()


def test_every_line_of_the_corpus_comes_back() -> None:
    lines = [
        line.split("\t")[0]
        for file in sorted((ROOT / "corpus").glob("*.tsv"))
        for line in file.read_text(encoding="utf-8").splitlines()[:40]
    ] + SAMPLE_LINES
    for line in lines:
        assert restored(line) == line.strip()
    assert restored(" ".join(lines)) == " ".join(lines).strip()


def test_importing_loads_no_rules() -> None:
    code = "import sys, translator.segmentation; sys.exit('choppa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
