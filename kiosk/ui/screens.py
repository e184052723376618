"""Which module draws which screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from kiosk.flow import screens as show

from . import booked, card, choose, done, grounds, guide, home, message, mine, night, notice, printing, trouble
from .blocks import bar, header
from .page import Drawing, Page, Parts, draw

if TYPE_CHECKING:
    from kiosk.flow.screens import ScreenState

    from .assets import Assets
    from .writing import Typesetter


def picture(state: ScreenState, assets: Assets, typesetter: Typesetter, *, landscape: bool) -> Drawing:
    """Lay out the picture of `state`. Pure but for the pen that measures; the same state gives an equal drawing."""
    page = Page(state=state, texts=assets.texts, theme=assets.theme, landscape=landscape)
    under = home.bar_of(page) if isinstance(state.screen, show.Home) else bar(page)
    return draw(page, typesetter, header(page), _parts(page), under)


def _parts(page: Page) -> Parts:  # noqa: C901, PLR0912  one line a screen
    match page.state.screen:
        case show.Home() as screen:
            return home.parts(page, screen)
        case show.Choose() as screen:
            return choose.choose(page, screen)
        case show.Search() as screen:
            return choose.search(page, screen)
        case show.DepartmentList() as screen:
            return choose.departments(page, screen)
        case show.MatterList() as screen:
            return choose.matters(page, screen)
        case show.Guide() as screen:
            return guide.parts(page, screen)
        case show.Card() as screen:
            return card.parts(page, screen)
        case show.Grounds() as screen:
            return grounds.parts(page, screen)
        case show.Booked() as screen:
            return booked.parts(page, screen)
        case show.BookingTrouble() as screen:
            return booked.trouble(page, screen)
        case show.Privacy():
            return message.privacy(page)
        case show.Printing() as screen:
            return printing.parts(page, screen)
        case show.Done() as screen:
            return done.parts(page, screen)
        case show.NoPaper() as screen:
            return trouble.no_paper(page, screen)
        case show.PrinterTrouble() as screen:
            return trouble.printer(page, screen)
        case show.ServerTrouble() as screen:
            return trouble.server(page, screen)
        case show.Already() as screen:
            return message.already(page, screen)
        case show.Help() as screen:
            return message.helping(page, screen)
        case show.StillThere() as screen:
            return message.still(page, screen)
        case show.Brake():
            return message.brake(page)
        case show.Night() as screen:
            return night.parts(page, screen)
        case show.MyNumber() as screen:
            return mine.parts(page, screen)
        case show.ScanTrouble() as screen:
            return trouble.scan(page, screen)
        case show.Notice() as screen:
            return notice.parts(page, screen)
        case _:
            assert_never(page.state.screen)
