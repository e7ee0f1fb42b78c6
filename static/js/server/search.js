// What the search field does on a server: the list of another query comes in place of this one.
/* global combobox, List, Page, Preview, searchField */
"use strict";
const Search = (() => {
  const $ = (selector) => document.querySelector(selector);

  // ------------------------------------------------------------ searching

  const shown = () => List.address().searchParams.get("q") ?? "";  // the query of the list on the page
  const homeOf = (query) => {
    const url = new URL(List.root, location.href);
    if (query) url.searchParams.set("q", query);
    return url;
  };

  // `isFinal` where somebody said that the query is whole; until then half a query is no error, and the list stays.
  async function search(query, { isFinal = false, url = homeOf(query) } = {}) {
    its.begin();
    const done = await List.load(url, {
      scroll: "top",
      accept: (answer, text) => answer.headers.get("X-Query") !== "wrong" || refused(text, isFinal),
    });
    its.busy(false);
    if (!done || shown() !== query) return;
    keep(query, url);
    narrowSoon(isFinal ? 0 : 600);
    Preview.show();
    const count = $("#list").dataset.shown;
    its.say(count ? `${Number(count).toLocaleString("en")} found` : "many found");
  }

  function refused(text, isFinal) {
    its.tell([...new DOMParser().parseFromString(text, "text/html").getElementById("wrong").childNodes], isFinal);
    return false;
  }

  // The address is the query. What is open stays open, and shows where it has the words.
  function keep(query, url) {
    const address = List.isHome() ? new URL(url, location.href) : withQuery(location.href, query);
    if (address.href !== location.href) {
      const state = { ...history.state, htmx: true };
      history[its.takeNew() ? "pushState" : "replaceState"](state, "", address);
    }
    const view = $("#view[hx-get]");
    if (!view || List.isHome()) return;
    const other = withQuery(view.getAttribute("hx-get"), query);
    if (other.href === new URL(view.getAttribute("hx-get"), location.href).href) return;
    view.setAttribute("hx-get", other.pathname + other.search);
    htmx.trigger(view, "refresh");
  }

  function withQuery(address, query) {
    const url = new URL(address, location.href);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    return url;
  }

  function submit(query) {
    if (!List.isHome() || combobox.isHandle(query)) {
      location.assign(homeOf(query));
      return;
    }
    asked = search(query, { isFinal: true });
    its.field.blur();
  }
  let asked = Promise.resolve();
  Page.hooks.settled = () => asked.catch(() => {});  // who steps on at once means what is found

  const queryOf = (link) =>
    (link.matches("[data-search], .facets a") && List.isHome() && link.pathname === List.root ? new URL(link.href).searchParams.get("q") ?? "" : null);

  // Back and forward: the list of that address, and its query in the field.
  document.addEventListener("htmx:before:history:restore", (event) => {
    const query = new URL(event.detail.path, location.href).searchParams.get("q") ?? "";
    its.field.value = query;
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
  const its = searchField({ shown, search, submit, offers, queryOf });

  return { narrowSoon: () => { narrowing ??= setTimeout(narrow, 2000); } };
})();
