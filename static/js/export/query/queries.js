// Queries, understood: checked against the table of fields, with what may have been meant, and with clauses put in,
// exchanged or taken off. See inspector/search/__init__.py, edits.py and numbers.py.
/* global Grammar */
"use strict";
const Queries = (() => {
  const { LONGEST, QueryError, all, allOf, any, changed, clause, not, parse, same, write } = Grammar;
  const SEVERAL = ["is", "has"];  // fields of which an exchange can have several values
  let fields = [];
  let byName = new Map();

  function tell(table) {
    fields = table;
    byName = new Map(table.map((field) => [field.name, field]));
  }

  // ------------------------------------------------------------ reading

  // A query, understood; its `sort` is "" for the list's own order. Throws a `QueryError` with what may have been meant.
  function read(text) {
    const [tree, orders] = parse(text);
    const kept = all(tree.of.map((part) => changed(part, checked)));
    if (orders.length > 1) throw new QueryError("one order is enough: sort: stands twice");
    return { tree: kept, sort: orders.length ? valueOf("sort", orders[0]) : "" };
  }

  function checked({ field, value, place }) {
    if (field === null) return clause(null, value, place && valueOf("in", place));
    const known = byName.get(field);
    if (field === "role") throw new QueryError("there is no field role:; in:user narrows the words after it to what a user said");
    if (!known) throw new QueryError(`there is no field ${field}:${meant(field, isElsewhere(field) ? [] : [...byName.keys()], ":")}`);
    if (known.kind === "absent") throw new QueryError(`${field}: these pages were exported without the times of files`);
    const own = valueOf(field, value);
    if (known.kind === "number") {
      try {
        bounds(known, own);
      } catch (error) {
        throw new QueryError(`${field}: ${error.message}; write ${known.example}`);
      }
    }
    return clause(field, own);
  }

  // A value as the table has it; undefined where the field has values of its own and this is none.
  function spelled(field, value) {
    const { values, synonyms } = byName.get(field);
    if (!Object.keys(values).length) return value;
    const known = (way) => (Object.hasOwn(synonyms, way) ? synonyms[way] : way);
    const lower = value.toLowerCase();
    const ways = [lower, lower.replaceAll("-", " ").replaceAll("_", " "), lower.replaceAll("-", "_")];
    return ways.map(known).find((way) => Object.hasOwn(values, way));
  }

  function valueOf(field, value) {
    const own = spelled(field, value);
    if (own === undefined) throw new QueryError(`${field}:${value} is not known${meant(value, Object.keys(byName.get(field).values))}`);
    return own;
  }

  function meant(word, known, colon = "") {
    const near = nearest(word, known);
    return near ? `; did you mean ${near}${colon}?` : "";
  }

  function* wanted(node) {
    if (node.kind === "clause" && node.field === null) yield { text: node.value, place: node.place };
    if (node.of) for (const part of node.of) yield* wanted(part);
  }

  // ------------------------------------------------------------ numbers

  // What a number has to be, as [sign, bound]: a comparison, a range, or a number alone.
  function bounds({ name, units }, value) {
    const family = name === "status" && /^([1-5])xx$/.exec(value.toLowerCase());
    const text = family ? `${family[1]}00..${family[1]}99` : value;
    const dots = text.indexOf("..");
    if (dots >= 0) {
      const ends = [[">=", text.slice(0, dots)], ["<=", text.slice(dots + 2)]].filter(([, end]) => end);
      if (!ends.length) throw new QueryError(`${text} is no range`);
      return ends.map(([sign, end]) => [sign, number(end, units)]);
    }
    const [, sign, rest] = /^(>=|<=|>|<|=)?(.*)$/s.exec(text);
    return [[sign ?? "=", number(rest, units)]];
  }

  function number(text, units) {
    const found = /^([0-9]{1,15}(?:\.[0-9]{1,9})?)([a-z]*)$/.exec(text.toLowerCase());
    if (!found || !Object.hasOwn(units, found[2])) throw new QueryError(text ? `${text} is no number here` : "a number is missing");
    return Number(found[1]) * units[found[2]];
  }

  // ------------------------------------------------------------ as text, and changed

  const textOf = ({ tree, sort }) => written(tree.of, sort);
  const written = (parts, sort) => [write(allOf(parts)), sort && `sort:${sort}`].filter(Boolean).join(" ");

  // Each part as it is written, and the query without it.
  function chips({ tree, sort }) {
    const parts = tree.of;
    const found = parts.map((part, at) => [part.kind === "any" ? `(${write(part)})` : write(part), written(parts.toSpliced(at, 1), sort)]);
    return sort ? [...found, [`sort:${sort}`, written(parts, "")]] : found;
  }

  function readOrNothing(text) {
    try { return read(text); } catch { return { tree: all([]), sort: "" }; }
  }

  const whole = (name) => ([...name].length < LONGEST ? `=${name}` : `${[...name].slice(0, LONGEST - 1).join("")}*`);

  // A name as the value of a clause; as `whole` only where it would find others, too.
  function exact(name, among) {
    const lower = name.toLowerCase();
    const isPlain = !name.includes("*") && !name.startsWith("=") && [...name].length <= LONGEST;
    return isPlain && !among.some((one) => one !== name && one.toLowerCase().includes(lower)) ? name : whole(name);
  }

  // The query with this as the field's one value, or without it where it is that already.
  function only(text, field, value) {
    const known = readOrNothing(text);
    const one = clause(field, value);
    if (SEVERAL.includes(field)) return toggled(known, one, not(one));
    const isIt = same(valuesIn(known, field), [value]);
    return written(withValues(known, field, isIt ? [] : [value]), known.sort);
  }

  // The query with this as one more value that the field may have, or with one less.
  function either(text, field, value) {
    const known = readOrNothing(text);
    return written(withValues(known, field, flipped(valuesIn(known, field), value)), known.sort);
  }

  // The query for what does not have this value, or as it is without that.
  function without(text, field, value) {
    const known = readOrNothing(text);
    const one = clause(field, value);
    const values = valuesIn(known, field);
    if (!SEVERAL.includes(field) && values.includes(value)) known.tree = all(withValues(known, field, flipped(values, value)));
    return toggled(known, not(one), one);
  }

  const inOrder = (text, sort) => textOf({ ...readOrNothing(text), sort });

  function toggled({ tree, sort }, part, opposite) {
    const parts = tree.of;
    if (parts.some((one) => same(one, part))) return written(parts.filter((one) => !same(one, part)), sort);
    if (parts.some((one) => same(one, opposite))) return written(parts.map((one) => (same(one, opposite) ? part : one)), sort);
    return written([...parts, part], sort);
  }

  // The values that a query asks for in a field, and those that it excludes.
  const valuesIn = ({ tree }, field) => tree.of.flatMap((part) => valuesOf(part, field));
  const excludedIn = ({ tree }, field) => tree.of.filter((part) => isNot(part, field)).map((part) => part.inner.value);

  function valuesOf(part, field) {
    if (part.kind === "clause") return part.field === field ? [part.value] : [];
    if (part.kind === "all") return part.of.length === 1 ? valuesOf(part.of[0], field) : [];
    if (part.kind !== "any") return [];
    const inner = part.of.map((one) => valuesOf(one, field));
    return inner.every((values) => values.length === 1) ? inner.flat() : [];
  }

  function withValues({ tree }, field, values) {
    const clauses = values.map((value) => clause(field, value));
    let fresh = clauses.length > 1 ? [any(clauses)] : clauses;
    const parts = [];
    for (const part of tree.of) {
      if (valuesOf(part, field).length) {
        parts.push(...fresh);
        fresh = [];
      } else if (!(isNot(part, field) && values.includes(part.inner.value))) {
        parts.push(part);
      }
    }
    return [...parts, ...fresh];
  }

  const isNot = (part, field) => part.kind === "not" && part.inner.kind === "clause" && part.inner.field === field;
  const flipped = (values, value) => (values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);

  // The tree of a query without what it says of a field of which an exchange has one value.
  function elsewhere(known, field) {
    if (SEVERAL.includes(field)) return known.tree;
    return all(withValues(known, field, []).filter((part) => !isNot(part, field)));
  }

  const replaced = ({ tree, sort }, old, fresh) =>
    written(tree.of.map((part) => changed(part, (one) => (same(one, old) ? fresh : one))), sort);

  // ------------------------------------------------------------ what was meant

  // Where `in:` looks for what a role says; words that are no fields, and are meant otherwise than as a misspelt one.
  const ROLES = { user: "user", assistant: "reply", system: "system", tool: "result" };
  const isPlace = (word) => Object.hasOwn(byName.get("in").values, word);
  const isElsewhere = (word) => isPlace(word) || word === "error" || word === "role";

  // The words of a query that look like a field with a comparison, such as `tokens>1000`, as [text, query]; or null.
  function asFields(known) {
    const found = [...wanted(known.tree)].find(({ text }) => compared(text));
    if (!found) return null;
    const parts = known.tree.of.map((part) => changed(part, (one) => (one.field === null && compared(one.value)) || one));
    return [found.text, written(parts, known.sort)];
  }

  function compared(word) {
    const [, name, sign, rest] = /^([a-z]+)(>=|<=|>|<|=)(.+)$/is.exec(word) ?? [];
    const field = name?.toLowerCase();
    if (!byName.has(field)) return null;
    try {
      return checked(clause(field, sign === "=" ? rest : sign + rest));
    } catch { return null; }
  }

  // What a query that means nothing may have been meant to be; null where nobody can tell.
  function mended(query) {
    const text = query.replace(/(?<!\S)role:(\w+)/gu, (_, role) => `in:${ROLES[role.toLowerCase()] ?? role}`);
    const count = (sign) => text.split(sign).length - 1;
    for (const attempt of [text, text + ")".repeat(Math.max(count("(") - count(")"), 0))]) {
      try {
        const [tree, orders] = parse(attempt);
        const parts = tree.of.map((part) => changed(part, mendedClause));
        const result = [write(all(parts)), ...orders.slice(0, 1).map((order) => `sort:${mendedValue("sort", order)}`)].join(" ").trim();
        read(result);
        return result || null;
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
      }
    }
    return null;
  }

  function mendedClause({ field, value, place }) {
    if (field === null) return clause(null, value, place && mendedValue("in", place));
    if (isPlace(field)) return clause(null, value, field);
    if (field === "error") {
      const isStatus = /^(?:[<>]=?|=)?[1-5](?:\d\d|xx)$/.test(value.toLowerCase());
      return isStatus ? clause("status", value) : all([clause("is", "error"), clause(null, value)]);
    }
    const name = byName.has(field) ? field : nearest(field, [...byName.keys()]);
    if (!name) throw new QueryError(`there is no field ${field}:`);
    return clause(name, mendedValue(name, value));
  }
  const mendedValue = (field, value) => spelled(field, value) ?? nearest(value, Object.keys(byName.get(field).values)) ?? value;

  // The known name that a word is likely to stand for: the most alike, by the letters that they share in their order.
  function nearest(word, known) {
    const lower = new Map(known.toReversed().map((name) => [name.toLowerCase(), name]));
    let best = null;
    for (const name of lower.keys()) {
      const alike = (2 * shared(name, word.toLowerCase())) / (name.length + word.length || 1);
      if (alike >= 0.6 && (!best || alike > best[0] || (alike === best[0] && name > best[1]))) best = [alike, name];
    }
    return best && lower.get(best[1]);
  }

  // Letters in the longest run that two words share, and in those left and right of it.
  function shared(one, other) {
    let [size, a, b] = [0, 0, 0];
    let ending = [];
    for (let at = 0; at < one.length; at += 1) {
      const here = [];
      for (let to = 0; to < other.length; to += 1) {
        if (one[at] !== other[to]) continue;
        here[to] = (ending[to - 1] ?? 0) + 1;
        if (here[to] > size) [size, a, b] = [here[to], at - here[to] + 1, to - here[to] + 1];
      }
      ending = here;
    }
    return size && size + shared(one.slice(0, a), other.slice(0, b)) + shared(one.slice(a + size), other.slice(b + size));
  }

  return {
    asFields, bounds, chips, either, elsewhere, exact, excludedIn, field: (name) => byName.get(name), fields: () => fields, inOrder,
    mended, nearest, only, read, replaced, tell, textOf, valuesIn, wanted: (known) => [...wanted(known.tree)], whole, without,
  };
})();
