"""Make tests/screenshot.png, the picture in the README: ``python -m tests.screenshot``.

Needs a Chromium (the one that `CHROMIUM` names, or the first on the path), and Pillow for a small file.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from threading import Thread

from playwright.sync_api import ViewportSize, sync_playwright

from inspector.web import create_app
from inspector.web.http.server import server

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "screenshot.png"
PAGE = "h/b27e456c"
SIZE = ViewportSize(width=1360, height=850)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    found = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    return os.environ.get("CHROMIUM") or next(found, None) or sys.exit("no chromium found")


def take(page_address: str, picture: Path) -> None:
    app = create_app(HERE / "recordings", in_memory=True)
    bound = server(app, "127.0.0.1", 0)
    Thread(target=bound.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(f"http://127.0.0.1:{bound.server_port}/")
        page.locator("#list .row").first.wait_for()
        page.locator("progress").first.wait_for(state="detached")
        page.goto(f"http://127.0.0.1:{bound.server_port}/{page_address}")  # once all is read, and it is known
        page.locator("#live[data-state=on]").wait_for()
        page.locator("#list .row[aria-current]").wait_for()
        page.screenshot(path=picture)
        browser.close()
    bound.shutdown()


def shrink(picture: Path) -> None:
    """Fewer colours, which nobody sees in a picture of text."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(picture) as image:
        small = image.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(picture, optimize=True)


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else PAGE, PICTURE)
    shrink(PICTURE)
    print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1000} kB")
