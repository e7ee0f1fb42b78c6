"""A report in one file: the list's first page as it is, with its style sheets and scripts inside, and every page of the
export packed. `static/js/export/one-file` shows them; addresses are ``#<file>:<place>``."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import BinaryIO

from inspector.export.packing import Packing, element
from inspector.files.export_bundle import ELEMENT
from inspector.files.urls import HOME
from inspector.web.http import assets

OWN = b"\x01"
"""What stands in a packed page for the id of its own exchange, so that what its turns repeat is the same in each."""

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data: blob:; media-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
_WITHOUT_SCRIPTS = (
    b'<p class="no-js why">This is a report in one file: its exchanges open where scripts may run. '
    b"An export to a folder is read without them.</p>"
)

_EXCHANGE = re.compile(r"e/([0-9a-f]{16})\b")
_TITLE = re.compile(rb"<title>[^<]*</title>")
_LINK = re.compile(rb'(?<=\s)(href|src|action|data-copy-link)="([^"]*)"')
_ELSEWHERE = re.compile(rb"[a-zA-Z][\w+.-]*:|//")
_CODE = re.compile(rb'<pre class="(code[^"<>]*+)"([^<>]*+)>((?:[^<]++|<span class="\w+">[^<]*</span>)++)</pre>')
_COLOUR = re.compile(rb'<span class="(\w+)">')
_JSON = {b"w", b"p", b"nt", b"s2", b"mi", b"mf", b"kc"}
"""The colours of JSON, which scripts give again to what is packed without."""
_RUN = re.compile(rb"(?<!\s)\s*+<script [^<>]*+></script>")
_TOKEN = re.compile(rb"</?span[^<>]*+>")

_META = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*')
_ICON = re.compile(r'(<link rel="icon" href=")(?:\./)?static/([\w./-]+)[^"]*')
_STYLE = re.compile(r'<link rel="stylesheet" href="(?:\./)?static/([\w./-]++)[^<>]*+>')
_SCRIPT = re.compile(r'<script src="(?:\./)?static/([\w./-]++)[^<>]*+></script>')
_ROOT = re.compile(r'data-root="[^"]*"')
_NOTE = re.compile(rb'<p class="no-js why">[^<]*</p>')
_ENDS = re.compile(rb"</(?:script|style)|<!--", re.IGNORECASE)

_SCRIPTS = ("js", "js/export", "js/export/query", "js/export/log", "js/export/one-file")
"""Where the scripts of a report lie: those of all pages of an export, and its own in place of a site's."""

Files = Iterable[tuple[str, bytes]]


def write(files: Files, out: BinaryIO, carried: bytes = b"") -> None:
    """Write a report of the files of an export, of which the list's own page is the first, and of the recordings that
    it carries, as a gzip."""
    packing = Packing(out)
    after = b""
    for file, content in files:
        page = content
        if file == HOME:
            before, after = _document(content)
            out.write(before)
        if file.endswith(".html"):
            page = panes(file, content)
        packing.add(file, page, companions(file))
    packing.close()
    if carried:
        out.write(element(ELEMENT, carried))
    out.write(after)


def of_folder(folder: Path, uids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The files of an export to a folder in the order in which they are packed: the list, and the exchanges as they
    come, each with its pages."""
    left = dict.fromkeys(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))
    of: dict[str, list[str]] = {}
    for file in left:
        of.setdefault(file[:18], []).append(file)
    first = [HOME, *(file for file in left if "/" not in file)]
    for file in dict.fromkeys((*first, *(file for uid in uids for file in of.get(f"e/{uid}", ())), *left)):
        yield file, (folder / file).read_bytes()


def companions(file: str) -> str:
    """What a file is packed with: the same page of other exchanges, or what lies in its folder."""
    folder, _, name = file.partition("/")
    if not _EXCHANGE.match(file):
        return folder if name else ""
    if not file.endswith(".html"):
        return file.rpartition(".")[2]
    return f"e/{re.split('[/,.]', name.partition('/')[2])[0]}"


# ---------------------------------------------------------------- pages


def panes(file: str, page: bytes) -> bytes:
    """What a page has for itself: its title, and the two panes with links as a report in one file has them."""
    title = _TITLE.search(page)
    main = page[page.index(b"<main") : page.rindex(b"</main>") + len(b"</main>")]
    text = (title[0] if title else b"") + b"\n" + _CODE.sub(_uncoloured, linked(file, _RUN.sub(b"", main)))
    text = text.replace(OWN, b"\xef\xbf\xbd")
    exchange = _EXCHANGE.match(file)
    return text.replace(exchange[1].encode(), OWN) if exchange else text


def linked(file: str, page: bytes) -> bytes:
    """A page whose links to files become places in this one. Pictures wait until their bytes are unpacked."""
    folder, own = dirname(file), file.encode()

    def link(found: re.Match[bytes]) -> bytes:
        name, target = found[1], found[2]
        if _ELSEWHERE.match(target) or target == b"#detail":
            return found[0]
        path, _, place = target.partition(b"#")
        path, mark, query = path.partition(b"?")
        path = normpath(join(folder, path.decode())).encode() if path else own
        if name == b"src":
            return b'data-src="%b"' % path
        return b'%b="#%b%b%b%b"' % (name, path, mark, query, b":" + place if place else b"")

    return _LINK.sub(link, page)


def _uncoloured(code: re.Match[bytes]) -> bytes:
    """Code without its colours, so that what is said in it is the same in every form that it is quoted in."""
    colours = set(_COLOUR.findall(code[3]))
    mark = b" data-json" if colours and colours <= _JSON else b""
    return b'<pre class="%b"%b%b>%b</pre>' % (code[1], mark, code[2], _TOKEN.sub(b"", code[3]))


# ---------------------------------------------------------------- the document


def _document(home: bytes) -> tuple[bytes, bytes]:
    """The page around what is packed: what comes before that, and its scripts, which come after."""
    begin = home.index(b"<body")
    end = home.index(b"<script", home.rindex(b"</main>"))
    inside = _Inside()
    scripts = inside.scripts() + _SCRIPT.sub("", home[end:].decode("utf-8")).lstrip()
    head = inside.put(_ROOT.sub('data-root=""', home[:begin].decode("utf-8"), count=1))
    head = _META.sub(lambda found: found[1] + escape(inside.policy), head)
    body = _NOTE.sub(_WITHOUT_SCRIPTS, linked(HOME, home[begin:end]), count=1)
    return head.encode("utf-8") + body, scripts.encode("utf-8")


class _Inside:
    """Puts style sheets and scripts into a page, and allows them by their hashes."""

    def __init__(self) -> None:
        self._allowed: dict[str, list[str]] = {"style": [], "script": []}

    def put(self, text: str) -> str:
        text = _ICON.sub(lambda found: f"{found[1]}data:image/svg+xml;base64,{_base64(_asset(found[2]))}", text)
        text = _STYLE.sub(lambda found: self._element("style", found[1]), text)
        return _SCRIPT.sub(lambda found: self._element("script", found[1]), text)

    def scripts(self) -> str:
        return "".join(self._element("script", name) + "\n" for name in assets.scripts(*_SCRIPTS))

    def _element(self, tag: str, name: str) -> str:
        content = _asset(name)
        if _ENDS.search(content):
            raise ValueError(f"{name} cannot stand inside of a page")
        self._allowed[tag].append(f"'sha256-{_base64(sha256(content).digest())}'")
        return f"<{tag}>{content.decode('utf-8')}</{tag}>"

    @property
    def policy(self) -> str:
        return _POLICY.format(scripts=" ".join(self._allowed["script"]), styles=" ".join(self._allowed["style"]))


def _base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _asset(name: str) -> bytes:
    return (assets.directory("static") / name).read_bytes()
