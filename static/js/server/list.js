// The list is a window over what was found. It slides while one scrolls, and the address keeps its place.
"use strict";
const List = (() => {
  const $ = (selector) => document.querySelector(selector);
  const pane = $("#pane");
  const list = () => $("#list");
  const root = new URL(document.documentElement.dataset.root, location.href).pathname;
  const level = () => document.documentElement.dataset.level ?? "";  // how much of the tree shows, see tree.js
  const headers = () => ({
    "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#list", "HX-Current-URL": "", "X-Root": root, "X-Level": level(),
  });
  const PLACES = ["at", "from", "before", "after"];  // what is open stays open

  const earlier = () => $("#list .earlier");
  const later = () => $("#list .later");
  const isHome = () => location.pathname === root;
  const isAtTop = () => pane.scrollTop < 60 && !earlier();

  // The window's own address, without its place, or with another one.
  function address(place = {}) {
    const url = new URL(list().getAttribute("hx-get"), location.href);
    for (const name of PLACES) url.searchParams.delete(name);
    for (const [name, key] of Object.entries(place)) url.searchParams.set(name, key);
    return url;
  }

  // ------------------------------------------------------------ loading

  let under_way = null;
  let isStale = false;  // something changed while an answer was under way

  // Puts another window, or another query's list, in place of this one. An older answer never overwrites a newer one.
  // `accept` may turn an answer down; `scroll` is where the pane goes then, else what is on screen stays where it is.
  function load(url, { scroll = null, accept = () => true } = {}) {
    under_way?.controller.abort();
    const mine = under_way = { controller: new AbortController() };
    mine.done = (async () => {
      try {
        const answer = await fetch(url, { headers: headers(), signal: mine.controller.signal });
        const text = await answer.text();
        if (mine !== under_way || !answer.ok || !accept(answer, text)) return false;
        await htmx.swap({ sourceElement: list(), target: list(), text, swap: "outerMorph" });
        if (scroll === "top") pane.scrollTop = 0;
        if (scroll === "end") pane.scrollTop = pane.scrollHeight;
        return true;
      } catch (error) {
        if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;  // offline: the page says so
        return false;
      } finally {
        if (mine === under_way) {
          under_way = null;
          if (isStale) refresh();
        }
      }
    })();
    return mine.done;
  }

  function refresh() {
    isStale = !!under_way;
    if (!under_way) load(new URL(list().getAttribute("hx-get"), location.href));
  }

  // Once the list shows what was asked for last.
  async function settled() {
    while (under_way) await under_way.done;
  }

  const top = () => (earlier() ? load(address(), { scroll: "top" }) : (pane.scrollTop = 0));
  const end = () => (later() ? load(address({ before: "end" }), { scroll: "end" }) : (pane.scrollTop = pane.scrollHeight));

  // ------------------------------------------------------------ sliding

  const stops = () => [...list().querySelectorAll("[data-key]")].filter((stop) => !stop.hidden);

  // The window that begins, or ends, a screen outside of what is seen, or less where this one is short for its screen.
  // False where it is too small to let anything go.
  function slide(down) {
    const { top, bottom, height } = pane.getBoundingClientRect();
    const all = stops();
    const boxes = all.map((stop) => stop.getBoundingClientRect());
    for (const slack of [height, height / 2, 8]) {
      const at = boxes.findIndex((box) => (down ? box.bottom > top - slack : box.top > bottom + slack));
      if (at > 0) return load(address({ [down ? "from" : "before"]: all[at].dataset.key }));
    }
    return false;
  }

  function check() {
    if (under_way || !pane.clientHeight) return;
    const margin = pane.clientHeight / 2;
    if (later() && pane.scrollHeight - pane.scrollTop - pane.clientHeight < margin) slide(true);
    else if (earlier() && pane.scrollTop < margin) slide(false);
  }

  // More rows in a direction, for who steps past the last one. False where the list ends.
  async function further(down) {
    if (under_way) return under_way.done;
    const link = down ? later() : earlier();
    return !!link && ((await slide(down)) || load(link.href, { scroll: down ? "top" : "end" }));
  }

  // ------------------------------------------------------------ the place in the address

  function keepPlace() {
    if (!isHome()) return;
    if (under_way) { under_way.done.then(keepPlace); return; }
    const all = stops();
    const { top } = pane.getBoundingClientRect();
    const first = all.findIndex((stop) => stop.getBoundingClientRect().bottom > top + 8);
    const isTop = pane.scrollTop < 8 && !earlier();
    const url = address(first < 0 || isTop ? {} : { from: all[first].dataset.key });
    if (url.href !== location.href) history.replaceState({ ...history.state, htmx: true }, "", url.pathname + url.search);
  }

  let resting;
  pane.addEventListener("scroll", () => {
    check();
    clearTimeout(resting);
    resting = setTimeout(keepPlace, 150);
  }, { passive: true });
  document.addEventListener("htmx:after:swap", () => requestAnimationFrame(check));
  addEventListener("resize", check);
  requestAnimationFrame(() => {
    if (isHome() && earlier() && stops().length) pane.scrollTop += stops()[0].getBoundingClientRect().top - pane.getBoundingClientRect().top;
    check();
  });

  // Where only names are seen there are more of them, without what is not seen.
  document.addEventListener("tree:level", refresh);
  if (/tests|files/.test(level()) && $("#list .row")) refresh();

  // The rest of a group, where it stands.
  const reveal = (link) => load(link.href);

  document.addEventListener("click", (event) => {
    const opening = event.target.closest("#list a[data-open]");
    if (opening && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      reveal(opening);
      return;
    }
    const link = event.target.closest("#list .step a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const isUp = link.matches(".earlier, .end");  // what is nearest to where one was
    load(link.href, { scroll: isUp ? "end" : "top" });
  });

  return { address, check, end, further, isAtTop, isHome, load, refresh, reveal, root, settled, top };
})();
