// The index of an export: which exchanges meet a query, what was found in them, and what there is, counted. The data
// are `inspector/export/search_index.py`'s; exchanges are numbered as the list has them.
/* global Queries, Site, Words */
"use strict";
const SearchIndex = (() => {
  let index = null;   // what fields ask for
  let spoken = null;  // what was said
  const rowsOf = new Map();  // rows as HTML, by the number of their file

  // ------------------------------------------------------------ loading
  // Each file is loaded when it is first needed.

  const once = (load) => {
    let promise = null;
    return () => (promise ??= load());
  };

  const ready = once(async () => {
    const told = await Site.data("names");
    const groupOf = [];
    for (const [number, [, , size]] of told.groups.entries()) for (let at = 0; at < size; at += 1) groupOf.push(number);
    Queries.tell(told.fields);
    index = { ...told, size: told.uids.length, groupOf, numberOf: new Map(told.uids.map((uid, at) => [uid, at])), guards: new Set(told.guards) };
    return index;
  });

  const heard = once(async () => {
    const { texts } = await ready();
    const files = Array.from({ length: texts }, (_, number) => Site.data(`texts-${number}`));
    const [said, ...stretches] = await Promise.all([Site.data("said"), ...files]);
    const messages = stretches.flat().map((pieces) => {
      const found = [];
      for (let at = 0; at < pieces.length; at += 2) found.push({ place: pieces[at], text: pieces[at + 1], its: Words.heard(pieces[at + 1]) });
      return found;
    });
    let before = [];
    const of = said.map(([common, ...more]) => (before = [...before.slice(0, common), ...more]));
    spoken = { messages, of };
    return spoken;
  });

  // A row of the list, and the headings of the groups that begin near it.
  async function rows(numbers) {
    const files = new Set(numbers.map((at) => index.rows.findLastIndex((first) => first <= at)));
    await Promise.all([...files].filter((file) => !rowsOf.has(file)).map(async (file) => rowsOf.set(file, await Site.data(`rows-${file}`))));
    const fileOf = (at) => index.rows.findLastIndex((first) => first <= at);
    return {
      row: (at) => rowsOf.get(fileOf(at)).rows[at - index.rows[fileOf(at)]],
      head: (group) => [...rowsOf.values()].find(({ heads }) => group in heads)?.heads[group] ?? "",
    };
  }

  // A query, understood, once everything is loaded that it asks.
  async function read(text) {
    await ready();
    const known = Queries.read(text);
    if (Queries.wanted(known).length || hasWords(known.tree)) await heard();
    return known;
  }
  function hasWords(node) {
    if (node.kind === "clause") return node.field === null;
    return node.kind === "not" ? hasWords(node.inner) : node.of.some(hasWords);
  }

  // ------------------------------------------------------------ names
  // A name is what a value says: it is part of it, all of it after `=`, or a pattern with `*`. Capitals of ASCII count
  // as their small letters.

  const lower = (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  function alike(value) {
    if (value.startsWith("=") && value.length > 1) return (name) => name === value.slice(1);
    if (!value.includes("*")) return (name) => lower(name).includes(lower(value));
    const pattern = lower(value).split(/\*+/).map((piece) => RegExp.escape?.(piece) ?? piece.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
    const whole = new RegExp(`^${pattern.join(".*")}$`, "s");
    return (name) => whole.test(lower(name));
  }

  // `gemini-2.0` of `publishers/google/models/gemini-2.0`.
  function modelName(name) {
    const at = name.lastIndexOf("models/");
    const last = at < 0 ? name : name.slice(at + 7);
    return last && (at <= 0 || name[at - 1] === "/") ? last : name;
  }
  function modelValue(value) {
    const sign = value.startsWith("=") ? "=" : "";
    const name = value.slice(sign.length);
    return sign + (modelName(name) || name);
  }

  const among = (names, value) => {
    const isAlike = alike(value);
    return new Set(names.flatMap((name, at) => (name && isAlike(name) ? [at] : [])));
  };

  // ------------------------------------------------------------ which exchanges
  // A mask has a 1 for each exchange that meets a condition.

  const mask = (meets) => {
    const found = new Uint8Array(index.size);
    for (let at = 0; at < index.size; at += 1) found[at] = meets(at) ? 1 : 0;
    return found;
  };
  const everything = () => new Uint8Array(index.size).fill(1);
  const count = (found) => found.reduce((sum, is) => sum + is, 0);

  const signs = {
    ">=": (a, b) => a >= b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, "<": (a, b) => a < b, "=": (a, b) => a === b,
  };
  const evaluations = {
    place: everything,
    order: everything,
    absent: everything,
    names: ({ columns }, value) => {
      const ways = columns.map((column) => [index.names[column].of, among(index.names[column].names, value)]);
      return mask((at) => ways.some(([of, wanted]) => wanted.has(of[at])));
    },
    models: (field, value) => evaluations.names(field, modelValue(value)),
    tools: (_, value) => {
      const wanted = among(index.tools.names, value);
      return mask((at) => index.tools.of[at].some((tool) => wanted.has(tool)));
    },
    group: ({ columns: [kind] }, value) => {
      const isAlike = alike(value);
      const wanted = index.groups.map(([its, name]) => (!kind || its === kind) && isAlike(name));
      return mask((at) => wanted[index.groupOf[at]]);
    },
    marks: ({ name }, value) => {
      const found = new Uint8Array(index.size);
      for (const at of index.marks[name][value]) found[at] = 1;
      return found;
    },
    number: (field, value) => {
      const bounds = Queries.bounds(field, value);
      const numbers = index.numbers[field.columns[0]];
      return mask((at) => numbers[at] !== null && bounds.every(([sign, bound]) => signs[sign](numbers[at], bound)));
    },
  };

  function said(text, place) {
    const wanted = Words.parts(text);
    if (!wanted.length) return new Uint8Array(index.size);
    const found = spoken.messages.map((pieces) =>
      pieces.some((piece) => (place === null || piece.place === place) && Words.holds(piece.its, wanted)));
    return mask((at) => spoken.of[at].some((message) => found[message]));
  }

  function ofClause({ field, value, place }) {
    if (field === null) return said(value, place);
    const known = Queries.field(field);
    return evaluations[known.kind](known, value);
  }

  function meeting(node) {
    if (node.kind === "clause") return ofClause(node);
    if (node.kind === "not") return meeting(node.inner).map((is) => 1 - is);
    const parts = node.of.map(meeting);
    if (node.kind === "all") return mask((at) => parts.every((part) => part[at]));
    return mask((at) => parts.some((part) => part[at]));
  }

  // The exchanges that a mask has, in the order of a query: that of the list, or the one that `sort:` names.
  function inOrder(found, sort) {
    const numbers = [...found.keys()].filter((at) => found[at]);
    if (!sort) return numbers;
    const rises = sort.endsWith("-asc");
    const column = index.numbers[index.orders[sort.replace("-asc", "")]];
    const nothing = rises ? Infinity : -1;
    const rank = (at) => column[at] ?? nothing;
    return numbers.sort((a, b) => (rank(a) === rank(b) ? index.ranks[a] - index.ranks[b] : (rank(a) < rank(b) ? -1 : 1) * (rises ? 1 : -1)));
  }

  // The numbers of the exchanges that a query finds, in its order.
  async function find(text) {
    const known = await read(text);
    return inOrder(meeting(known.tree), known.sort);
  }

  // ------------------------------------------------------------ what was said in them

  // The texts in which the words of a query were found, by exchange, in the order in which they were said.
  function hits(marker, numbers) {
    const known = new Map();
    const ofMessage = (message) => {
      if (!known.has(message)) {
        known.set(message, spoken.messages[message]
          .filter(({ text, place, its }) => place !== "name" && marker.spans(text, place, 1, its).length)
          .map(({ text, place }) => ({ message, place, text })));
      }
      return known.get(message);
    };
    return new Map(numbers.map((at) => [at, marker ? spoken.of[at].flatMap(ofMessage) : []]));
  }

  // ------------------------------------------------------------ counts

  // How many exchanges of a mask have each name in a column, the most frequent first; `like` is part of the names.
  function counts(column, found, like = "") {
    const { names, ofEach } = named(column);
    const numbers = names.map(() => 0);
    for (let at = 0; at < index.size; at += 1) if (found[at]) for (const name of ofEach(at)) numbers[name] += 1;
    return names.map((name, number) => [name, numbers[number]])
      .filter(([name, number]) => name && number && lower(name).includes(lower(like)))
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }

  function named(column) {
    if (column === "tool") return { names: index.tools.names, ofEach: (at) => index.tools.of[at] };
    if (column === "test" || column === "session") {
      return { names: index.groups.map(([kind, name]) => (kind === column ? name : "")), ofEach: (at) => [index.groupOf[at]] };
    }
    const columns = column === "model" ? ["model", "response_model"] : [column];
    const names = [...new Set(columns.flatMap((one) => index.names[one].names))];
    const numbers = new Map(names.map((name, number) => [name, number]));
    const nameOf = (one, at) => index.names[one].names[index.names[one].of[at]]; // -1 where there is none
    const ofEach = (at) => [...new Set(columns.map((one) => numbers.get(nameOf(one, at))))].filter((one) => one !== undefined);
    return { names, ofEach };
  }

  // How many exchanges of a mask are marked how.
  function oddCounts(found) {
    const numbers = Object.keys(index.kinds).map((kind) => [kind, index.marks.is[kind].filter((at) => found[at]).length]);
    return numbers.filter(([, number]) => number).sort((a, b) => b[1] - a[1]);
  }

  return { count, counts, find, heard, hits, inOrder, index: () => index, meeting, oddCounts, read, ready, rows, said: () => spoken };
})();
