// What would narrow a list: the values of what was found, counted; suggestions while somebody types; what may have
// been meant by a value that no recording has. See inspector/search/suggest.py.
/* global Grammar, Queries, SearchIndex, View */
"use strict";
const Narrow = (() => {
  const { breakable, el, figure, forEyes, hidden, toQuery } = View;
  const FIRST = 8;
  const MOST = 100;
  const NAMES = 400;

  // ------------------------------------------------------------ facets

  // The fields that would narrow a query's list, with their values: name, number, and the queries of their links.
  async function facets(query) {
    let known;
    try {
      known = await SearchIndex.read(query);
    } catch (error) {
      if (!(error instanceof Grammar.QueryError)) throw error;
      known = await SearchIndex.read("");
    }
    return SearchIndex.index().facets.map((name) => ({ name, values: valuesOf(query, known, name) })).filter(({ name, values }) =>
      values.length > 1 || (values.length && name === "is") || values.some((one) => one.isOn || one.isOff));
  }

  function valuesOf(query, known, name) {
    const found = SearchIndex.meeting(Queries.elsewhere(known, name));
    const isMark = name === "is";
    const counted = isMark ? SearchIndex.oddCounts(found) : SearchIndex.counts(name, found).slice(0, NAMES);
    const names = isMark ? [] : counted.map(([one]) => one);
    const on = Queries.valuesIn(known, name);
    const off = Queries.excludedIn(known, name);
    return counted.map(([one, number]) => {
      const exact = Queries.exact(one, names);
      const written = [...on, ...off].find((value) => [exact, one, `=${one}`].includes(value)) ?? exact;
      return {
        name: one,
        number,
        isOn: on.includes(written),
        isOff: off.includes(written),
        only: Queries.only(query, name, written),
        either: on.length && !isMark ? Queries.either(query, name, written) : null,
        without: Queries.without(query, name, written),
      };
    });
  }

  function line(field, one) {
    const { kinds } = SearchIndex.index();
    const what = one.isOn ? "Take this off" : (field === "is" && kinds[one.name]) || "Only these";
    return el("li", { className: one.isOn ? "on" : one.isOff ? "off" : "" },
      toQuery(one.only, { className: "value", title: what }, breakable(one.name), one.isOn && hidden(" (on)")),
      one.either !== null && !one.isOn && toQuery(one.either, { className: "way", title: `These as well: ${one.name}` }, forEyes("or"), hidden(`or ${one.name}`)),
      toQuery(one.without, { className: "way", title: one.isOff ? "No longer leave these out" : "Leave these out" },
        forEyes(one.isOff ? "left out ×" : "exclude"), hidden(`exclude ${one.name}`)),
      el("span", { className: "number" }, figure(one.number)));
  }

  function section(prefix, { name, values }) {
    const title = `${prefix}facet-${name}`;
    const list = (some) => el("ul", {}, some.map((one) => line(name, one)));
    const more = values.slice(FIRST, MOST);
    return el("div", { className: "facet", role: "group", "aria-labelledby": title },
      el("h2", { id: title }, name === "is" ? "Issues" : name),
      list(values.slice(0, FIRST)),
      more.length > 0 && el("details", {}, el("summary", {}, `${figure(values.length - FIRST)} more`), list(more),
        values.length > MOST && el("p", { className: "why" }, `… and ${values.length - MOST} more: `, el("code", {}, `${name}:`), " in the search field finds them.")));
  }

  // Puts what would narrow a query's list into an element.
  async function fill(box, query, prefix) {
    box.dataset.of = query;
    const sections = (await facets(query)).map((one) => section(prefix, one));
    if (box.dataset.of !== query) return;
    box.replaceChildren(...sections);
  }

  // ------------------------------------------------------------ suggestions

  const OFFERED = 12;
  const EACH = 3;
  const TESTS = 5;
  const LONG = 4;  // letters from which on a word may be meant as a part of a test's id
  const LEAD = "(?<minus>-?)(?:(?<field>[A-Za-z_]+):)?";
  const WORD = new RegExp(`${LEAD}(?<value>[^\\s"()]*)$`);
  const PHRASE = new RegExp(`${LEAD}"(?<value>[^"]*)$`);

  // What may be meant by the last word of a query that is still being typed: text, what it is, how many, whole query.
  async function suggestions(query) {
    await SearchIndex.ready();
    const typed = ((query.split('"').length - 1) % 2 ? PHRASE : WORD).exec(query);
    const { minus, value } = typed.groups;
    const name = (typed.groups.field ?? "").toLowerCase();
    const field = Queries.field(name);
    if (name && !field) return [];
    const before = query.slice(0, typed.index);
    const found = field ? ofField(field, value, await masked(before)) : ofWord(value, await masked(before));
    if (!query) {
      const examples = SearchIndex.index().examples.map(([question, text]) => ({ text, what: question, number: null, query: text }));
      return [...found.slice(0, OFFERED - examples.length).map(([text, what, number]) => ({ text, what, number, query: text })), ...examples];
    }
    return found.slice(0, OFFERED)
      .map(([text, what, number]) => ({ text: minus + text, what, number, query: before + minus + text + (text.endsWith(":") ? "" : " ") }))
      .filter((one) => one.text !== typed[0]);
  }

  // The tests and sessions that a query of bare words may name. See `tests_named` in inspector/search/suggest.py.
  async function testsNamed(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (query.trim().length < LONG || words.some((word) => /^(?:[-("]|[a-z_]+:(?!:))/.test(word))) return [];
    await SearchIndex.ready();
    return SearchIndex.index().groups.filter(([kind, name]) => ["test", "session"].includes(kind) && words.every((word) => name.toLowerCase().includes(word)))
      .map(([, name, total, href]) => ({ name, total, href })).sort((a, b) => b.total - a.total).slice(0, TESTS);
  }

  // What the rest of the query finds; everything where it is not whole yet.
  async function masked(before) {
    try {
      return SearchIndex.meeting((await SearchIndex.read(before)).tree);
    } catch (error) {
      if (!(error instanceof Grammar.QueryError)) throw error;
      return SearchIndex.meeting(Grammar.all([]));
    }
  }

  function ofWord(word, found) {
    const { seen } = SearchIndex.index();
    const begun = Queries.fields().filter(({ name }) => name.startsWith(word.toLowerCase())).map(({ name, help }) => [`${name}:`, help, null]);
    if (word.length < 2) return begun;
    return [
      ...begun,
      ...["is", "has"].flatMap((name) => knownValues(Queries.field(name), word.toLowerCase())),
      ...(word.length < LONG ? seen : [...seen, "test"]).flatMap((name) => names(name, word, found, EACH)),
    ];
  }

  function ofField(field, value, found) {
    const known = knownValues(field, value.toLowerCase());
    if (field.isNamed) return [...known, ...names(field.name, value.replace(/^=/, ""), found, OFFERED)];
    return Object.keys(field.values).length || value ? known : [...known, [field.example, "for example", null]];
  }

  // The values that the language gives a field, of which a word begins like this.
  function knownValues({ name, synonyms, values }, part) {
    const spaced = (text) => ` ${text}`.replaceAll("_", " ");
    const words = ([value]) => [value, ...Object.keys(synonyms).filter((word) => synonyms[word] === value)];
    return Object.entries(values).filter((one) => words(one).some((word) => spaced(word).includes(spaced(part))))
      .map(([value, what]) => [`${name}:${Grammar.quoted(value)}`, what, null]);
  }

  // The values that the recordings give a field.
  function names(field, part, found, most) {
    const counted = SearchIndex.counts(field, found, part).slice(0, NAMES);
    const all = counted.map(([name]) => name);
    return counted.slice(0, most).map(([name, number]) => [`${field}:${Grammar.quoted(Queries.exact(name, all))}`, "", number]);
  }

  // ------------------------------------------------------------ what no recording has

  function* namedClauses(node) {
    if (node.kind === "clause") { if (node.field && Queries.field(node.field).isNamed) yield node; }
    else if (node.of) for (const part of node.of) yield* namedClauses(part);
  }

  // Which value of a query no recording has, and what may have been meant; null where each is there.
  function unknown(known) {
    for (const one of namedClauses(known.tree)) {
      if (SearchIndex.meeting(one).includes(1)) continue;
      const all = SearchIndex.counts(one.field, SearchIndex.meeting(Grammar.all([]))).slice(0, NAMES).map(([name]) => name);
      const near = Queries.nearest(one.value.replace(/^[=*]+|[=*]+$/g, ""), all);
      const query = near && Queries.replaced(known, one, Grammar.clause(one.field, Queries.exact(near, all)));
      return { text: `no ${one.field} here is ${one.value}`, meant: near, query };
    }
    return null;
  }

  // For a query that finds nothing: clauses for the names that hold its words, and the query with each.
  function inNames(known) {
    return known.tree.of.filter((part) => part.kind === "clause" && part.field === null).flatMap((part) =>
      SearchIndex.index().named.map((name) => Grammar.clause(name, part.value)).flatMap((one) => {
        const query = Queries.replaced(known, part, one);
        return SearchIndex.meeting(Queries.read(query).tree).includes(1) ? [[Grammar.write(one), query]] : [];
      }));
  }

  return { facets, fill, inNames, suggestions, testsNamed, unknown };
})();
