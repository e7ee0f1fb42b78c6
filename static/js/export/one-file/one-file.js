// A report in one file: its pages are packed in elements of this one, and unpacked when they are looked at. The address
// of a page is `#<file>`, of a place on it `#<file>:<place>`.
/* global JsonTree, Page */
"use strict";
const Site = (() => {
  const { $, $$, detail, hooks, markSelected, openTarget, pane } = Page;
  const HOME = "index.html";

  // ------------------------------------------------------------ unpacking (written by inspector/export/packing.py)

  const MOST = 1 << 13;  // fragments of a block
  const KEPT = 24;  // blocks that stay unpacked
  const blocks = new Map();
  let names = null;

  async function inflated(id) {
    const base64 = document.getElementById(id).textContent;
    const bytes = Uint8Array.fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // Reads numbers, each in groups of seven bits, the lowest first.
  function reader(bytes) {
    let at = 0;
    const next = () => {
      let number = 0;
      let scale = 1;
      for (; bytes[at] > 127; scale *= 128) number += (bytes[at++] - 128) * scale;
      return number + bytes[at++] * scale;
    };
    return { next, place: () => at, isAtEnd: () => at >= bytes.length };
  }

  async function opened(number) {
    const bytes = await inflated(`block-${number}`);
    const { next, place } = reader(bytes);
    const sizes = Array.from({ length: next() }, next);
    let end = place();
    return sizes.map((size) => bytes.subarray(end, (end += size)));
  }

  function block(number) {
    const one = blocks.get(number) ?? opened(number);
    blocks.delete(number);
    blocks.set(number, one);
    if (blocks.size > KEPT) blocks.delete(blocks.keys().next().value);
    return one;
  }

  async function fragments(numbers) {
    const wanted = [...new Set(numbers.map((number) => Math.floor(number / MOST)))];
    const found = new Map(await Promise.all(wanted.map(async (one) => [one, await block(one)])));
    return numbers.map((number) => found.get(Math.floor(number / MOST))[number % MOST]);
  }

  // The bytes of a file, as a blob of a type; null where this report holds no such file.
  async function unpacked(file, type = "") {
    names ??= inflated("files").then((bytes) => new Map(Object.entries(JSON.parse(new TextDecoder().decode(bytes)))));
    const recipe = (await names).get(file);
    if (recipe === undefined) return null;
    const { next, isAtEnd } = reader((await fragments([recipe]))[0]);
    const numbers = [];
    for (let end = 0; !isAtEnd();) {
      const gap = next();
      const begin = end + (gap % 2 ? -(gap + 1) / 2 : gap / 2);
      end = begin + next();
      for (let number = begin; number < end; number++) numbers.push(number);
    }
    return new Blob(await fragments(numbers), { type });
  }

  // ------------------------------------------------------------ addresses

  const href = (file) => `#${file.replace("#", ":")}`;  // in queries and places a colon is written as %3A

  function parsed(hash) {
    const handle = /^#?[tshp]\/(?!.*\.html(?:[:,?]|$))(.+)$/s.exec(hash);  // as a server has them
    if (handle) return { file: "find.html", query: "", place: decoded(handle[1]) };
    const [, file, rest] = /^#?([^?:]*)(.*)$/s.exec(hash.replace(/^(#?e\/[0-9a-f]{16}(?:\/[a-z]+)?)(?=:|$)/, "$1.html"));
    if (file && !file.includes(".")) return { ...now, place: decoded(file) };  // a place on the page that is shown
    const [, asked, place] = (isList(file) ? /^([^]*)()$/ : /^([^:]*):?([^]*)$/).exec(rest);  // who types may ask for is:odd
    return { file: decoded(file || HOME), query: new URLSearchParams(asked).get("q") ?? "", place: decoded(place) };
  }

  const isList = (file) => /^index\b/.test(file || HOME);

  function decoded(text) {
    try { return decodeURIComponent(text); } catch { return text; }
  }

  // ------------------------------------------------------------ pages

  let now = { file: HOME, query: "", place: "" };  // what is shown
  let listed = { file: HOME, query: "" };  // whose list is shown, and what it searches
  let settled = "";  // the address of the entry in the history whose page is shown
  let turns = 0;

  async function page(file) {
    const packed = await unpacked(file);
    if (!packed) return null;
    const own = /^e\/([0-9a-f]{16})\b/.exec(file)?.[1] ?? "";
    return new DOMParser().parseFromString((await packed.text()).replaceAll("\u0001", own), "text/html");
  }

  // The one place where what was packed becomes part of this page. Nothing in it runs: the policy allows by hash.
  function fill(element, page) {
    element.replaceChildren(...(page.getElementById(element.id)?.childNodes ?? []));
  }

  async function show() {
    const mine = ++turns;
    const { hash } = location;
    const { top } = history.state ?? {};
    const wanted = parsed(hash);
    const isOther = wanted.file !== now.file;
    if (isOther) {
      let next;
      try { next = await page(wanted.file); } catch (error) { next = said("This page cannot be unpacked", String(error)); }
      if (mine !== turns) return;
      put(next ?? said("No such page", isOfChanges(wanted.file) ? NO_CHANGES : NO_PAGE), wanted);
    }
    now = wanted;
    settled = hash;
    if (isOther) detail().scrollTop = top ?? 0;
    if (top === undefined || !isOther) openTarget();
    if (isOther) document.dispatchEvent(new Event("site:page"));
  }

  const NO_PAGE = "This report does not hold the page that the address names.";
  const NO_CHANGES = "This report compares with no earlier state: inspector export --against makes one that does.";
  const isOfChanges = (file) => /^(changes|compare\/[0-9a-f]+\/before)\b/.test(file);

  function put(page, { file, query }) {
    const { className } = page.getElementById("panes");
    const isAway = document.activeElement !== document.body;
    const isKept = query === listed.query && (isList(file) ? file === listed.file : !isNearer(page));
    release();
    if (!isKept && (isList(file) || $("#list .row", page))) {
      fill(pane(), page);
      listed = { file, query };
      pane().scrollTop = 0;
    }
    fill(detail(), page);
    $("#panes").className = className;
    document.title = page.title;
    JsonTree.drawAll();
    for (const media of $$("[data-src]", detail())) nearing.observe(media);
    markSelected(!isList(file));
    const isLost = isAway && document.activeElement === document.body;
    if (isLost || matchMedia("(max-width: 1000px)").matches) detail().focus({ preventScroll: true });
  }

  // Whether the list of a page has its exchange beside others, and the one that is shown has not.
  function isNearer(page) {
    const id = `x-${page.getElementById("view")?.dataset.uid}`;
    return !!page.getElementById(id) && !document.getElementById(id) && $$("#list .row", page).length > 1;
  }

  const SAID = '<main id="panes" class="panes at-detail"><section id="detail"><article class="view" id="view"><h1></h1><p></p></article></section></main>';
  function said(title, why) {
    const page = new DOMParser().parseFromString(SAID, "text/html");
    page.title = $("h1", page).textContent = title;
    $("p", page).textContent = why;
    return page;
  }

  // ------------------------------------------------------------ pictures, sounds, films, and other files

  // What a browser may show. Anything else would be a file to save, and never a page.
  const TYPES = {
    png: "image/png", jpg: "image/jpeg", gif: "image/gif", webp: "image/webp", wav: "audio/wav", mp3: "audio/mpeg",
    aac: "audio/aac", ogg: "audio/ogg", oga: "audio/ogg", flac: "audio/flac", mp4: "video/mp4", webm: "video/webm",
    json: "text/plain", txt: "text/plain",
  };
  const typeOf = (file) => TYPES[file.split(".").at(-1)] ?? "application/octet-stream";
  let lent = [];  // addresses of what this page shows

  async function address(file) {
    const bytes = await unpacked(file, typeOf(file));
    return bytes && URL.createObjectURL(bytes);
  }

  function release() {
    nearing.disconnect();
    lent.forEach((one) => URL.revokeObjectURL(one));
    lent = [];
  }

  const nearing = new IntersectionObserver((all) => {
    for (const { isIntersecting, target } of all) if (isIntersecting) look(target);
  }, { root: detail(), rootMargin: "300px" });

  async function look(media) {
    nearing.unobserve(media);
    const found = await address(media.dataset.src);
    if (found) lent.push(found);
    if (found && media.isConnected) media.src = found;
    else media.dispatchEvent(new Event("error"));
  }

  async function save(file, isShown) {
    const found = await address(file);
    if (!found) return;
    const link = document.createElement("a");
    link.href = found;
    if (isShown) Object.assign(link, { target: "_blank", rel: "noopener" });
    else link.download = file.split("/").at(-1);
    link.click();
    setTimeout(() => URL.revokeObjectURL(found), 60_000);
  }

  // ------------------------------------------------------------ going from page to page

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    const { file } = parsed(link.getAttribute("href"));
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (link.matches(".skip")) {
      event.preventDefault();
      detail().focus();
    } else if (!file.endsWith(".html")) {
      event.preventDefault();
      save(file, !link.hasAttribute("download") && typeOf(file) !== "application/octet-stream");
    } else if (link.matches("#list .step a") && !isElsewhere && !$("#view.overview")) {
      event.preventDefault();
      list(file, link.matches(".earlier"));
    }
  });

  // Shows another page within the list's own.
  async function preview(box, address, query) {
    const mine = ++previews;
    const next = await page(parsed(address).file).catch(() => null);
    if (mine !== previews || !box.isConnected || box.hidden) return;
    const view = next?.getElementById("view");
    view?.removeAttribute("id");  // it is no page
    box.replaceChildren(...(view ? [view] : []));
    JsonTree.drawAll();
    for (const media of $$("[data-src]", box)) nearing.observe(media);
    document.dispatchEvent(new CustomEvent("site:preview", { detail: query }));
    const mark = $("mark.hit", box);
    if (mark && mark.getBoundingClientRect().bottom > innerHeight) mark.scrollIntoView({ block: "center" });
  }
  let previews = 0;

  // Another page of the list beside the exchange that is open.
  async function list(file, isUp) {
    const next = await page(file);
    if (!next) return false;
    fill(pane(), next);
    listed = { file, query: "" };
    pane().scrollTop = isUp ? pane().scrollHeight : 0;
    markSelected();
    return true;
  }

  // Where a page is scrolled to is kept with its entry in the history. After going back or forward the address is that
  // of another entry at once, while the page of the last one is shown until the other is unpacked.
  function keepPlace() {
    clearTimeout(resting);
    const { scrollTop } = detail();
    if (location.hash !== settled || (history.state?.top ?? 0) === scrollTop) return;
    history.replaceState({ ...history.state, top: scrollTop }, "");
  }

  let resting;
  detail().addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(keepPlace, 150);
  }, { passive: true });
  document.addEventListener("click", keepPlace, true);  // it may lead away from here
  history.scrollRestoration = "manual";
  addEventListener("hashchange", show);

  const step = (isDown) => $(`#list .step ${isDown ? ".later" : ".earlier"}`);
  Object.assign(hooks, {
    further: async (isDown) => !!step(isDown) && list(parsed(step(isDown).getAttribute("href")).file, !isDown),
    place: () => parsed(location.hash).place,
    keepPlace: (id) => { now = { ...now, place: id }; keep(now.query ?? "", false); },
    missing: (id) => {  // it may stand on another page of what is long
      const from = Page.pageOf(id);
      if (from !== null && !now.file.includes(",")) location.replace(href(now.file.replace(/\.html$/, `,from=${from}.html#${id}`)));
    },
    mark: (target) => {
      for (const other of $$(".target")) other.classList.remove("target");
      target.classList.add("target");
    },
  });

  // ------------------------------------------------------------ what other scripts ask

  const data = async (name) => JSON.parse(await (await unpacked(`search/${name}`))?.text() ?? "null");
  const query = () => parsed(location.hash).query;
  const search = (text) => { location.hash = text ? `${HOME}?q=${encodeURIComponent(text)}` : HOME; };
  const isHome = () => isList(parsed(location.hash).file);

  // The address says what the list searches; with `isNew` in an entry of its own in the history.
  function keep(text, isNew) {
    now = { ...now, query: text };
    listed = { ...listed, query: text };
    const asked = text && `?q=${encodeURIComponent(text)}`;
    const place = now.place && `:${encodeURIComponent(now.place)}`;
    history[isNew ? "pushState" : "replaceState"](history.state, "", `#${now.file}${asked}${place}`);
    settled = location.hash;
  }

  if (location.hash) show();
  return { data, href, isHome, keep, preview, query, search };
})();
