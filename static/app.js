// What a server-rendered page cannot do alone: keys, copying, the splitter, and keeping still while it changes.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } },
  };

  // ------------------------------------------------------------ addresses
  // Links are relative, so that the page works below any prefix. Once htmx changes the address, their depth no longer
  // fits: they are made absolute first, and the server is told the root for what it sends from then on.

  const root = new URL(document.documentElement.dataset.root, location.href).pathname;
  const ADDRESSES = ["href", "action", "hx-get", "hx-post", "data-copy-link", "data-copy-text", "hx-sse:connect", "src"];

  function makeAbsolute(within) {
    for (const name of ADDRESSES) {
      for (const element of $$(`[${CSS.escape(name)}]`, within)) {
        const value = element.getAttribute(name);
        if (!value.startsWith("#") && !value.startsWith("/") && !/^[a-z][a-z0-9+.-]*:/i.test(value)) {
          const url = new URL(value, location.href);
          element.setAttribute(name, url.pathname + url.search + url.hash);
        }
      }
    }
  }
  makeAbsolute(document);
  document.addEventListener("htmx:config:request", (event) => {
    event.detail.ctx.request.headers["X-Root"] = root;
    const source = event.detail.ctx.sourceElement;
    if (source !== document.body && source === going?.sourceElement) event.preventDefault();  // clicked twice
  });

  // ------------------------------------------------------------ the selected row

  let going = null;
  const detail = () => $("#detail");
  const pane = () => $("#pane");
  const currentUid = () => $("#view")?.dataset.uid ?? null;

  function markSelected(scroll) {
    if (going) return;  // somebody stepped on meanwhile, and that row is marked
    const uid = currentUid();
    for (const row of $$(".row[aria-current]")) row.removeAttribute("aria-current");
    const row = uid && document.getElementById(`x-${uid}`);
    if (!row) return;
    row.setAttribute("aria-current", "true");
    const fold = row.closest("details");
    if (fold) fold.open = true;
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }

  function showDetail() {
    const panes = $("#panes");
    panes.classList.toggle("at-detail", !$("#view.overview"));
    panes.classList.toggle("at-list", !!$("#view.overview"));
  }

  function openTarget() {
    let id;
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (!target.matches(":target")) {  // an address that a script changed marks nothing: go there once more
      const state = history.state;
      location.replace(location.href);
      history.replaceState(state, "");
    }
    target.scrollIntoView();
  }

  // ------------------------------------------------------------ back, forward, reload
  // htmx would put a whole new body in place, and with it a new connection and a list that forgot where it was: only
  // the detail is fetched, and scrolled to where it was left.

  const remember = (more) => history.replaceState({ ...history.state, htmx: true, ...more }, "");
  let returning = null;

  document.addEventListener("htmx:before:history:restore", (event) => {
    event.preventDefault();
    returning = history.state ?? {};
    htmx.ajax("GET", event.detail.path, { target: "#detail", swap: "innerHTML show:none" });
  });
  $("#detail").addEventListener("scrollend", () => remember({ top: $("#detail").scrollTop }));

  // ------------------------------------------------------------ swaps keep the reader's place

  let anchor = null;
  const scrollers = () => [pane(), detail()].filter(Boolean);

  function rememberPlace() {
    anchor = scrollers().map((scroller) => {
      const top = scroller.getBoundingClientRect().top;
      const first = $$("[id]", scroller).find((element) => {
        const box = element.getBoundingClientRect();
        return box.height > 0 && box.top >= top;
      });
      return { scroller, at: scroller.scrollTop, id: first?.id, offset: first ? first.getBoundingClientRect().top : 0 };
    });
  }

  function restorePlace() {
    for (const { scroller, at, id, offset } of anchor ?? []) {
      const element = id && document.getElementById(id);
      if (at < 4) scroller.scrollTop = at;
      else if (element && scroller.contains(element)) scroller.scrollTop += element.getBoundingClientRect().top - offset;
    }
    anchor = null;
  }

  const isMorph = (event) => /Morph/.test(event.detail.ctx?.swap ?? "");
  document.addEventListener("htmx:before:swap", (event) => { if (isMorph(event)) rememberPlace(); });
  // htmx 4.0.1 keeps the browser from opening a boosted link in a new tab or window: it must not hear of such a click.
  document.addEventListener("click", (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (elsewhere && event.target.closest("a[href]")) event.stopImmediatePropagation();
  }, true);

  // Who steps on before an answer came wants the later one: the earlier request is dropped.
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.target !== detail()) return;
    going?.request.abort();
    going = ctx;
  });
  document.addEventListener("htmx:finally:request", (event) => { if (event.detail.ctx === going) going = null; });

  let listIsNew = !$("#list .row");
  document.addEventListener("htmx:after:swap", (event) => {
    makeAbsolute(document);
    if (isMorph(event)) {
      restorePlace();
      markSelected(listIsNew);
      listIsNew = false;
    } else if (event.detail.ctx?.target === detail()) {
      if (event.detail.ctx === going) going = null;
      showDetail();
      markSelected(true);
      detail().scrollTop = returning?.top ?? 0;
      if (returning?.top === undefined) openTarget();
      returning = null;
      if (matchMedia("(max-width: 800px)").matches) detail().focus({ preventScroll: true });
    }
  });

  // ------------------------------------------------------------ live

  const live = $("#live");
  let waiting = 0;

  function setLive(state, word, title) {
    live.dataset.state = state;
    live.title = title;
    $(".word", live).textContent = word;
  }
  live.addEventListener("htmx:sse:after:connection", () => setLive("on", "live", "Connected: what changes on the disk shows here"));
  for (const name of ["htmx:sse:error", "htmx:sse:close"]) {
    live.addEventListener(name, () => setLive("off", "offline", "The connection was lost; trying again"));
  }
  live.addEventListener("changed", (event) => {
    const news = JSON.parse(event.detail.data);
    htmx.trigger("#list", "refresh");
    const view = $("#view[hx-get]");
    const { uid, group } = view?.dataset ?? {};
    const concerns = news.all || view?.matches(".overview") || news.uids.includes(uid) || news.groups.includes(group);
    if (view && concerns) htmx.trigger(view, "refresh");
    if (news.new) announce(news.new);
  });

  // The extension heals a connection that was lost, not one that never came about.
  function connectAgain() {
    setLive("off", "offline", "There is no connection; trying again");
    setTimeout(() => htmx.ajax("GET", live.getAttribute("hx-sse:connect"), { source: live }), 1000);
  }
  live.addEventListener("htmx:error", connectAgain);
  live.addEventListener("htmx:before:swap", (event) => { event.preventDefault(); connectAgain(); });

  function announce(count) {
    if (following() || pane().scrollTop < 60) return;
    waiting += count;
    showPill();
  }

  function showPill() {
    let pill = $("#pill");
    if (!pill) {
      pill = document.createElement("button");
      pill.id = "pill";
      pill.type = "button";
      pill.addEventListener("click", () => { pane().scrollTo({ top: 0 }); hidePill(); });
      pane().before(pill);
      pane().addEventListener("scroll", () => { if (pane().scrollTop < 60) hidePill(); }, { passive: true });
    }
    pill.hidden = false;
    pill.textContent = `${waiting} new ↑`;
  }

  function hidePill() {
    waiting = 0;
    const pill = $("#pill");
    if (pill) pill.hidden = true;
  }

  // ------------------------------------------------------------ follow the newest

  const follow = $("#follow");
  const following = () => follow.getAttribute("aria-pressed") === "true";
  let followed = null;
  follow.addEventListener("click", () => {
    follow.setAttribute("aria-pressed", String(!following()));
    followed = null;
    openNewest();
  });
  function openNewest() {
    const newest = $("#list").dataset.newest;
    if (!following() || !newest || newest === followed) return;
    followed = newest;
    pane().scrollTop = 0;
    hidePill();
    const row = document.getElementById(`x-${newest}`);
    if (row) row.click();
    else htmx.ajax("GET", `${root}e/${newest}`, { target: "#detail", swap: "innerHTML show:none", push: "true" });
  }
  document.addEventListener("htmx:after:swap", (event) => {
    if (isMorph(event) && event.detail.ctx.target?.id === "list") openNewest();
  });

  // ------------------------------------------------------------ copying

  let toastTimer;
  function toast(text) {
    const box = $("#toast");
    box.textContent = text;
    box.classList.add("shown");
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => box.classList.remove("shown"), 1600);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(await text);
    } catch {
      const area = document.createElement("textarea");
      area.value = await text;
      area.className = "hidden";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    toast("Copied");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-link], [data-copy-text], [data-copy-value]");
    if (!button) return;
    event.preventDefault();
    const { copyLink, copyText, copyValue } = button.dataset;
    if (copyLink) copy(new URL(copyLink, location.href).href);
    else if (copyValue) copy(copyValue);
    else copy(fetch(copyText).then((answer) => answer.text()));
  });

  // ------------------------------------------------------------ theme and splitter

  $("#theme").addEventListener("click", () => {
    const html = document.documentElement;
    html.dataset.theme = html.dataset.theme === "dark" ? "light" : "dark";
    store.set("inspector-theme", html.dataset.theme);
  });

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

  const rows = () => $$("#list .row").filter((row) => row.checkVisibility());
  function go(step) {
    const all = rows();
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    open(next);
  }
  function open(row) {
    if (!row) return;
    for (const other of $$(".row[aria-current]")) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    row.click();
  }
  function tab(step) {
    const tabs = $$(".tabs a");
    const at = tabs.findIndex((link) => link.getAttribute("aria-current") === "page");
    tabs[(at + step + tabs.length) % tabs.length]?.click();
  }

  let lastG = 0;
  const KEYS = {
    j: () => go(1),
    k: () => go(-1),
    g: (event) => { if (event.timeStamp - lastG < 600) open(rows()[0]); lastG = event.timeStamp; },
    G: () => open(rows().at(-1)),
    "/": () => { $("#q").focus(); $("#q").select(); },
    "[": () => tab(-1),
    "]": () => tab(1),
    f: () => follow.click(),
    "?": () => $(".tools a[href$=help]").click(),
    p: () => $(".tools a[href$=paste]").click(),
    Escape: () => $(".back")?.offsetParent && $(".back").click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.closest("input, textarea, select, [contenteditable]");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    const act = KEYS[event.key];
    if (!act || event.defaultPrevented) return;
    event.preventDefault();
    act(event);
  });

  addEventListener("hashchange", () => { remember(); openTarget(); });
  markSelected(true);
  if (history.state?.top === undefined) openTarget();
  else detail().scrollTop = history.state.top;
})();
