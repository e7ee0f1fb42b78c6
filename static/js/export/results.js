// The list of what a search in the browser found: groups with headings, rows, and in them the words that were found.
// It looks as the server's does. See inspector/web/list/group_views.py, inspector/web/list/excerpts.py and templates/list/_list.html.
/* global Page, Narrow, Queries, ResultTree, SearchIndex, Site, View, Words */
"use strict";
const Results = (() => {
  const { counted, el, figure, forEyes, hidden, parsed, toQuery, visible } = View;
  const STEP = 200;  // rows that are put on the page at once, or groups of which only the names show

  // ------------------------------------------------------------ excerpts

  const oneLine = (text) => (/^\s/.test(text) ? " " : "") + text.split(/\s+/).filter(Boolean).join(" ") + (/\s$/.test(text) ? " " : "");
  const uncut = (text, at) => (/^[\udc00-\udfff]/.test(text.slice(at, at + 1)) ? at + 1 : at);  // not within a letter

  // A stretch of a text around its first mark, on one line.
  function excerpt({ text, place }, marker) {
    const { before, excerpt: length } = SearchIndex.index().limits;
    const spans = marker.spans(text, place, 20);
    const start = uncut(text, Math.max((spans[0]?.[0] ?? 0) - before, 0));
    const end = uncut(text, Math.min(start + length, text.length));
    const pieces = start ? ["…"] : [];
    let at = start;
    for (const [begin, stop] of spans) {
      if (begin >= end) break;
      pieces.push(visible(oneLine(text.slice(at, begin))), el("mark", {}, visible(oneLine(text.slice(begin, Math.min(stop, end))))));
      at = Math.min(stop, end);
    }
    return [...pieces, visible(oneLine(text.slice(at, end))), end < text.length ? "…" : ""];
  }

  // Of a group's rows those that first say something that was looked for, with what that is: [number, hits].
  function told(numbers, hits) {
    const carried = new Map();
    for (const at of numbers) for (const message of new Set(hits.get(at).map((hit) => hit.message))) carried.set(message, (carried.get(message) ?? 0) + 1);
    const known = new Set();
    const first = [];
    for (const at of numbers) {
      const fresh = hits.get(at).filter(({ message }) => !known.has(message));
      if (hits.get(at).length && !fresh.length) continue;
      for (const { message } of fresh) known.add(message);
      const texts = new Map(fresh.map((hit) => [hit.text, { ...hit, later: carried.get(hit.message) - 1 }]));
      first.push([at, [...texts.values()].slice(0, SearchIndex.index().limits.found)]);
    }
    return first;
  }

  // ------------------------------------------------------------ rows and groups

  function row(html, found, query, marker) {
    const link = parsed(html);
    const its = new URLSearchParams(query ? { q: query } : {}).toString();
    link.href = Site.href(link.getAttribute("href") + (its && `?${its}`) + (found.length ? "#hit" : ""));
    if (!found.length) return link;
    for (const said of link.querySelectorAll(".said")) said.remove();
    link.classList.toggle("has-hit", found.length > 0);
    link.querySelector(".row-head").after(...found.map((hit) => el("span", { className: "said hit" },
      el("i", { className: `place-${hit.place}` }, hit.place), excerpt(hit, marker),
      hit.later > 0 && el("span", { className: "later" }, ` also in ${hit.later} later`))));
    return link;
  }

  // Rows that are folded into one line each, and the others.
  function folded(numbers, isNarrowed) {
    const { folds, guards, limits } = SearchIndex.index();
    const byLabel = new Map();
    let plain = [];
    for (const at of numbers) {
      if (folds.of[at] < 0) plain.push(at);
      else byLabel.set(folds.of[at], [...(byLabel.get(folds.of[at]) ?? []), at]);
    }
    let lines = [];
    for (const [label, members] of byLabel) {
      if (!guards.has(members[0]) || members.length >= limits.few) lines.push({ label: folds.names[label], members });
      else plain.push(...members);
    }
    if (!plain.length && lines.length === 1) {  // where there is nothing else, the first stands for them
      const [{ label, members }] = lines;
      const shown = isNarrowed ? members.length : 1;
      [plain, lines] = [members.slice(0, shown), [{ label, members: members.slice(shown) }].filter((rest) => rest.members.length)];
    }
    return [lines.sort((a, b) => b.members.length - a.members.length), plain];
  }

  // What lists show of one group: its heading, rows, folds, and how many are left to a list of their own.
  function groupView(number, numbers, query, known, hits) {
    const { limits, groups } = SearchIndex.index();
    const [folds, plain] = folded(numbers, known.tree.of.length > 0);
    const first = hits ? told(plain, hits) : plain.map((at) => [at, []]);
    const within = Queries.inOrder(Queries.only(query, "group", Queries.whole(groups[number][1])), "place-asc");
    return { group: number, total: numbers.length, rows: first.slice(0, limits.rows), rest: first.slice(limits.rows), folds, within };
  }

  const sizeOf = ({ rows, folds }) => rows.length + folds.reduce((sum, fold) => sum + Math.min(fold.members.length, SearchIndex.index().limits.folded), 0);
  const numbersOf = ({ rows, folds }) => [...rows.map(([at]) => at), ...folds.flatMap((fold) => fold.members.slice(0, SearchIndex.index().limits.folded))];

  function group(view, pieces, query, marker, odd) {
    const heading = el("h2");
    heading.innerHTML = pieces.head(view.group);
    const link = heading.querySelector("a");
    link.href = Site.href(link.getAttribute("href") + (query && `?${new URLSearchParams({ q: query })}`));
    if (view.total > 1) heading.append(" ", el("span", { className: "number", title: counted(view.total, "exchange") }, figure(view.total)));
    const rows = view.rows.map(([at, found]) => row(pieces.row(at), found, query, marker));
    const isAlone = view.total === 1 && rows.length === 1 && !view.rows[0][1].length;
    const models = rows.map((one) => one.querySelector(".model:not(.is-none)"));
    const isOne = new Set(models.flatMap((one) => one?.textContent ?? [])).size === 1;
    if (isOne) for (const one of models.slice(1)) one?.classList.add("same");
    const issues = view.rows.concat(view.rest).filter(([at]) => odd.has(at)).length;
    if (issues && !isAlone) heading.append(" ", el("span", { className: "mark its-issues", title: `${counted(issues, "exchange")} with issues` }, figure(issues)));
    const name = SearchIndex.index().groups[view.group][1];
    for (const [at, one] of rows.entries()) {  // who asks the same as the one before need not say so
      const [asked, before] = [one, rows[at - 1]].map((each) => each?.querySelector(".asked"));
      if (asked && before && asked.textContent === before.textContent) asked.hidden = true;
    }
    return el("section", { className: `group${isOne ? " one-model" : ""}${view.rows.some(([, found]) => found.length) ? " has-hits" : ""}`, data: { path: name }, id: `g-${SearchIndex.index().uids[numbersOf(view)[0]]}` },
      heading,
      rows,
      view.rest.length > 0 && el("p", { className: "more" }, opening(view.rest, query, marker)),
      view.folds.map((fold) => foldedLine(fold, view.within, pieces, query, odd)));
  }

  // What shows the rest of a group where it stands.
  function opening(rest, query, marker) {
    const link = el("a", { href: "#", data: { open: "" } }, `${figure(rest.length)} more`);
    link.reveal = async () => {
      const pieces = await SearchIndex.rows(rest.map(([at]) => at));
      link.parentElement.replaceWith(...rest.map(([at, found]) => row(pieces.row(at), found, query, marker)));
    };
    link.addEventListener("click", (event) => { event.preventDefault(); link.reveal(); });
    return link;
  }
  Page.hooks.reveal = async (link) => link.reveal?.();

  // ------------------------------------------------------------ what a list is sorted by
  // See inspector/web/list/sort_values.py.

  const tokens = (number) => `${figure(number)} tokens`;
  const SORTED = {
    tokens, input: tokens, output: tokens, events: (number) => counted(number, "chunk"), size: View.size, duration: View.duration,
    started: (ms) => new Date(ms).toLocaleString("en-GB"), place: (number) => `#${number}`,
  };

  // What a session is called, as its heading has it.
  function calledBy(pieces, group) {
    const heading = el("h2");
    heading.innerHTML = pieces.head(group);
    return heading.querySelector(".function").textContent;
  }

  // A row of a list without groups: with the test that it belongs to, and the number that puts it there.
  function sortedRow(at, made, sort, pieces) {
    const { groupOf, groups, numbers, orders } = SearchIndex.index();
    const [kind, name] = groups[groupOf[at]];
    const by = sort.replace("-asc", "");
    const value = numbers[orders[by]]?.[at] ?? null;
    if (value !== null) made.querySelector(".facts").prepend(el("b", { className: "sorted" }, SORTED[by](value)));
    if (kind === "test" || kind === "session") {
      made.querySelector(".row-head").prepend(el("span", { className: "of", title: name }, el("span", { className: "function" }, kind === "session" ? calledBy(pieces, groupOf[at]) : visible(name.split("::").at(-1)))));
    }
    return made;
  }

  function foldedLine({ label, members }, within, pieces, query, odd) {
    const shown = members.slice(0, SearchIndex.index().limits.folded);
    const strange = members.filter((at) => odd.has(at)).length;
    return el("details", { className: "fold", id: `fold-${SearchIndex.index().uids[shown[0]]}` },
      el("summary", { title: `${members.length} × ${label}` }, el("span", { className: "times" }, `${members.length}`, el("span", { className: "sign" }, " ×")), " ",
        el("span", { className: "under" }, label, strange > 0 && [" ", el("span", { className: "mark" }, `${strange} with issues`)])),
      shown.map((at) => row(pieces.row(at), [], query, null)),
      members.length > shown.length && el("p", { className: "more" }, toQuery(within, {}, `all ${figure(members.length)}`)));
  }

  // ------------------------------------------------------------ what stands above

  function counts({ query, known, total, numbers, groups, oddTotal }) {
    const isOnlyOdd = Queries.valuesIn(known, "is").includes("issue");
    const matching = [el("b", {}, counted(numbers.length, "exchange"))];
    if (known.tree.of.length) matching.push(" ", el("span", { className: "of-all" }, `of ${figure(total)}`), groups > 1 ? el("span", { className: "rest" }, `, in ${counted(groups, "group")}`) : "");
    else matching.push(" ", el("span", { className: "rest" }, `in ${counted(groups, "group")}`));
    if (oddTotal || isOnlyOdd) {
      matching.push(" · ", toQuery(Queries.only(query, "is", "issue"), {
        className: `odd-link ${isOnlyOdd ? "on" : ""}`, title: isOnlyOdd ? "Show all" : "Show only these",
      }, `${figure(oddTotal)} with issues`));
    }
    return el("p", { className: "counts", id: "counts" }, matching);
  }

  function lead({ known, total, numbers, groups, oddTotal }) {
    const odd = oddTotal ? `, ${figure(oddTotal)} with issues` : "";
    if (known.tree.of.length) return `${counted(numbers.length, "exchange")} of ${figure(total)} found, in ${counted(groups, "group")}${odd}.`;
    return `${counted(numbers.length, "exchange")} in ${counted(groups, "group")}${odd}.`;
  }

  function head(found) {
    const { query, known } = found;
    const chips = Queries.chips(known).map(([text, without]) => toQuery(without, { className: "chip", title: `Take this off: ${text}` },
      el("span", { className: "clause" }, visible(text)), " ", forEyes("×"), hidden("take off")));
    const ways = { "": "Group: test", ...Queries.field("sort").values };
    const orders = Object.keys(ways).filter((name) => !name.endsWith("-asc") || name === known.sort);
    const title = ways[known.sort];
    return el("div", { className: "list-head" }, counts(found),
      el("div", { className: "ways" },
        el("details", { id: "narrow", name: "ways" }, el("summary", {}, "Filter"), el("div", { className: "facets", id: "facets" })),
        el("details", { id: "order", name: "ways", className: "orders" }, el("summary", { title }, title),
          el("ul", {}, orders.map((name) => el("li", {}, name === known.sort ? el("b", {}, ways[name]) : toQuery(Queries.inOrder(query, name), {}, ways[name]))))),
        el("details", { id: "levels", name: "ways", className: "orders" }, el("summary", { title: "How much of the tree shows" }, "View"),
          el("ul", {}, Object.entries(SearchIndex.index().levels).map(([level, what]) => el("li", {}, el("button", { type: "button", data: { level } }, what)))))),
      chips.length > 0 && el("p", { className: "chips" }, chips));
  }

  function empty(known) {
    const names = Narrow.inNames(known);
    return el("div", { className: "empty" }, el("p", {}, el("b", {}, "Nothing matches.")),
      names.length > 0 && el("p", {}, "No message contains it. It is in names: ",
        names.flatMap(([text, query], at) => [at ? " · " : "", toQuery(query, {}, el("code", {}, visible(text)))])),
      el("p", {}, "Words are searched in everything that was said; fields such as ", el("code", {}, "model:"), ", ", el("code", {}, "test:"), " and ",
        el("code", {}, "is:issue"), " narrow it down."),
      el("p", {}, toQuery("", {}, "Show all exchanges")));
  }

  // ------------------------------------------------------------ the whole list

  // What a query finds, as the nodes of the list, with what the page says of it elsewhere. Throws a `QueryError`.
  async function results(query) {
    const known = await SearchIndex.read(query);
    const index = SearchIndex.index();
    const mask = SearchIndex.meeting(known.tree);
    const numbers = SearchIndex.inOrder(mask, known.sort);
    const odd = new Set(index.marks.is.issue);
    const byGroup = Map.groupBy(numbers, (at) => index.groupOf[at]);
    const found = { query, known, numbers, total: index.size, groups: byGroup.size, oddTotal: numbers.filter((at) => odd.has(at)).length };
    const marker = Words.marker(Queries.wanted(known));
    const more = known.sort ? ordered(found, marker) : grouped(found, byGroup, marker, odd);
    const box = el("div", { className: "groups" });
    const nodes = [head(found), box];
    const step = async () => {
      box.querySelector(":scope > .further")?.remove();
      const { done, value } = await more.next();
      if (value) box.append(...value);
      if (!done) box.append(el("p", { className: "more further" }, el("button", { type: "button", className: "act", onclick: step }, "Show more")));
    };
    if (numbers.length) await step();
    else box.append(empty(known));
    return { nodes, count: numbers.length, lead: lead(found), unknown: (numbers.length ? null : Narrow.unknown(known)) ?? hint(known) };
  }

  function hint(known) {
    const [text, query] = Queries.asFields(known) ?? [];
    return query ? { text: `${text} is searched as words`, meant: query, query } : null;
  }

  async function* ordered({ query, known, numbers }, marker) {
    const index = SearchIndex.index();
    for (let at = 0; at < numbers.length; at += STEP) {
      const some = numbers.slice(at, at + STEP);
      const sessions = some.map((one) => index.groupOf[one]).filter((group) => index.groups[group][0] === "session");
      const [pieces, hits] = [await SearchIndex.rows([...some, ...sessions.map(first)]), marker && SearchIndex.hits(marker, some)];
      const nodes = some.map((one) => sortedRow(one, row(pieces.row(one), hits ? told([one], hits)[0][1] : [], query, marker), known.sort, pieces));
      if (at + STEP >= numbers.length) return nodes;
      yield nodes;
    }
  }

  async function* grouped({ query, known }, byGroup, marker, odd) {
    const grow = ResultTree.grown([...byGroup.keys()]);
    const isNamed = /tests|files/.test(document.documentElement.dataset.level ?? "");  // see tree.js
    let views = [];
    let size = 0;
    const built = async () => {
      const pieces = await SearchIndex.rows(views.flatMap((view) => [...numbersOf(view), first(view.group)]));
      return views.flatMap((view) => grow(view.group, group(view, pieces, query, marker, odd)));
    };
    for (const [number, numbers] of byGroup) {
      if (size >= STEP) {
        yield await built();
        [views, size] = [[], 0];
      }
      views.push(groupView(number, numbers, query, known, marker && SearchIndex.hits(marker, numbers)));
      size += isNamed && !views.at(-1).rows.some(([, hits]) => hits.length) ? 1 : sizeOf(views.at(-1));
    }
    return built();
  }

  const first = (group) => SearchIndex.index().groupOf.indexOf(group);  // its heading lies in the file of its first exchange

  return { results };
})();
