"""A made-up release with all that a document can have, in four languages."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import date

from translator import inline
from translator.model import BlockKind, Inline, Row
from translator.publishing import Publication

LANGUAGES = ("en", "ru", "kk")
CHART = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 150" width="320" height="150">
<rect x="20" y="80" width="60" height="60" fill="#c9ced6"/>
<rect x="100" y="55" width="60" height="85" fill="#9aa5b5"/>
<rect x="180" y="35" width="60" height="105" fill="#5f6f86"/>
<rect x="260" y="10" width="40" height="130" fill="#9c1b30"/>
<path d="M10 140h300" stroke="#333"/></svg>"""


def png(width: int, height: int) -> bytes:
    """A picture with a gradient."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(
        b"\0" + bytes(c for x in range(width) for c in (90 + 60 * y // height, 110, 160 - x % 40))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


ASSETS = {"chart.svg": CHART, "talks.png": png(480, 270)}
TAGS = {
    1: Inline("bold", 0, 0),
    2: Inline("italic", 0, 0),
    3: Inline("link", 0, 0, "https://www.gov.pl/web/dyplomacja"),
    4: Inline("footnote", 0, 0, "1"),
    5: Inline("footnote", 0, 0, "2"),
    6: Inline("superscript", 0, 0),
    7: Inline("break", 0, 0),
}
# Kind, what Row has besides, Polish, English, Russian, Kazakh.
Texts = tuple[BlockKind, dict[str, object], str, str, str, str]
_BLOCKS: tuple[Texts, ...] = (
    (
        BlockKind.TITLE,
        {},
        "Polska i Kazachstan rozszerzają współpracę gospodarczą",
        "Poland and Kazakhstan expand economic cooperation",
        "Польша и Казахстан расширяют экономическое сотрудничество",
        "Польша мен Қазақстан экономикалық ынтымақтастықты кеңейтеді",
    ),
    (
        BlockKind.PARAGRAPH,
        {},
        "W Warszawie odbyło się posiedzenie <1>Komisji Międzyrządowej do spraw Współpracy "
        "Gospodarczej</1>. Strony omówiły transport, energetykę i rolnictwo<4/>, a także "
        "<3>program na lata 2026–2028</3>. Obroty handlowe wzrosły o 53,9%, mimo utrudnień w "
        "ruchu towarowym przez granice.",
        "The <1>Intergovernmental Commission for Economic Cooperation</1> met in Warsaw. The "
        "sides discussed transport, energy and agriculture<4/>, as well as the <3>programme for "
        "2026–2028</3>. Trade grew by 53.9%, in spite of obstacles to the movement of goods "
        "across borders.",
        "В Варшаве состоялось заседание <1>Межправительственной комиссии по экономическому "
        "сотрудничеству</1>. Стороны обсудили транспорт, энергетику и сельское хозяйство<4/>, а "
        "также <3>программу на 2026–2028 годы</3>. Товарооборот вырос на 53,9%, несмотря на "
        "препятствия для движения товаров через границы.",
        "Варшавада <1>Экономикалық ынтымақтастық жөніндегі үкіметаралық комиссияның</1> отырысы "
        "өтті. Тараптар көлік, энергетика және ауыл шаруашылығы<4/> мәселелерін, сондай-ақ "
        "<3>2026–2028 жылдарға арналған бағдарламаны</3> талқылады. Шекаралар арқылы тауар "
        "қозғалысындағы кедергілерге қарамастан, тауар айналымы 53,9%-ға өсті.",
    ),
    (
        BlockKind.HEADING,
        {},
        "Najważniejsze ustalenia",
        "Main conclusions",
        "Основные договорённости",
        "Негізгі уағдаластықтар",
    ),
    (
        BlockKind.PARAGRAPH,
        {},
        "Strony postanowiły:",
        "The sides decided to:",
        "Стороны решили:",
        "Тараптар мыналарды шешті:",
    ),
    (
        BlockKind.ITEM,
        {"ordered": True},
        "uruchomić regularne połączenie kolejowe przez Morze Kaspijskie;",
        "open a regular railway connection across the Caspian Sea;",
        "открыть регулярное железнодорожное сообщение через Каспийское море;",
        "Каспий теңізі арқылы тұрақты теміржол қатынасын ашу;",
    ),
    (
        BlockKind.ITEM,
        {"ordered": True},
        "przygotować umowę o <2>ochronie inwestycji</2>, w tym:",
        "draft an agreement on the <2>protection of investments</2>, including:",
        "подготовить соглашение о <2>защите инвестиций</2>, в том числе:",
        "<2>инвестицияларды қорғау</2> туралы келісім әзірлеу, оның ішінде:",
    ),
    (
        BlockKind.ITEM,
        {"level": 2},
        "przepisy o rozstrzyganiu sporów,",
        "rules on the settlement of disputes,",
        "правила разрешения споров,",
        "дауларды шешу ережелерін,",
    ),
    (
        BlockKind.ITEM,
        {"level": 2},
        "wykaz przedsiębiorstw;",
        "a list of enterprises;",
        "перечень предприятий;",
        "кәсіпорындар тізімін;",
    ),
    (
        BlockKind.ITEM,
        {"ordered": True},
        "spotkać się ponownie w Astanie.",
        "meet again in Astana.",
        "вновь встретиться в Астане.",
        "Астанада қайта кездесу.",
    ),
    (
        BlockKind.QUOTE,
        {},
        "Kazachstan jest naszym głównym partnerem w Azji Środkowej<5/> – powiedział minister.",
        "“Kazakhstan is our most important partner in Central Asia<5/>,” said the minister.",
        "«Казахстан – наш важнейший партнёр в Центральной Азии<5/>», – сказал министр.",
        "«Қазақстан – Орталық Азиядағы<5/> біздің ең маңызды серіктесіміз», – деді министр.",
    ),
    (
        BlockKind.IMAGE,
        {"asset": "talks.png"},
        "Przewodniczący obu delegacji przy stole rozmów",
        "The heads of both delegations at the negotiating table",
        "Главы обеих делегаций за столом переговоров",
        "Екі делегация басшылары келіссөз үстелінде",
    ),
    (
        BlockKind.CAPTION,
        {},
        "Rozmowy w Warszawie. Fot. MSZ",
        "Talks in Warsaw. Photo: MFA",
        "Переговоры в Варшаве. Фото: МИД",
        "Варшавадағы келіссөздер. Фото: СІМ",
    ),
    (
        BlockKind.HEADING,
        {"level": 2},
        "Handel w liczbach",
        "Trade in figures",
        "Торговля в цифрах",
        "Сауда сандармен",
    ),
    *(
        (BlockKind.CELL, {"cell": (1, row, column)}, *texts)
        for row, columns in enumerate(
            (
                (
                    ("Rok", "Year", "Год", "Жыл"),
                    ("Eksport", "Exports", "Экспорт", "Экспорт"),
                    ("Import", "Imports", "Импорт", "Импорт"),
                ),
                (
                    ("2023", "2023", "2023", "2023"),
                    ("1 204,5 mln EUR", "EUR 1,204.5 m", "1204,5 млн евро", "1204,5 млн еуро"),
                    ("890,1 mln EUR", "EUR 890.1 m", "890,1 млн евро", "890,1 млн еуро"),
                ),
                (
                    ("2024", "2024", "2024", "2024"),
                    ("1 853,7 mln EUR", "EUR 1,853.7 m", "1853,7 млн евро", "1853,7 млн еуро"),
                    ("912,0 mln EUR", "EUR 912.0 m", "912,0 млн евро", "912,0 млн еуро"),
                ),
            ),
            start=1,
        )
        for column, texts in enumerate(columns, start=1)
    ),
    (
        BlockKind.CAPTION,
        {},
        "Obroty handlowe w cenach bieżących, 10<6>6</6> EUR",
        "Trade at current prices, EUR 10<6>6</6>",
        "Товарооборот в текущих ценах, 10<6>6</6> евро",
        "Ағымдағы бағадағы тауар айналымы, 10<6>6</6> еуро",
    ),
    *(
        (BlockKind.CELL, {"cell": (2, row, column)}, *texts)
        for row, columns in enumerate(
            (
                (
                    ("Dziedzina", "Field", "Область", "Сала"),
                    ("Przedsięwzięcie", "Project", "Проект", "Жоба"),
                    ("Odpowiedzialny", "Responsible", "Ответственный", "Жауапты"),
                    ("Termin", "Deadline", "Срок", "Мерзімі"),
                    ("Finansowanie", "Funding", "Финансирование", "Қаржыландыру"),
                ),
                (
                    ("Transport", "Transport", "Транспорт", "Көлік"),
                    (
                        "Połączenie kolejowe z terminalem przeładunkowym w Małaszewiczach",
                        "Railway connection with the transshipment terminal in Małaszewicze",
                        "Железнодорожное сообщение с перегрузочным терминалом в Малашевичах",
                        "Малашевичедегі жүк ауыстыру терминалымен теміржол байланысы",
                    ),
                    (
                        "Ministerstwo Infrastruktury",
                        "Ministry of Infrastructure",
                        "Министерство инфраструктуры",
                        "Инфрақұрылым министрлігі",
                    ),
                    ("2027", "2027", "2027", "2027"),
                    ("12,5%", "12.5%", "12,5%", "12,5%"),
                ),
                (
                    ("Rolnictwo", "Agriculture", "Сельское хозяйство", "Ауыл шаруашылығы"),
                    (
                        "Laboratorium badań żywności",
                        "Food research laboratory",
                        "Лаборатория исследований пищевых продуктов",
                        "Азық-түлікті зерттеу зертханасы",
                    ),
                    (
                        "Ministerstwo Rolnictwa",
                        "Ministry of Agriculture",
                        "Министерство сельского хозяйства",
                        "Ауыл шаруашылығы министрлігі",
                    ),
                    ("2028", "2028", "2028", "2028"),
                    ("8,0%", "8.0%", "8,0%", "8,0%"),
                ),
            ),
            start=1,
        )
        for column, texts in enumerate(columns, start=1)
    ),
    (
        BlockKind.HEADING,
        {"level": 4},
        "Wykres",
        "Chart",
        "Диаграмма",
        "Диаграмма",
    ),
    (
        BlockKind.IMAGE,
        {"asset": "chart.svg"},
        "Wykres słupkowy: eksport rośnie co roku",
        "Bar chart: exports grow every year",
        "Столбчатая диаграмма: экспорт растёт каждый год",
        "Бағанды диаграмма: экспорт жыл сайын өседі",
    ),
    (
        BlockKind.SIGNATURE,
        {},
        "Biuro Rzecznika Prasowego\nMinisterstwo Spraw Zagranicznych",
        "Office of the Press Spokesperson\nMinistry of Foreign Affairs",
        "Бюро пресс-секретаря\nМинистерство иностранных дел",
        "Баспасөз хатшысының бюросы\nСыртқы істер министрлігі",
    ),
    (
        BlockKind.FOOTNOTE,
        {},
        "Protokół podpisano 8 grudnia 2021 r.",
        "The protocol was signed on 8 December 2021.",
        "Протокол подписан 8 декабря 2021 г.",
        "Хаттамаға 2021 ж. 8 желтоқсанда қол қойылды.",
    ),
    (
        BlockKind.FOOTNOTE,
        {},
        "Zob. także <2>Strategię UE wobec Azji Środkowej</2>.",
        "See also the <2>EU Strategy on Central Asia</2>.",
        "См. также <2>Стратегию ЕС в отношении Центральной Азии</2>.",
        "<2>ЕО-ның Орталық Азияға қатысты стратегиясын</2> да қараңыз.",
    ),
)


def _plain(text: str) -> tuple[str, tuple[Inline, ...]]:
    plain, tags = inline.parse(text, TAGS)
    return plain, tuple(replace(TAGS[t.number], start=t.start, end=t.end) for t in tags)


def rich(language: str, **options: object) -> Publication:
    """The release in Polish and `language`, with the typography of the language."""
    rows = []
    for kind, fields, polish, *others in _BLOCKS:
        source, source_inlines = _plain(polish)
        target, target_inlines = _plain(others[LANGUAGES.index(language)])
        row = Row(
            kind,
            source,
            target,
            source_inlines=source_inlines,
            target_inlines=target_inlines,
        )
        rows.append(replace(row, **fields))  # type: ignore[arg-type]
    publication = Publication(
        "wspolpraca-gospodarcza", language, tuple(rows), date(2026, 3, 12), assets=ASSETS
    )
    return replace(publication, **options).typeset()  # type: ignore[arg-type]
