// The search field: it finds while somebody types, and offers what may be meant.
/* global combobox, List */
"use strict";
const Search = (() => {
  const $ = (selector) => document.querySelector(selector);
  const field = $("#q");
  const form = field.form;
  const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

  // ------------------------------------------------------------ searching

  const shown = () => List.address().searchParams.get("q") ?? "";  // the query of the list on the page
  const homeOf = (query) => {
    const url = new URL(List.root, location.href);
    if (query) url.searchParams.set("q", query);
    return url;
  };

  let typed, telling;
  let isNew = true;  // the next query gets an entry of its own in the history, those that it grows into do not

  // `isFinal` where somebody said that the query is whole; until then half a query is no error.
  async function search(query, { isFinal = false, url = homeOf(query) } = {}) {
    clearTimeout(typed);
    clearTimeout(telling);
    busy(true);
    const done = await List.load(url, {
      scroll: "top",
      accept: (answer, text) => answer.headers.get("X-Query") !== "wrong" || refused(text, isFinal),
    });
    busy(false);
    if (!done || shown() !== query) return;
    keep(query, url);
    narrowSoon(isFinal ? 0 : 600);
    const count = $("#list").dataset.shown;
    found.textContent = count ? `${Number(count).toLocaleString("en")} found` : "many found";
  }

  // The list stays as it is while its query means nothing; what is wrong is said when the typing rests and nothing is
  // offered that would complete it.
  function refused(text, isFinal) {
    const wrong = new DOMParser().parseFromString(text, "text/html").getElementById("wrong");
    const query = field.value;
    const say = () => { if (field.value === query && (isFinal || !offered.isOpen())) $("#wrong").replaceChildren(...wrong.childNodes); };
    telling = setTimeout(say, isFinal ? 0 : 900);
    return false;
  }

  // The address is the query. What is open stays open, and shows where it has the words.
  function keep(query, url) {
    const address = List.isHome() ? new URL(url, location.href) : withQuery(location.href, query);
    if (address.href !== location.href) {
      const state = { ...history.state, htmx: true };
      if (isNew) history.pushState(state, "", address);
      else history.replaceState(state, "", address);
      isNew = false;
    }
    const view = $("#view[hx-get]");
    if (!view || List.isHome()) return;
    const its = withQuery(view.getAttribute("hx-get"), query);
    if (its.href === new URL(view.getAttribute("hx-get"), location.href).href) return;
    view.setAttribute("hx-get", its.pathname + its.search);
    htmx.trigger(view, "refresh");
  }

  function withQuery(address, query) {
    const url = new URL(address, location.href);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    return url;
  }

  let slow;
  function busy(is) {
    clearTimeout(slow);
    if (is) slow = setTimeout(() => form.classList.add("busy"), 120);
    else form.classList.remove("busy");
  }

  const found = document.createElement("p");
  found.className = "hidden";
  found.setAttribute("role", "status");
  form.append(found);

  field.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => { if (field.value.trim() !== shown()) search(field.value.trim()); }, 180);
    offered.suggest();
  });
  field.addEventListener("blur", () => { isNew = true; });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    offered.close();
    const query = field.value.trim();
    if (!List.isHome() || combobox.isHandle(query)) {
      clearTimeout(typed);
      location.assign(homeOf(query));
      return;
    }
    search(query, { isFinal: true });
    field.blur();
  });

  function clear() {
    field.value = "";
    offered.close();
    search("", { isFinal: true });
  }
  $(".search .clear").addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    clear();
    field.focus();
  });

  // Chips, filters and orders are links to the list; where the list is open already, it just changes.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-search], .facets a");
    if (!link || !isPlain(event) || !List.isHome() || link.pathname !== List.root) return;
    event.preventDefault();
    field.value = new URL(link.href).searchParams.get("q") ?? "";
    link.closest("#order")?.removeAttribute("open");
    isNew = true;
    search(field.value, { isFinal: true, url: new URL(link.href) });
  });

  // Back and forward: the list of that address, and its query in the field.
  document.addEventListener("htmx:before:history:restore", (event) => {
    const query = new URL(event.detail.path, location.href).searchParams.get("q") ?? "";
    field.value = query;
    if (query !== shown()) List.load(List.isHome() ? new URL(location.href) : homeOf(query), { scroll: "top" }).then(() => narrowSoon(0));
  });

  // ------------------------------------------------------------ what would narrow the list

  let narrowing;
  function narrowSoon(delay) {
    clearTimeout(narrowing);
    narrowing = setTimeout(narrow, delay);
  }

  function narrow() {
    narrowing = null;
    for (const box of document.querySelectorAll("#overview-facets, #narrow[open] #facets")) {
      const url = withQuery(`${List.root}facets`, shown());
      box.setAttribute("hx-get", url.pathname + url.search);
      htmx.trigger(box, "refresh");
    }
  }
  document.addEventListener("toggle", (event) => { if (event.target.id === "narrow" && event.target.open) narrow(); }, true);

  // ------------------------------------------------------------ suggestions

  async function offers(before) {
    const answer = await fetch(`${List.root}suggest?${new URLSearchParams({ q: before })}`);
    const list = document.createElement("ul");
    list.innerHTML = answer.ok ? await answer.text() : "";
    for (const one of list.querySelectorAll("[data-href]")) {  // relative to the root, wherever this page is
      one.dataset.href = new URL(one.dataset.href, new URL(List.root, location.href)).href;
    }
    return [...list.children];
  }
  const offered = combobox(field, { offers, search });

  return { narrowSoon: () => { narrowing ??= setTimeout(narrow, 2000); } };
})();
