// What every page does, on a server and in an export: keys, copying, the theme, the splitter, the place in the address.
/* global SelectedRow */
"use strict";
const Page = (() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* private mode */ } },
  };
  const detail = () => $("#detail");
  const pane = () => $("#pane");
  const isPreview = document.documentElement.matches(".is-preview");  // within another page, which has the keys

  // What a server adds: `further` gets more rows in a direction, `top` and `end` lead to the ends of the list, `reveal`
  // opens the rest of a group, `settled` waits for the list that somebody asked for, `missing` shows a place that is not on this page. A report in one file keeps the place in its address elsewhere: `place`,
  // `keepPlace`, `mark`.
  const hooks = {
    further: async () => false,
    top: () => { pane().scrollTop = 0; },
    end: () => { pane().scrollTop = pane().scrollHeight; },
    missing: () => {},
    place: () => decodeURIComponent(location.hash.slice(1)),
    keepPlace: (id) => history.replaceState(history.state, "", `#${id}`),
    mark: (target) => {
      if (target.matches(":target")) return;
      const state = history.state;  // an address that a script changed marks nothing: go there once more
      location.replace(location.href);
      history.replaceState(state, "");
    },
    reveal: async () => {},
    settled: async () => {},
    textOf: (address, button) => (address ? fetched(address) : textNear(button)),
  };

  // ------------------------------------------------------------ the place in the address

  function openTarget() {
    let id;
    try { id = hooks.place(); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) { hooks.missing(id); return; }
    openFolds(target);
    hooks.mark(target);
    target.scrollIntoView();
  }

  // The page of something long that holds a place, as a file of an export: `,from=<where it begins>`; null for this one.
  function pageOf(id) {
    const chunk = /^c(\d+)$/.exec(id);
    const { every, total } = $("[data-every]")?.dataset ?? {};
    if (chunk && every) {
      const from = chunk[1] - (chunk[1] % every);
      return from && Number(chunk[1]) < Number(total) ? String(from) : null;
    }
    const order = (anchor) => {
      const [, holder, number, part] = /^(system|m|reply-?)(\d*)(?:-p(\d+))?/.exec(anchor) ?? [];
      return holder && [holder === "system" ? -1 : Number(number), Number(part ?? 0)];
    };
    const wanted = order(id);
    const shown = $(`[data-begins][data-window="${id.startsWith("reply") ? "replies" : "prompt"}"]`)?.dataset;
    if (!wanted || !shown) return null;
    const isBefore = ([message, part]) => message < wanted[0] || (message === wanted[0] && part <= wanted[1]);
    const from = shown.begins.split(" ").filter((begin) => isBefore(order(begin))).at(-1);
    return from && from !== shown.begin ? from : null;
  }

  function openFolds(element) {
    if (element.closest(".is-old")) $(".from-before").open = true;
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  function markSelected(scroll) {
    const line = SelectedRow.find();
    if (!line) { SelectedRow.unmark(); return; }
    SelectedRow.mark(line);
    openFolds(line);
    if (scroll && !SelectedRow.isSeen(line)) line.scrollIntoView({ block: "center" });
  }

  document.addEventListener("error", (event) => {  // an image that is none
    const figure = event.target.closest?.("img") && event.target.closest("figure.blob");
    if (!figure) return;
    figure.classList.add("undecodable", "bare");
    $(".picture", figure)?.remove();
    $("figcaption", figure).prepend("no image that can be shown · ");
  }, true);

  // ------------------------------------------------------------ copying

  let toastTimer;
  function toast(text) {
    const box = $("#toast");
    box.textContent = text;
    box.classList.add("shown");
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => box.classList.remove("shown"), 1600);
  }

  async function copy(text, what = "Copied") {
    let said;
    try { said = await text; } catch { toast("It could not be read"); return; }
    try {
      await navigator.clipboard.writeText(said);
    } catch {
      const area = document.createElement("textarea");
      area.value = said;
      area.className = "hidden";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    toast(what);
  }

  async function fetched(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  }

  // The text beside a button, without labels and other buttons.
  function textNear(button) {
    const holder = button.closest(".copy, .call, .result, .part, .error, .sheet");
    const said = "pre, .md, .token-text".split(", ").flatMap((kind) => [`:scope > ${kind}`, `:scope > details > ${kind}`]);
    const body = $(said.join(), holder) ?? $("code, a[target]", holder);
    return body.matches("pre") ? body.textContent : body.innerText || body.textContent;
  }

  // The whole link, without what was searched: it only marks words.
  function linkTo(address) {
    const link = new URL(address, location.href);
    if (address.startsWith("#")) link.search = "";
    if (link.searchParams.has("q")) link.searchParams.delete("q");
    return link.href;
  }

  // Before anybody else hears of the click: a link that is copied is not followed. What a place goes by is both.
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const place = event.target.closest("a.anchor, a.no");
    if (place) copy(linkTo(place.getAttribute("href")), "Link copied");
    const button = event.target.closest("[data-copy-link], [data-copy-href], [data-copy-text], [data-copy-value], [data-copy-near]");
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { copyLink, copyText, copyValue } = button.dataset;
    const form = /\/as\/(\w+)$/.exec(copyText ?? "")?.[1];
    if (copyLink) copy(linkTo(copyLink), "Link copied");
    else if (button.hasAttribute("data-copy-href")) copy(linkTo(button.getAttribute("href")), "Link copied");
    else if (copyValue) copy(copyValue, "Id copied");
    else copy(hooks.textOf(copyText, button), form ? `${form} copied` : "Text copied");
  }, true);

  // ------------------------------------------------------------ theme and splitter

  $("#theme").addEventListener("click", () => {
    const html = document.documentElement;
    html.dataset.theme = html.dataset.theme === "dark" ? "light" : "dark";
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    if (html.dataset.theme === system) store.drop("inspector-theme");  // and follows the system again
    else store.set("inspector-theme", html.dataset.theme);
  });

  if (matchMedia("(max-width: 700px)").matches) $("#q").placeholder = "Search";

  const splitter = $("#splitter");
  function setWidth(pixels) {
    const width = `${Math.round(Math.min(Math.max(pixels, 240), innerWidth * 0.7))}px`;
    document.documentElement.style.setProperty("--list", width);
    store.set("inspector-list-width", width);
    sayWidth();
  }
  const sayWidth = () => splitter.setAttribute("aria-valuenow", Math.round((100 * pane().offsetWidth) / innerWidth));
  sayWidth();
  splitter.addEventListener("mousedown", (event) => {
    event.preventDefault();  // else what is selected on the way becomes a row that is dragged
    splitter.focus();
  });
  splitter.addEventListener("pointerdown", (event) => {
    splitter.setPointerCapture(event.pointerId);
    const move = (moved) => setWidth(moved.clientX);
    splitter.addEventListener("pointermove", move);
    splitter.addEventListener("pointerup", () => splitter.removeEventListener("pointermove", move), { once: true });
  });
  splitter.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -24, ArrowRight: 24 }[event.key];
    if (step) { setWidth(pane().offsetWidth + step); event.preventDefault(); }
  });

  // ------------------------------------------------------------ keys

  // The exchanges that the list shows, or where it shows only names these.
  const rows = () => {
    const shown = (selector) => $$(`#list ${selector}`).filter((line) => line.checkVisibility());
    const found = shown(".row");
    return found.length ? found : shown(".group > h2 > a");
  };
  async function go(step, isAgain = false) {
    await hooks.settled();
    const lines = $$("#list :is(.row, a[data-open])").filter((line) => line.checkVisibility());
    const next = lines[lines.findIndex((line) => line.hasAttribute("aria-current")) + step];
    if (!isAgain && next?.matches("a[data-open]") && $("#list .row[aria-current]")) {
      await hooks.reveal(next);
      return go(step, true);
    }
    const all = rows();
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    if (at < 0) return open((step > 0 && $("#list .group:has(> h2 > a[aria-current]) .row")) || inView(all, step > 0));
    if (!all[at + step] && (await hooks.further(step > 0))) {
      const more = rows();
      const now = more.findIndex((row) => row.hasAttribute("aria-current"));
      return open(now < 0 ? inView(more, step > 0) : more[now + step]);
    }
    open(all[at + step] ?? all[at]);
  }
  // The first row that is wholly on screen, or the last.
  function inView(all, first) {
    const { top, bottom } = pane().getBoundingClientRect();
    const seen = all.filter((row) => row.getBoundingClientRect().top >= top && row.getBoundingClientRect().bottom <= bottom);
    return (seen.length ? seen : all).at(first ? 0 : -1);
  }
  function open(row) {
    if (!row) return;
    SelectedRow.mark(row);
    row.scrollIntoView({ block: "nearest" });
    const address = row.getAttribute("href");
    row.setAttribute("href", withTab(address));
    row.click();
    row.setAttribute("href", address);
  }

  // The address of another exchange with the tab that is open.
  function withTab(address) {
    const tab = /\/(stream|request|response|raw)(?:\.html)?(?:[?#,]|$)/.exec($(".tabs a[aria-current=page]")?.getAttribute("href") ?? "")?.[1];
    return tab ? address.replace(/(e\/[0-9a-f]{16})(\.html)?/, (_, at, html = "") => `${at}/${tab}${html}`).replace(/#hit$/, "") : address;
  }
  function tab(step) {
    const tabs = $$(".tabs a");
    const at = tabs.findIndex((link) => link.getAttribute("aria-current") === "page");
    tabs[(at + step + tabs.length) % tabs.length]?.click();
  }

  // The next place of a kind in what is read, from what stands at its top.
  function walk(selector, step) {
    const all = $$(selector, detail()).filter((place) => place.checkVisibility());
    const top = detail().getBoundingClientRect().top + barHeight();
    const ahead = all.filter((place) => (place.getBoundingClientRect().top - top) * step > 12);
    const next = step > 0 ? ahead[0] : ahead.at(-1);
    const older = $(".from-before:not([open])", detail());
    if (!next && step < 0 && older) {
      older.open = true;
      walk(selector, step);
    }
    next?.scrollIntoView({ block: "start" });
  }
  const barHeight = () => parseFloat(getComputedStyle(detail()).scrollPaddingTop) || 0;

  const FOLDS = "details:is(.reasoning, .long-text, .unchanged, .branch, .tools-list, .settings, .fold)";
  const foldAll = (isOpen) => { for (const fold of $$(FOLDS, detail())) fold.open = isOpen; };

  let lastG = 0;
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    g: async (event) => {
      const isSecond = event.timeStamp - lastG < 600;
      lastG = event.timeStamp;
      if (isSecond) { await hooks.top(); open(rows()[0]); }
    },
    G: async () => { await hooks.end(); open(rows().at(-1)); },
    "/": () => { $("#q").focus(); $("#q").select(); },
    "[": () => tab(-1),
    "]": () => tab(1),
    J: () => walk(".message", 1),
    K: () => walk(".message", -1),
    u: () => walk("[data-turn=user]", 1),
    U: () => walk("[data-turn=user]", -1),
    ".": () => ($(".new-line", detail()) ?? $(".reply-block, .error, #reply", detail()))?.scrollIntoView({ block: "start" }),
    o: () => foldAll(false),
    O: () => foldAll(true),
    y: () => $(".walk [data-copy-link], [data-copy-link]", detail())?.click(),
    t: () => ($(".head .title h1 a", detail()) ?? $(".head .path a:not(.back)", detail()))?.click(),
    f: () => $("#follow")?.click(),
    p: () => $("#to-paste")?.click(),
    Escape: () => $(".back")?.offsetParent && $(".back").click(),
  };
  // A number is the same tab wherever it is: of what was not streamed there is no second.
  for (const [at, name] of ["", "stream", "request", "response", "raw"].entries()) {
    keys[at + 1] = () => $$(".tabs a").find((link) => (at ? new RegExp(`/${name}(?:\\.html|[?#]|$)`).test(link.getAttribute("href")) : true))?.click();
  }

  // Where nothing has the focus, what is read scrolls, and not the page, which never does.
  const SCROLLS = {
    " ": (box, event) => (event.shiftKey ? -0.9 : 0.9) * box.clientHeight, PageDown: (box) => 0.9 * box.clientHeight, PageUp: (box) => -0.9 * box.clientHeight,
    ArrowDown: () => 40, ArrowUp: () => -40, Home: (box) => -box.scrollTop, End: (box) => box.scrollHeight,
  };
  function scrolled(event) {
    const by = document.activeElement === document.body && detail().checkVisibility() && SCROLLS[event.key];
    if (by) detail().scrollBy({ top: by(detail(), event) });
    return !!by;
  }

  // What is read has the focus, so that its keys are the browser's own.
  const focusDetail = () => {
    const other = document.activeElement;
    if (!isPreview && !other?.matches("input, textarea, select, dialog *") && detail().checkVisibility()) detail().focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isPreview || $("dialog[open]")) return;
    const field = event.target.closest("input:not(.pick), textarea, select, [contenteditable]");
    if (field) {
      if (event.key === "Escape") field.blur();  // of the search field, once it is empty
      return;
    }
    const act = keys[event.key];
    if (event.defaultPrevented) return;
    if (!act) {
      if (scrolled(event)) event.preventDefault();
      return;
    }
    if (event.repeat) return;
    event.preventDefault();
    act(event);
  });

  return { $, $$, copy, detail, focusDetail, hooks, keys, markSelected, openFolds, openTarget, pageOf, pane, store, toast };
})();
