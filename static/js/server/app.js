// Pages of a server: they are changed in place, follow what is recorded, and keep still while they change.
/* global List, Page, Search */
"use strict";
(() => {
  const { $, $$, detail, openTarget, pane } = Page;
  // ------------------------------------------------------------ addresses
  // Links are relative, so that the page works below any prefix. Once htmx changes the address, their depth no longer
  // fits: they are made absolute first, and the server is told the root for what it sends from then on.

  const root = new URL(document.documentElement.dataset.root, location.href).pathname;
  const ADDRESSES = ["href", "action", "hx-get", "hx-post", "data-copy-link", "data-copy-text", "hx-sse:connect", "src", "data-json-from"];

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
    Object.assign(event.detail.ctx.request.headers, { "X-Root": root, "X-Level": document.documentElement.dataset.level ?? "" });
    const source = event.detail.ctx.sourceElement;
    if (source !== document.body && source === going?.sourceElement) event.preventDefault();  // clicked twice
  });

  // ------------------------------------------------------------ the selected row

  let going = null;
  const markSelected = (scroll) => { if (!going) Page.markSelected(scroll); };  // else that row is marked

  function showDetail() {
    const panes = $("#panes");
    panes.classList.toggle("at-detail", !$("#view.overview"));
    panes.classList.toggle("at-list", !!$("#view.overview"));
  }

  // ------------------------------------------------------------ windows
  // What is long comes as a window of it, with links to what stands before and after. They are pulled in where they
  // stand, and the page asks for all that it holds when it is refreshed.

  const PULLS = 9;  // what a page holds; then the links lead to pages of their own
  const PLACE = /^(system|m\d+|reply(-\d+)?)(-p\d+(-[cs]\d+)?)?$|^c\d+$/;

  // A place that this window does not hold: the fragment of an address never reaches the server.
  function openPlace(id) {
    const url = new URL(location.href);
    const at = id.replace(/^c/, "");
    if (!PLACE.test(id) || !$("#view .edge") || url.searchParams.get("at") === at) return;
    for (const name of ["from", "until", "all"]) url.searchParams.delete(name);
    url.searchParams.set("at", at);
    history.replaceState(history.state, "", url);
    htmx.ajax("GET", url.pathname + url.search, { target: "#detail", swap: "innerHTML show:none" });
  }
  Object.assign(Page.hooks, { missing: openPlace, further: List.further, reveal: List.reveal, top: List.top, end: List.end });

  const windowsOf = (name, within) => $$(`[data-window="${name}"]`, within);

  async function pull(link) {
    const edge = link.closest(".edge");
    if (edge.ariaBusy) return;
    edge.ariaBusy = "true";
    const { pull: side, of: name } = link.dataset;
    let page;
    try {
      const headers = { "HX-Request": "true", "HX-Request-Type": "partial", "X-Root": root };
      const answer = await fetch(link.href, { headers });
      page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
    } catch { /* the link itself will tell */ }
    if (!edge.isConnected) return;  // the page was refreshed meanwhile
    const windows = windowsOf(name);
    const more = page ? windowsOf(name, page) : [];
    if (!more.length || more.length !== windows.length) { location.assign(link.href); return; }
    const isFocused = document.activeElement === link;
    const height = detail().scrollHeight;
    windows.forEach((window, number) => {
      const bound = side === "before" ? "begin" : "end";
      window[side === "before" ? "prepend" : "append"](...more[number].childNodes);
      if (bound in window.dataset) window.dataset[bound] = more[number].dataset[bound];
      window.dataset.pulls = Number(window.dataset.pulls ?? 0) + 1;
      htmx.process(window);
    });
    const next = page.getElementById(edge.id);
    if (next) edge.replaceWith(next);
    else edge.remove();
    if (side === "before") detail().scrollTop += detail().scrollHeight - height;
    if (isFocused) $("a", next ?? windows[0])?.focus({ preventScroll: true });
    makeAbsolute(document);
    rememberWindows();
    watchEdges();
  }

  function rememberWindows() {
    const view = $("#view");
    const url = new URL(view.getAttribute("hx-get"), location.href);
    for (const name of ["at", "from", "until", "all"]) url.searchParams.delete(name);
    for (const { dataset } of $$("[data-window][data-begin]", view)) {
      if (!dataset.begin) continue;
      url.searchParams.append("from", dataset.begin);
      url.searchParams.append("until", dataset.end);
    }
    view.setAttribute("hx-get", url.pathname + url.search);
  }

  const mayPull = (link) => windowsOf(link.dataset.of).every((window) => Number(window.dataset.pulls ?? 0) < PULLS);
  const nearing = new IntersectionObserver((links) => {
    for (const { isIntersecting, target } of links) if (isIntersecting && mayPull(target)) pull(target);
  }, { root: $("#detail"), rootMargin: "0px 0px 800px" });
  function watchEdges() {
    nearing.disconnect();
    for (const link of $$("a[data-auto]")) nearing.observe(link);
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
  $("#detail").addEventListener("scrollend", () => {
    if (!going) remember({ top: detail().scrollTop });  // else the address may be that of the page that is asked for
  });

  // ------------------------------------------------------------ swaps keep the reader's place

  let anchor = null;
  const scrollers = () => [pane(), detail()].filter(Boolean);

  function rememberPlace() {
    anchor = scrollers().map((scroller) => {
      const isList = scroller === pane();
      const top = scroller.getBoundingClientRect().top;
      const seen = $$(isList ? ".groups [id]" : "[id]", scroller).map((element) => ({ id: element.id, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.height > 0 && box.top >= top).slice(0, 12);
      const isTop = isList ? List.isAtTop() && scroller.scrollTop < 4 : scroller.scrollTop < 4;
      return { scroller, at: scroller.scrollTop, isTop, seen };
    });
  }

  function restorePlace() {
    for (const { scroller, at, isTop, seen } of anchor ?? []) {
      const last = seen.find(({ id }) => scroller.contains(document.getElementById(id)));  // the first may be gone
      if (isTop) scroller.scrollTop = at;
      else if (last) scroller.scrollTop += document.getElementById(last.id).getBoundingClientRect().top - last.box.top;
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

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pull]");
    if (!link || !mayPull(link)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pull(link);
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
    watchEdges();
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
      Page.focusDetail();
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
    if (news.new && following() && !$("#list").dataset.newest) List.top();
    else List.refresh();
    List.settled().then(() => standOut(news.uids ?? []));
    Search.narrowSoon();
    const view = $("#view[hx-get]");
    const { uid, group } = view?.dataset ?? {};
    const concerns = news.all || view?.matches(".tree, .changes") || news.uids.includes(uid) || news.groups.includes(group);
    if (view && concerns) htmx.trigger(view, "refresh");
    if (news.new) announce(news.new);
  });

  // Exchanges that came or changed, for a moment.
  function standOut(uids) {
    for (const uid of uids) document.getElementById(`x-${uid}`)?.classList.add("fresh");
  }

  // The extension heals a connection that was lost, not one that never came about.
  function connectAgain() {
    setLive("off", "offline", "There is no connection; trying again");
    setTimeout(() => htmx.ajax("GET", live.getAttribute("hx-sse:connect"), { source: live }), 1000);
  }
  live.addEventListener("htmx:error", connectAgain);
  live.addEventListener("htmx:before:swap", (event) => { event.preventDefault(); connectAgain(); });

  function announce(count) {
    if (following() || List.isAtTop()) return;
    waiting += count;
    showPill();
  }

  function showPill() {
    let pill = $("#pill");
    if (!pill) {
      pill = document.createElement("button");
      pill.id = "pill";
      pill.type = "button";
      pill.addEventListener("click", () => { List.top(); hidePill(); });
      pane().before(pill);
      pane().addEventListener("scroll", () => { if (List.isAtTop()) hidePill(); }, { passive: true });
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
    if (following() && !$("#list").dataset.newest) List.top();
    else openNewest();
  });
  function openNewest() {
    const newest = $("#list").dataset.newest;
    if (!following() || !newest || newest === followed) return;
    followed = newest;
    if (!$("#list .row[data-key]")) pane().scrollTop = 0;  // in an order of its own it may stand anywhere
    hidePill();
    const row = document.getElementById(`x-${newest}`);
    if (row) row.click();
    else htmx.ajax("GET", `${root}e/${newest}`, { target: "#detail", swap: "innerHTML show:none", push: "true" });
  }
  document.addEventListener("htmx:after:swap", (event) => {
    if (!isMorph(event) || event.detail.ctx.target?.id !== "list") return;
    openNewest();
  });

  addEventListener("hashchange", () => { remember(); openTarget(); });
  markSelected(true);
  Page.focusDetail();
  watchEdges();
  if (history.state?.top === undefined) openTarget();
  else detail().scrollTop = history.state.top;
})();
