// The search field: it finds while somebody types, and offers what may be meant.
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
    const say = () => { if (field.value === query && (isFinal || box.hidden)) $("#wrong").replaceChildren(...wrong.childNodes); };
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
    suggest();
  });
  field.addEventListener("blur", () => { isNew = true; });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    const query = field.value.trim();
    if (!List.isHome()) {
      clearTimeout(typed);
      location.assign(homeOf(query));
      return;
    }
    search(query, { isFinal: true });
    field.blur();
  });

  function clear() {
    field.value = "";
    close();
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
  // A combobox with a list box. Nothing in it is chosen until somebody goes there: Enter searches for what is typed.

  const box = document.createElement("ul");
  box.id = "suggestions";
  box.hidden = true;
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "Suggestions");
  field.after(box);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": box.id,
  })) field.setAttribute(name, value);

  let asking, asked;
  const options = () => [...box.children];
  const active = () => $("#suggestions [aria-selected=true]");

  // What stands behind the caret stays as it is; within a word nothing is offered.
  function parts() {
    const at = field.selectionStart ?? field.value.length;
    return [field.value.slice(0, at), field.value.slice(at)];
  }

  function suggest(isWanted = false) {
    clearTimeout(asked);
    asking?.abort();
    const [before, after] = parts();
    if ((/^[^\s)]/.test(after)) || (!isWanted && !/\S$/.test(before))) return close();
    asked = setTimeout(async () => {
      const mine = asking = new AbortController();
      try {
        const answer = await fetch(`${List.root}suggest?${new URLSearchParams({ q: before })}`, { signal: mine.signal });
        const text = answer.ok ? await answer.text() : "";
        if (mine !== asking || document.activeElement !== field) return;
        box.innerHTML = text;
        open(box.childElementCount > 0);
      } catch { /* offline, or somebody typed on */ }
    }, 90);
  }

  function open(is) {
    box.hidden = !is;
    field.setAttribute("aria-expanded", String(is));
    if (!is) {
      box.replaceChildren();
      field.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(asked);
    asking?.abort();
    open(false);
  }

  function step(by) {
    const all = options();
    const at = all.indexOf(active());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;  // past either end nothing is chosen
    active()?.setAttribute("aria-selected", "false");
    field.removeAttribute("aria-activedescendant");
    if (!all[next]) return;
    all[next].setAttribute("aria-selected", "true");
    all[next].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[next].id);
  }

  function take(option) {
    const [, after] = parts();
    const query = option.dataset.query;
    field.value = query + after.trimStart();
    field.setSelectionRange(query.length, query.length);
    close();
    if (query.endsWith(":")) suggest(true);
    else search(field.value.trim());
  }

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !isPlain(event)) return;
    const isOpen = !box.hidden;
    const act = {
      ArrowDown: () => (isOpen ? step(1) : suggest(true)),
      ArrowUp: isOpen && (() => step(-1)),
      Enter: active() && (() => take(active())),
      Tab: active() && (() => take(active())),
      Escape: isOpen ? close : field.value && clear,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  field.addEventListener("click", () => { if (box.hidden && !field.value) suggest(true); });
  field.addEventListener("blur", close);
  box.addEventListener("mousedown", (event) => event.preventDefault());  // the field keeps the focus
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });

  return { narrowSoon: () => { narrowing ??= setTimeout(narrow, 2000); } };
})();
