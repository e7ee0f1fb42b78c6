// What the search field does in an export: the list is made in the browser. The index is loaded when it is first needed.
/* global combobox, Grammar, Narrow, Page, Preview, Queries, Results, searchField, SearchIndex, Site, View */
"use strict";
(() => {
  const { $ } = Page;
  const { el, figure, toQuery } = View;
  const list = () => $("#list");

  let shown = "";      // the query of the list on the page
  let own = null;      // the list as its page has it: [element, nodes]
  let kept = null;     // what was found last: {query, nodes}
  let number = 0;      // of the search under way: an older answer never overwrites a newer one

  // ------------------------------------------------------------ searching

  // `isFinal` where somebody said that the query is whole; until then half a query is no error, and the list stays.
  async function search(query, { isFinal = false, isKept = true } = {}) {
    its.begin();
    const mine = number += 1;
    its.busy(true, loading);
    try {
      const result = !query ? null : kept?.query === query ? kept : { query, ...(await Results.results(query)) };
      if (mine !== number) return;
      shown = query;
      show(result);
      if (isKept && query !== Site.query()) Site.keep(query, its.takeNew());
    } catch (error) {
      if (mine !== number) return;
      if (error instanceof Grammar.QueryError) refused(query, error, isFinal);
      else broken(error);
    } finally {
      if (mine === number) its.busy(false);
    }
  }

  function show(result) {
    kept = result ?? kept;
    $("#wrong").replaceChildren(...(result?.unknown ? [wrong(result.unknown)] : []));
    put(result ? result.nodes : own[1]);
    if (result) list().dataset.shown = result.count;
    else delete list().dataset.shown;
    its.say(result ? `${figure(result.count)} found` : "");
    tellOverview(result);
    Page.markSelected(true);
    if (!$(".row[aria-current]", list())) Page.pane().scrollTop = 0;
    document.dispatchEvent(new CustomEvent("offline:query", { detail: shown }));
  }

  const put = (nodes) => list().replaceChildren(...nodes);

  function refused(query, error, isFinal) {
    const [text, meant] = error.message.split("; did you mean ");
    const mended = Queries.mended(query);
    its.tell([wrong({ text, meant: meant?.replace(/\?$/, "") ?? mended, query: mended })], isFinal);
  }

  function wrong({ text, meant, query }) {
    const better = query !== null && meant !== null ? toQuery(query, {}, meant) : meant;
    return el("p", { className: "query-error" }, View.visible(text), better ? ["; did you mean ", better, "?"] : []);
  }

  function broken(error) {
    console.error(error);
    put([el("div", { className: "empty" }, el("p", {}, el("b", {}, "The search does not work here.")),
      el("p", {}, "Its index could not be loaded: this browser, or whoever hosts these pages, does not allow it. All pages can be read without it."),
      el("p", {}, el("a", { href: Site.href("index.html") }, "All exchanges")))]);
  }

  function loading() {
    if (!SearchIndex.index()) put([el("p", { className: "empty", role: "status" }, el("span", { className: "spinner", "aria-hidden": "true" }), " Loading the index …")]);
  }

  // ------------------------------------------------------------ what would narrow the list

  const texts = new Map();  // what the page says of all exchanges, by element

  function tellOverview(result) {
    const title = result && [`Search: ${View.visible(result.query)}`];
    for (const [id, nodes] of [["overview-title", title], ["lead", result && [result.lead]], ["overview-facets", null]]) {
      const element = document.getElementById(id);
      if (!element) continue;
      if (!texts.has(element)) texts.set(element, [...element.childNodes]);
      if (nodes || !result) element.replaceChildren(...(nodes ?? texts.get(element)));
      else fill(element, "all-");
    }
    Preview.show(result && $("#list .groups .row"), shown);
  }

  const fill = (element, prefix) => Narrow.fill(element, shown, prefix).catch(broken);

  document.addEventListener("toggle", (event) => {
    if (event.target.id === "narrow" && event.target.open) fill($("#facets"), "");
  }, true);

  // ------------------------------------------------------------ the field

  function submit(query) {
    if (!Site.isHome()) {
      Site.search(query);
      return;
    }
    asked = lead(query);
    its.field.blur();
  }
  let asked = Promise.resolve();
  Page.hooks.settled = () => asked.catch(() => {});

  // What names just one thing leads to its page, everything else is searched.
  async function lead(query) {
    const found = combobox.isHandle(query) ? await Site.lookup(query).catch(() => []) : [];
    if (found.length === 1) location.assign(found[0].href);
    else search(query, { isFinal: true });
  }

  const queryOf = (link) => link.dataset.query ?? null;

  // ------------------------------------------------------------ suggestions

  const option = ({ text, what, number: count, query }, at) =>
    el("li", { role: "option", id: `suggestion-${at + 1}`, "aria-selected": "false", data: { query } }, el("code", {}, View.visible(text)),
      what && [" ", el("span", { className: "why" }, what)], count !== null && [" ", el("span", { className: "number" }, figure(count))]);
  const ofTest = ({ name, total, href }, at) =>
    el("li", { role: "option", id: `suggested-test-${at + 1}`, className: "of-test", "aria-selected": "false", data: { href: Site.href(href) } },
      el("span", { className: "of-names" }, el("b", {}, View.visible(name.split("::").at(-1)))), " ", el("span", { className: "number" }, figure(total)));
  const offers = async (before) => [...(await Narrow.testsNamed(before)).map(ofTest), ...(await Narrow.suggestions(before)).map(option)];
  const its = searchField({ shown: () => shown, search, submit, offers, queryOf });
  its.field.addEventListener("focus", () => { SearchIndex.ready().catch(() => {}); }, { once: true });

  // ------------------------------------------------------------ the page

  // The list of this page, and what its address searches.
  function begin() {
    if (own?.[0] !== list() || !kept?.nodes.includes(list().firstChild)) own = [list(), [...list().childNodes]];
    texts.clear();
    shown = "";
    its.field.value = Site.query();
    if (its.field.value && its.field.value === kept?.query && list().firstChild === kept.nodes[0]) {  // beside another page
      shown = its.field.value;
      tellOverview(kept);
    } else if (its.field.value) {
      $("#narrowing")?.removeAttribute("open");
      search(its.field.value, { isFinal: true, isKept: false });
    } else $("#wrong").replaceChildren();
  }
  document.addEventListener("site:page", begin);
  addEventListener("popstate", () => {
    if (Site.query() === shown) return;
    its.field.value = Site.query();
    search(its.field.value, { isFinal: true, isKept: false });
  });

  const { further } = Page.hooks;
  Page.hooks.further = async (isDown) => {  // who steps past the last row gets more of them
    const more = isDown && $("#list .further button");
    if (!more) return further(isDown);
    await more.onclick();
    return true;
  };

  begin();
})();
