"""Every key of what is read: what it does, and that it does so only when it is pressed, once, and for the page."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.browser.driver import Open, Server, frames, until
from tests.making import wait_until

TOP = "document.querySelector('#detail').scrollTop"
IS_ABOVE_END = """(({ scrollTop, scrollHeight, clientHeight }) =>
  scrollTop < scrollHeight - clientHeight - 1)(document.querySelector('#detail'))"""
AT_TOP = f"{TOP} = 0"
AT_END = f"{TOP} = 1e6"
SHUT = "for (const fold of document.querySelectorAll('#detail details')) fold.open = false"
OPEN = "document.querySelectorAll('#detail details:is(.settings, .tools-list)[open]').length"
FOLDED = "document.querySelector('#list .twist[aria-expanded=false]') !== null"
TURNS = """[...document.querySelectorAll('[data-turn=user]')].map((one) =>
  Math.round(one.getBoundingClientRect().top - document.querySelector('.stick').getBoundingClientRect().bottom))"""


NOT_PRESSED = """(key) => {
  const press = (where, more) => where.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
  press(document.body, { repeat: true });
  for (const held of ['ctrlKey', 'altKey', 'metaKey']) press(document.body, { [held]: true });
  press(document.querySelector('#q'));
}"""
"""A key that is held down, one with another key, and one in a field."""


class Key(NamedTuple):
    """`does` is a condition that holds once the key was pressed, and not before it."""

    key: str
    before: str
    does: str


KEYS = (
    Key("J", AT_TOP, f"{TOP} > 0"),
    Key("K", AT_END, IS_ABOVE_END),
    Key("u", AT_TOP, f"{TURNS}.some((top) => Math.abs(top) < 30)"),
    Key("U", AT_END, f"{IS_ABOVE_END} && {TURNS}.some((top) => Math.abs(top) < 30)"),
    Key("O", SHUT, f"{OPEN} > 0"),
    Key("o", "", f"{OPEN} === 0"),
    Key("h", "", FOLDED),
    Key("l", "", f"!({FOLDED})"),
    Key("2", "", "location.pathname.endsWith('/stream')"),
    Key("3", "", "location.pathname.endsWith('/request')"),
    Key("4", "", "location.pathname.endsWith('/response')"),
    Key("1", "", "/e.[0-9a-f]+$/.test(location.pathname)"),
    Key("t", "", "location.pathname.includes('/t/')"),
)  # fmt: skip


def _state(page: Any) -> list[Any]:
    return page.evaluate(f"() => [location.pathname, Math.round({TOP}), {OPEN}, {FOLDED}]")


def test_every_key_and_none_that_is_held_or_typed(server: Server, opens: Open) -> None:
    page = opens(server, "?q=test:change_of_course", viewport={"width": 1280, "height": 300})
    page.locator("#list .row").last.click()
    until(page, "document.querySelectorAll('#view [data-turn=user]').length > 1")
    for key in KEYS:
        page.evaluate(key.before or "0")
        frames(page)
        assert not page.evaluate(key.does), f"{key.key} has nothing to do"
        before = _state(page)
        page.evaluate(NOT_PRESSED, key.key)
        frames(page)
        assert _state(page) == before, f"{key.key} is held, or typed into a field"
        page.keyboard.press(key.key)
        wait_until(lambda does=key.does: page.evaluate(does))
