"""Every screen the kiosk can show, in the states of the design: ordinary, long, empty and in trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.flow.hours import Opening
from kiosk.flow.screens import (
    BAR,
    LETTERS,
    Already,
    Booked,
    BookingTrouble,
    Brake,
    Card,
    Choose,
    DepartmentList,
    DepartmentRow,
    Done,
    GroundRow,
    Grounds,
    Guide,
    GuideItem,
    Header,
    Help,
    Home,
    Issued,
    Language,
    MaterialRow,
    MatterList,
    MatterRow,
    Modes,
    MyNumber,
    Night,
    NoPaper,
    Notice,
    PrinterTrouble,
    Printing,
    Privacy,
    ScanTrouble,
    Screen,
    ScreenState,
    Search,
    ServerTrouble,
    StillThere,
    WaitRange,
)
from tests.kiosk.hall import GROUNDS

HEADER = Header(hall="安和镇政务服务大厅", centre="便民服务中心", kiosk=1, time="10:36", date="1月14日 星期三")
HEADER_EN = Header(hall="安和镇政务服务大厅", centre="便民服务中心", kiosk=1, time="10:36", date="Wed 14 Jan")
WAIT = WaitRange(low_min=20, high_min=30, text="20–30")
LONG_WAIT = WaitRange(low_min=105, high_min=140, text="105–140")


def matter(
    code: str, name: str, full: str, english: str, department: str, days: int = 7, season: str = ""
) -> MatterRow:
    return MatterRow(
        code=code, name=name, full_name=full, name_en=english, department=department, days=days, season=season
    )


SEASON = (
    matter("SB-001", "居民医保参保", "城乡居民基本医疗保险参保登记", "Health insurance", "社保", 0, "2月28日前"),
    matter("CL-002", "两项补贴复核", "残疾人两项补贴资格复核", "Disability allowance", "残联", 20, "1月20日前"),
    matter("SB-003", "养老缴费申报", "城乡居民养老保险缴费申报", "Pension contribution", "社保", 7),
    matter("JS-001", "育儿补贴", "育儿补贴申领", "Childcare allowance", "计生", 15),
    matter("MZ-004", "高龄津贴", "高龄老年人津贴申领", "Old-age allowance", "民政", 15),
)
FOUND = (
    matter("SB-010", "社保卡申领", "社会保障卡申领", "Social security card", "社保"),
    matter("SB-011", "社保卡补换", "社会保障卡补领、换领", "Replace the card", "社保"),
    matter("SB-012", "社保卡挂失", "社会保障卡挂失、解挂与密码重置", "Report a lost card", "社保", 0),
)
LONG = matter(
    "CL-016",
    "残疾人辅助器具适配补贴申请",
    "残疾人基本型辅助器具适配补贴资格认定与申请（含续领、变更和迁移）",
    "Allowance for assistive devices of disabled residents",
    "残疾人联合会",
    20,
    "12月31日前",
)


def department(code: str, name: str, english: str, count: int) -> DepartmentRow:
    return DepartmentRow(code=code, name=name, name_en=english, count=count)


DEPARTMENTS = (
    department("SB", "社保", "Social security", 26),
    department("MZ", "民政", "Civil affairs", 22),
    department("CL", "残联", "Disabled persons", 16),
    department("JS", "计生", "Family planning", 14),
    department("JG", "经管站", "Rural management", 8),
    department("LJ", "劳动监察", "Labour inspection", 6),
    department("GH", "规划", "Planning", 6),
    department("SF", "司法所", "Justice", 5),
    department("JW", "教委", "Education", 5),
)
ISSUED = Issued(
    number="A044",
    label="居民医保参保",
    ahead=11,
    wait=WAIT,
    windows="1–6",
    track="K7F3QD",
    qr="https://hall.example/t/K7F3QD",
)
LONG_ISSUED = Issued(
    number="A1044", label=LONG.name, ahead=112, wait=LONG_WAIT, windows="1–3、5、7、8", track="K7F3QD", copy=2
)
TWO_ISSUED = Issued(
    number="A044", label=f"{LONG.name}、{SEASON[4].name}…", ahead=3, wait=WAIT, windows="1–6", track="K7F3QD"
)
BARE_ISSUED = Issued(number="C007", track="K7F3QD")
OWN_ISSUED = Issued(number="L003", label="居民医保参保", offline=True)
ITEMS = (
    GuideItem(label_key="guide.name", value="城乡居民基本医疗保险参保登记(含新生儿)"),
    GuideItem(
        label_key="guide.basis",
        value="《中华人民共和国社会保险法》；《北京市城乡居民基本医疗保险办法》(京政发〔2017〕29号)；京人社农合发〔2017〕250号",
    ),
    GuideItem(
        label_key="guide.conditions",
        value="无职工基本医疗保险等保障的本市户籍城乡老年人、劳动年龄内居民、学生儿童，以及细则第二条列明的非本市户籍人员；新生儿自取得户籍之日起90日内参保的，自出生之日起享受待遇",
    ),
    GuideItem(label_key="guide.level", value="镇级办理"),
    GuideItem(label_key="guide.department", value="社保"),
    GuideItem(label_key="guide.procedure", value="窗口受理 → 后台审核 → 系统登记 → 窗口出件"),
    GuideItem(label_key="guide.scope", value="本镇户籍或居住人员"),
    GuideItem(label_key="guide.limit", value="当场办结"),
)
MATERIALS = (
    MaterialRow(name="户口簿", form="原件", copies=1),
    MaterialRow(name="居民身份证", form="原件", copies=1),
    MaterialRow(name="电子照片", form="电子件", copies=1),
)
HOME_KEYS = ("take", "collect", "matter", "booked", "elder", "english")
LETTER_KEYS = tuple(f"letter:{letter}" for letter in LETTERS)


@dataclass(frozen=True, slots=True)
class Sample:
    """A screen with its keys; `elder` where the flow cuts it differently."""

    label: str
    screen: Screen
    keys: tuple[str, ...]
    flat: tuple[str, ...] = ()
    only: str = ""
    """"elder" or "plain": the flow never shows it in the other mode."""


def _codes(
    verb: str, rows: tuple[MatterRow, ...] | tuple[DepartmentRow, ...] | tuple[GroundRow, ...]
) -> tuple[str, ...]:
    return tuple(f"{verb}:{row.code}" for row in rows)


def _homes() -> Iterator[Sample]:
    subs = (("booked", "offline.booked_sub"), ("progress", "home.desk_sub"), ("feedback", "home.desk_sub"))
    off = ("progress", "feedback")
    full = Home(hours="9:00–17:00", service="through", waiting=11, wait=WAIT, open_windows=5, link="online")
    every = (*HOME_KEYS, *off)
    yield Sample("home", full, every, only="plain")
    long = Home(
        hours="9:00–12:00　13:30–17:00", waiting=112, wait=LONG_WAIT, open_windows=12, link="online", sub_keys=subs,
        notice="今天下午两点到四点，医保系统升级，医保事项请上午来办；其他事项照常。",
    )  # fmt: skip
    empty = Home(link="starting", line_key="state.loading")
    nobody = Home(
        hours="9:00–17:00",
        waiting=0,
        open_windows=5,
        link="online",
        line_key="state.queue_empty",
        sub_keys=subs,
    )
    away = (("matter", "offline.matter_sub"), ("collect", "offline.collect_sub"))
    lost = Home(hours="9:00–17:00", link="offline", letter="N", sub_keys=(*subs, *away))
    for label, screen in (("long", long), ("empty", empty), ("nobody", nobody), ("lost", lost)):
        yield Sample(f"home-{label}", screen, HOME_KEYS, off, only="plain")
        yield Sample(f"home-{label}", screen, HOME_KEYS[:4], off[:1], only="elder")
    yield Sample("home", full, HOME_KEYS[:4], off[:1], only="elder")
    noon = Home(hours="9:00–12:00　13:30–17:00", service="break", resumes="13:30", waiting=4, wait=WAIT, link="online")
    yield Sample("home-resting", noon, HOME_KEYS[:4], off[:1], only="elder")
    yield Sample("home-resting", noon, HOME_KEYS[2:], (*HOME_KEYS[:2], *off), only="plain")
    why = ("closed", "stopped", "clock_doubt")
    services = ("book", "progress", "visit", "feedback", "phone")
    for one in why:
        opens = Opening("tomorrow", "1月15日 星期四", "9:00") if one == "closed" else None
        night = Night(why=one, hours="9:00–12:00　13:30–17:00", opens=opens)  # type: ignore[arg-type]
        yield Sample(f"night-{one}", night, ("guide", "elder", "english"), services)


def _finding() -> Iterator[Sample]:
    four, five = SEASON[:4], SEASON
    live = tuple(f"letter:{letter}" for letter in "ABCDGHJLMNQSTWXYZ")
    dead = tuple(key for key in LETTER_KEYS if key not in live)
    keys = (*_codes("matter", four), *_codes("department", DEPARTMENTS), "unsure", *live)
    yield Sample("choose", Choose(season=four, departments=DEPARTMENTS), keys, (*dead, "erase", "clear"), only="plain")
    rows = (LONG, *SEASON[1:4])
    keys = (*_codes("matter", rows), *_codes("department", DEPARTMENTS), "unsure", *live)
    yield Sample(
        "choose-long", Choose(season=rows, departments=DEPARTMENTS), keys, (*dead, "erase", "clear"), only="plain"
    )
    yield Sample(
        "choose-elder",
        Choose(season=five, letters=False),
        (*_codes("matter", five), "by_department", "unsure"),
        only="elder",
    )
    yield Sample("choose-empty", Choose(loading=True), ("unsure",), only="plain")
    yield Sample("choose-empty", Choose(loading=True, letters=False), ("unsure",), only="elder")
    some = tuple(f"letter:{letter}" for letter in "BDGS")
    rest = tuple(key for key in LETTER_KEYS if key not in some)
    ends = ("by_department", "take", "erase", "clear")
    yield Sample(
        "search",
        Search(typed="SBK", results=FOUND, found=3),
        (*_codes("matter", FOUND), *some, *ends),
        rest,
        only="plain",
    )
    many = (LONG, *FOUND[1:])
    yield Sample(
        "search-long",
        Search(typed="SBKSBKSB", results=many, found=128, page=1, pages=43),
        (*_codes("matter", many), "page:previous", "page:next", *some, *ends),
        rest,
        only="plain",
    )  # fmt: skip
    yield Sample("search-none", Search(typed="XQ", found=0), ends, LETTER_KEYS, only="plain")
    six = DEPARTMENTS[:6]
    yield Sample("departments", DepartmentList(rows=six, pages=2), (*_codes("department", six), "page:next", "take"))
    listed = tuple(
        GroundRow(code=one.code, name=one.name, name_en=one.name_en, proof=one.proof) for one in GROUNDS if one.kiosk
    )
    for count, mode in ((6, "plain"), (4, "elder")):
        first = Grounds(rows=listed[:count], pages=2)
        yield Sample("grounds", first, (*_codes("ground", first.rows), "page:next", "take"), only=mode)
    last = Grounds(rows=listed[6:], page=1, pages=2)
    yield Sample("grounds-last", last, (*_codes("ground", listed[6:]), "page:previous"), ("take",), only="plain")
    rows6 = (*FOUND, LONG, *SEASON[2:4])
    turn = ("page:previous", "page:next", "take")
    shown = MatterList(department=DEPARTMENTS[0], rows=rows6, page=1, pages=5)
    yield Sample("matters", shown, (*_codes("matter", rows6), *_codes("number", rows6), *turn), only="plain")
    yield Sample("matters", shown, (*_codes("matter", rows6), *turn), only="elder")
    few = MatterList(department=DEPARTMENTS[8], rows=FOUND)
    yield Sample("matters-few", few, (*_codes("matter", FOUND),), ("take", *_codes("number", FOUND)), only="plain")


def _guides() -> Iterator[Sample]:
    base = {"matter": SEASON[0], "fee": "不收费", "online": True, "version": 12, "date": "2026-01-05"}
    whole = Guide(**base, materials=MATERIALS, materials_all=3, items=ITEMS)  # type: ignore[arg-type]
    keys, flat = ("take", "print"), ("phone",)
    yield Sample("guide", whole, keys, flat, only="plain")
    changed = Guide(**base, materials=MATERIALS, materials_all=3, items=ITEMS[3:], changed=True, page=1, pages=2)  # type: ignore[arg-type]
    yield Sample("guide-changed", changed, (*keys, "page:previous"), flat, only="plain")
    first = Guide(**base, materials=MATERIALS, materials_all=3, pages=2)  # type: ignore[arg-type]
    yield Sample("guide-1", first, (*keys, "page:next"), flat, only="elder")
    second = Guide(**base, items=ITEMS[3:], page=1, pages=2)  # type: ignore[arg-type]
    yield Sample("guide-2", second, (*keys, "page:previous"), flat, only="elder")


def _rest() -> Iterator[Sample]:
    card = ("skip", "priority", "privacy")
    yield Sample("card", Card(), card)
    yield Sample("card-again", Card(trouble_key="state.card_again"), card)
    yield Sample("card-down", Card(trouble_key="state.card_down"), card)
    yield Sample("card-reading", Card(reading=True), card)
    yield Sample("privacy", Privacy(), ())
    digits = tuple(f"digit:{each}" for each in "1234567890")
    yield Sample("booked", Booked(), ("skip", *digits), ("send", "erase"))
    yield Sample("booked-typed", Booked(typed="48151"), ("skip", *digits, "erase"), ("send",))
    yield Sample("booked-whole", Booked(typed="4815162342", has_reader=False), ("send", "skip", "erase"), digits)
    yield Sample("booked-down", Booked(trouble_key="state.card_down"), ("skip", *digits), ("send", "erase"))
    early = "约的是 2026-01-14 14:00，13:00 起可以签到，请到时再来；也可以直接取号。"
    ways = ("take", "retype", "home")
    yield Sample("booking-trouble", BookingTrouble(say=early), ways)
    yield Sample("printing", Printing(stage="printing", issued=ISSUED), ())
    yield Sample("printing-asking", Printing(), ())
    yield Sample("printing-slow", Printing(stage="printing", issued=LONG_ISSUED, slow=True), ())
    for label, issued in (("", ISSUED), ("-long", LONG_ISSUED), ("-bare", BARE_ISSUED)):
        yield Sample(f"done{label}", Done(issued=issued, card_left=label == "-long"), ("again", "finish"))
        yield Sample(f"nopaper{label}", NoPaper(issued=issued), ("ask", "remembered"))
    yield Sample("done-offline", Done(issued=OWN_ISSUED), ("again", "finish"))
    yield Sample("nopaper-offline", NoPaper(issued=OWN_ISSUED), ("ask", "remembered"))
    killed = PrinterTrouble(issued=OWN_ISSUED, code="no_word", fate="unknown")
    yield Sample("printer-offline", killed, ("again", "remembered"))
    yield Sample("nopaper-asked", NoPaper(issued=ISSUED, asked=True), ("remembered",), ("ask",))
    both, one = (("again", "remembered"), ()), (("remembered",), ("again",))
    for code in ("cover_open", "port_lost"):
        yield Sample(f"printer-{code}", PrinterTrouble(issued=ISSUED, code=code), *one)
    yield Sample("printer-unplugged", PrinterTrouble(issued=ISSUED, code="unplugged", fate="unknown"), *both)
    yield Sample("printer-ready", PrinterTrouble(issued=ISSUED, code="", fate="ready"), *both)
    yield from _mine()
    yield Sample("scan-unknown", ScanTrouble(say_key="scan.unknown"), ("home",))
    yield Sample("notice-printing", Notice(label=SEASON[0].name), ())
    yield Sample("notice-printed", Notice(label=LONG.name, stage="printed"), ("again", "finish"))
    yield Sample("notice-failed", Notice(label=SEASON[0].name, stage="failed"), *_ends)
    yield Sample("done-expired", Done(issued=ISSUED, card_key="card.expired"), ("again", "finish"))
    yield Sample("done-early", Done(issued=ISSUED, card_key="state.booking_early"), ("again", "finish"))
    yield Sample("server", ServerTrouble(), ("retry", "home"))
    said = "今天的号已经发完，请明天上午九点后再来，或到导办台问一问"
    yield Sample("server-refused", ServerTrouble(kind="refused", say=said), ("home",))
    yield Sample("already", Already(number="A031"), ("reprint", "another"))
    yield Sample("already-called", Already(number="A1031", called=True), ("reprint", "another"))
    yield from _adding()
    ends = ("urgent", "arrived", "cancel")
    yield Sample("help", Help(state="taken", who="测试员甲", waited="0:35"), ends)
    yield Sample("help-asked", Help(state="asked", waited="12:05", urgent=True), ends[1:], ends[:1])
    yield Sample("help-silent", Help(state="silent"), ends)
    yield Sample("still", StillThere(countdown_s=15), ("stay", "leave"))
    yield Sample("brake", Brake(), ("yes", "no"))


_ends = (("finish",), ("again",))


def _adding() -> Iterator[Sample]:
    ends = ("reprint", "another")
    silent = Already(number="A1031", matter=LONG.name, trouble="silent")
    yield Sample("already-add-silent", silent, ("add", *ends))
    yield Sample("already-add-away", Already(number="A031", matter=LONG.name), ends, ("add",))
    yield Sample("already-add-over", Already(number="A1031", trouble="over"), ends)
    yield Sample("done-added-card", Done(issued=TWO_ISSUED, added=LONG.name, card_left=True), ("finish",), ("again",))


def _mine() -> Iterator[Sample]:
    keys = ("reprint", "finish")
    yield Sample("mine-waiting", MyNumber(issued=ISSUED, state="waiting"), keys)
    yield Sample("mine-held", MyNumber(issued=BARE_ISSUED, state="held"), keys)
    yield Sample("mine-missed", MyNumber(issued=LONG_ISSUED, state="missed", rejoins_left=2), ("rejoin", *keys))
    said = "今天已经报到两次，不能再排了，请到导办台"
    refused = MyNumber(issued=ISSUED, state="missed", say=said)
    yield Sample("mine-missed-again", refused, keys, ("rejoin",))
    yield Sample("mine-cancelled", MyNumber(issued=BARE_ISSUED, state="cancelled"), ("finish",))


def samples() -> tuple[Sample, ...]:
    return (*_homes(), *_finding(), *_guides(), *_rest())


def state_of(sample: Sample, *, language: Language = "zh", elder: bool = False, lowered: bool = False) -> ScreenState:
    off = ("read", "back") if sample.label.startswith("home") else ("read",)
    bar = tuple(key for key in BAR if key not in off)
    return ScreenState(
        screen=sample.screen,
        modes=Modes(language=language, elder=elder, lowered=lowered),
        header=HEADER_EN if language == "en" else HEADER,
        keys=(*sample.keys, *bar),
        flat=(*sample.flat, *off),
    )
