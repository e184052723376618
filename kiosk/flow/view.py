"""From a sitting to its picture: which screen, which figures, which keys. Decides nothing, changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from kiosk.flow import screens as show
from kiosk.flow import state as at
from kiosk.flow.already import may_add
from kiosk.flow.guide_pages import guide_pages
from kiosk.flow.hours import AT_WORK, format_hours, next_opening, service_now
from kiosk.flow.keys import GROUNDS, RESULTS, SEASON, grounds_of, keys_of, page_of, pages_of
from kiosk.flow.texts import format_date, format_time, format_waited, format_windows, wait_range

if TYPE_CHECKING:
    from kiosk.flow.hours import Service
    from kiosk.flow.screens import Screen, ScreenState
    from kiosk.flow.search import MatterIndex
    from kiosk.flow.state import Sitting, Slip
    from queue_server.wire import Matter

OFFLINE_SUBS = (("booked", "offline.booked_sub"), ("matter", "offline.matter_sub"), ("collect", "offline.collect_sub"))
"""While the server is away."""
LABELS = 2
BETWEEN = "　"
"""Between two sessions on glass, in either language."""
DESK_SUBS = (("progress", "home.desk_sub"), ("feedback", "home.desk_sub"))


def draw(sitting: Sitting) -> ScreenState:
    """The whole picture of a sitting."""
    keys, flat = keys_of(sitting)
    return show.ScreenState(
        screen=_screen(sitting),
        modes=sitting.modes,
        header=_header(sitting),
        keys=keys,
        flat=flat,
        reading=sitting.reading is not None,
    )


def closed(sitting: Sitting) -> bool:
    """Home shows that no numbers are given."""
    return sitting.world.hall is not None and not sitting.world.issuing


def countdown_s(sitting: Sitting, limit_s: float) -> int:
    """Whole seconds left of a screen that leaves by itself."""
    return max(0, int(limit_s - (sitting.world.now_s - sitting.entered_s) + 0.999))


def done_limit_s(sitting: Sitting) -> float:
    return sitting.rules.done_elder_s if sitting.modes.elder else sitting.rules.done_s


def issued(sitting: Sitting, slip: Slip) -> show.Issued:
    """The number as it stands on glass."""
    hall = sitting.world.hall
    track = "" if slip.press else slip.ticket.track  # leads nowhere while its holder stands here; the slip keeps it
    return show.Issued(
        number=slip.ticket.number,
        label=_label(sitting, slip),
        ahead=slip.ahead,
        wait=slip.wait,
        windows=format_windows(hall.open_windows) if hall and not slip.press else "",
        track=track,
        qr=track_address(hall.public_url if hall else "", track),
        copy=slip.copy,
        offline=bool(slip.press),
    )


def matters_of(sitting: Sitting, codes: tuple[str, ...]) -> tuple[Matter, ...]:
    """What the catalogue in force has of them."""
    index = sitting.world.index
    return tuple(index.matters[code] for code in codes if code in index.matters) if index else ()


def labels_of(sitting: Sitting, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Public labels, each once: several sensitive matters may share one."""
    return tuple(dict.fromkeys(matter.public_label for matter in matters_of(sitting, codes)))


def _label(sitting: Sitting, slip: Slip) -> str:
    """On glass there is room for two."""
    labels = labels_of(sitting, slip.ticket.matters)
    return "、".join(labels[:LABELS]) + ("…" if len(labels) > LABELS else "")


def track_address(public_url: str, track: str) -> str:
    """Address behind the slip's QR; empty while the hall has no public address: the short code stands there alone."""
    return f"{public_url.rstrip('/')}/t/{track}" if public_url and track else ""


def _header(sitting: Sitting) -> show.Header:
    world, zone = sitting.world, sitting.rules.zone
    hall = world.hall
    known = None if world.clock_doubt else world.at
    return show.Header(
        hall=hall.hall if hall else "",
        centre=hall.centre if hall else "",
        kiosk=sitting.rules.kiosk,
        time=format_time(known, zone) if known else "",
        date=format_date(known, zone, sitting.modes.language) if known else "",
        training=bool(hall and hall.training),
    )


def _screen(sitting: Sitting) -> Screen:  # noqa: C901, PLR0912 - one line a place
    match sitting.place:
        case at.AtHome():
            return _night(sitting) if closed(sitting) else _home(sitting)
        case at.AtChoose() | at.AtSearch() | at.AtDepartments() | at.AtMatters() | at.AtGuide():
            return _finding(sitting)
        case at.AtCard(wish, trouble_key, reading):
            return _card(sitting, wish.matter, trouble_key, reading=reading)
        case at.AtGrounds():
            return _grounds(sitting)
        case at.AtBooked(typed, trouble_key, reading):
            trouble = "state.card_down" if sitting.world.reader == "down" else trouble_key
            has_reader = sitting.rules.has_reader
            return show.Booked(
                typed=typed, trouble_key=trouble if has_reader else "", reading=reading, has_reader=has_reader
            )
        case at.AtBookingTrouble(say):
            return show.BookingTrouble(say=say, countdown_s=countdown_s(sitting, sitting.rules.trouble_s))
        case at.AtPrivacy():
            return show.Privacy()
        case at.AtBrake():
            return show.Brake()
        case at.Asking() | at.AskingReprint() | at.AskingTrack() | at.AskingRejoin() | at.AskingAdd():
            return show.Printing(stage="asking", slow=_slow(sitting))
        case at.AtPrinting(slip=slip):
            return show.Printing(stage="printing", issued=issued(sitting, slip), slow=_slow(sitting))
        case at.AtDone():
            return _done(sitting, sitting.place)
        case at.AtNoPaper(slip, asked):
            left = countdown_s(sitting, sitting.rules.trouble_s)
            return show.NoPaper(issued=issued(sitting, slip), countdown_s=left, asked=asked)
        case at.AtPrinterTrouble(slip, code, fate):
            left = countdown_s(sitting, sitting.rules.trouble_s)
            return show.PrinterTrouble(issued=issued(sitting, slip), code=code, fate=fate, countdown_s=left)
        case at.AtServerTrouble(retry, say):
            left = countdown_s(sitting, sitting.rules.trouble_s)
            return show.ServerTrouble(kind="silent" if retry else "refused", say=say, countdown_s=left)
        case at.AtAlready() as already:
            return _already(sitting, already)
        case at.AtHelp():
            return _help(sitting)
        case at.AtMyNumber() as mine:
            return _mine(sitting, mine)
        case at.AtScanTrouble(say_key):
            return show.ScanTrouble(say_key=say_key, countdown_s=countdown_s(sitting, sitting.rules.trouble_s))
        case at.AtNotice() as notice:
            return _notice(sitting, notice)
        case at.AtStill():
            return show.StillThere(countdown_s=countdown_s(sitting, sitting.rules.warning_s))
        case _:
            assert_never(sitting.place)


def _done(sitting: Sitting, place: at.AtDone) -> show.Done:
    return show.Done(
        issued=issued(sitting, place.slip),
        countdown_s=countdown_s(sitting, done_limit_s(sitting)),
        card_left=sitting.world.card_on,
        card_key="" if place.added else _note_key(sitting, place.slip),
        added="、".join(labels_of(sitting, (place.added,))),
    )


def _already(sitting: Sitting, place: at.AtAlready) -> show.Already:
    held, index = place.held, sitting.world.index
    row = index.rows.get(place.wish.matter) if index else None
    return show.Already(
        number=held.number,
        called=held.state != "waiting",
        matter=row.name if row and may_add(place) else "",
        trouble=place.trouble,
    )


def _note_key(sitting: Sitting, slip: Slip) -> str:
    """What the resident has to know beside the number: about the card, else about the booking."""
    if sitting.card_note:
        return f"card.{sitting.card_note}"
    if slip.booking is None:
        return ""
    return "state.booking_late" if slip.booking.late else "state.booking_early" if slip.booking.early else ""


def _mine(sitting: Sitting, place: at.AtMyNumber) -> show.MyNumber:
    hall = sitting.world.hall
    return show.MyNumber(
        issued=issued(sitting, place.slip),
        state=place.slip.ticket.state,
        window=place.window,
        rejoins_left=place.rejoins_left,
        missed_after=hall.missed_after if hall else 3,
        say=place.say,
    )


def _notice(sitting: Sitting, place: at.AtNotice) -> show.Notice:
    index, rules = sitting.world.index, sitting.rules
    row = index.rows.get(place.matter) if index else None
    return show.Notice(
        label=row.name if row else "",
        stage=place.stage,
        countdown_s=countdown_s(sitting, rules.done_s if place.stage == "printed" else rules.trouble_s),
    )


def _slow(sitting: Sitting) -> bool:
    return sitting.world.now_s - sitting.entered_s > sitting.rules.slow_s


def _home(sitting: Sitting) -> show.Home:
    world = sitting.world
    hall = world.hall
    letter = world.letter or sitting.rules.letter
    subs = (*DESK_SUBS, *OFFLINE_SUBS) if world.link == "offline" else DESK_SUBS
    if hall is None:
        line = "state.loading" if world.link != "offline" else ""
        return show.Home(link=world.link, letter=letter, line_key=line, sub_keys=subs)
    live = world.link == "online"
    wait = wait_range(hall.forecast) if live else None
    now = service_now(hall, None if world.clock_doubt else world.at, sitting.rules.zone)
    return show.Home(
        hours=format_hours(hall, BETWEEN),
        service=now.service,
        resumes=now.time,
        waiting=hall.waiting if live else None,
        wait=wait,
        open_windows=len(hall.open_windows) if live else None,
        link=world.link,
        letter=letter,
        line_key=_line_key(sitting, now.service, has_wait=wait is not None),
        notice=hall.notice,
        sub_keys=subs,
    )


def _line_key(sitting: Sitting, service: Service, *, has_wait: bool) -> str:
    world = sitting.world
    if world.hall is None or world.link != "online":
        return "state.loading" if world.link == "starting" else ""
    if service not in AT_WORK:
        return ""
    if not world.hall.open_windows:
        return "state.no_window"
    if world.hall.waiting == 0:
        return "state.queue_empty"
    return "" if has_wait else "state.no_estimate"


def _night(sitting: Sitting) -> show.Night:
    hall = sitting.world.hall
    if hall is None:
        return show.Night()
    if hall.why_not == "clock_doubt":
        return show.Night(why="clock_doubt", hours=format_hours(hall, BETWEEN))
    opens = next_opening(hall, sitting.world.at, sitting.rules.zone, sitting.modes.language)
    return show.Night(why="stopped" if hall.day_open else "closed", hours=format_hours(hall, BETWEEN), opens=opens)


def _card(sitting: Sitting, code: str, trouble_key: str, *, reading: bool) -> show.Card:
    index = sitting.world.index
    row = index.rows.get(code) if index else None
    trouble = "state.card_down" if sitting.world.reader == "down" else trouble_key
    return show.Card(trouble_key=trouble, reading=reading, label=row.name if row else "")


def _grounds(sitting: Sitting) -> show.Grounds:
    grounds, size = grounds_of(sitting), GROUNDS[sitting.modes.elder]
    rows = tuple(
        show.GroundRow(code=one.code, name=one.name, name_en=one.name_en, proof=one.proof)
        for one in page_of(sitting, grounds, size)
    )
    page = sitting.place.page if isinstance(sitting.place, at.AtGrounds) else 0
    return show.Grounds(rows=rows, page=page, pages=pages_of(len(grounds), size))


def _finding(sitting: Sitting) -> Screen:
    index = sitting.world.index
    if index is None:
        return show.Choose(letters=not sitting.modes.elder, loading=True)
    match sitting.place:
        case at.AtSearch(typed):
            found = index.find(typed)
            return show.Search(
                typed=typed,
                results=page_of(sitting, found, RESULTS),
                found=len(found),
                page=sitting.place.page,
                pages=pages_of(len(found), RESULTS),
            )
        case at.AtDepartments(page):
            rows = index.departments
            return show.DepartmentList(rows=page_of(sitting, rows), page=page, pages=pages_of(len(rows)))
        case at.AtMatters(code, page):
            department = index.department(code) or show.DepartmentRow(code=code, name=code, name_en=code, count=0)
            matters = index.of_department(code)
            return show.MatterList(
                department=department, rows=page_of(sitting, matters), page=page, pages=pages_of(len(matters))
            )
        case at.AtGuide(code) if code in index.matters:
            return _guide(sitting, index, code)
        case _:
            elder = sitting.modes.elder
            return show.Choose(
                season=index.most_asked(SEASON[elder], sitting.today, sitting.modes.language),
                departments=() if elder else index.departments,
                letters=not elder,
            )


def _guide(sitting: Sitting, index: MatterIndex, code: str) -> show.Guide:
    place = sitting.place
    matter, row = index.matters[code], index.rows[code]
    pages = guide_pages(matter, row.department, elder=sitting.modes.elder)
    version = place.version if isinstance(place, at.AtGuide) else index.version
    number = min(place.page if isinstance(place, at.AtGuide) else 0, len(pages) - 1)
    page = pages[number]
    return show.Guide(
        matter=row,
        fee=matter.fee,
        online=matter.online,
        materials=page.materials,
        materials_all=len(matter.materials),
        first_material=page.first_material,
        items=page.items,
        version=index.version,
        date=index.catalogue.date,
        changed=version != index.version,
        page=number,
        pages=len(pages),
    )


def _help(sitting: Sitting) -> show.Help:
    call = sitting.help
    if call is None:
        return show.Help(state="done")
    waited = format_waited(sitting.world.now_s - call.since_s)
    return show.Help(state=call.state, who=call.who, waited=waited, urgent=call.urgent)
