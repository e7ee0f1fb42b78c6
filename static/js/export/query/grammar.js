// The query language's grammar: what a person types, as a tree, and back. See inspector/search/grammar.py.
"use strict";
const Grammar = (() => {
  const MOST_CLAUSES = 40;
  const LONGEST = 500;
  const LONGEST_QUERY = 10_000;
  const DEEPEST = 12;
  const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  const TOKEN = new RegExp(
    "(?<open>-?\\()|(?<close>\\))|(?<minus>-)?(?:(?<field>[A-Za-z_]+):(?!:|//))?"
    + `(?:"(?<phrase>(?:[^"]|"")*)"?|(?<word>[^${BLANK}"]*))`, "uy");
  const IS_BLANK = new RegExp(`[${BLANK}]`);
  const IS_PLAIN = new RegExp(`^[^${BLANK}"()]+$`);
  const KEYWORDS = ["OR", "AND", "NOT"];

  class QueryError extends Error {}

  // ------------------------------------------------------------ trees

  const clause = (field, value, place = null) => ({ kind: "clause", field, value, place });
  const not = (inner) => ({ kind: "not", inner });
  const all = (of) => ({ kind: "all", of });
  const any = (of) => ({ kind: "any", of });
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const isNothing = (node) => node.kind === "all" && !node.of.length;

  function joined(kind, parts) {
    const flat = parts.flatMap((part) => (part.kind === kind ? part.of : [part]));
    return flat.length === 1 ? flat[0] : { kind, of: flat };
  }
  const allOf = (parts) => joined("all", parts);
  const anyOf = (ways) => joined("any", ways);
  const asAll = (tree) => (tree.kind === "all" ? tree : all([tree]));
  function noneOf(part) {
    if (part.kind === "not") return part.inner;
    return isNothing(part) ? part : not(part);
  }

  // The tree with something else in the place of each clause.
  function changed(node, change) {
    if (node.kind === "clause") return change(node);
    if (node.kind === "not") return not(changed(node.inner, change));
    return { kind: node.kind, of: node.of.map((part) => changed(part, change)) };
  }

  // ------------------------------------------------------------ reading

  // The tree of a query, and the orders that it asks for. Throws a `QueryError`.
  function parse(query) {
    if ([...query].length > LONGEST_QUERY) throw new QueryError(`a query has at most ${LONGEST_QUERY.toLocaleString("en")} characters`);
    const found = [...tokens(query.replace(/[\ud800-\udfff]/gu, "?"))];
    const orders = found.filter((token) => token.field === "sort");
    const others = found.filter((token) => token.field !== "sort");
    if (orders.some((token) => token.negated)) throw new QueryError("sort: cannot be negated; sort:tokens-asc puts the smallest first");
    if (others.filter((token) => token.kind === "clause").length > MOST_CLAUSES) throw new QueryError(`a query has at most ${MOST_CLAUSES} words`);
    return [asAll(reader(others)(0, null)), orders.map((token) => token.value)];
  }

  function* tokens(query) {
    let at = 0;
    let depth = 0;
    while (at < query.length) {
      if (IS_BLANK.test(query[at])) { at += 1; continue; }
      TOKEN.lastIndex = at;
      const token = TOKEN.exec(query);
      if (!token || !token[0]) { at += 1; continue; }  // a lone quote
      at = TOKEN.lastIndex;
      const { open, close, minus, field, phrase } = token.groups;
      let word = token.groups.word ?? "";
      if (open) {
        depth += 1;
        yield { kind: "(", negated: open.startsWith("-") };
      } else if (close) {
        depth -= 1;
        yield { kind: ")" };
      } else {
        if (depth > 0) {
          at -= word.length;
          word = word.slice(0, closing(word));
          at += word.length;
        }
        yield* worded(minus !== undefined, field, phrase, word);
      }
    }
  }

  // Where a word ends within parentheses: at the first that closes none of its own.
  function closing(word) {
    let own = 0;
    for (let at = 0; at < word.length; at += 1) {
      own += { "(": 1, ")": -1 }[word[at]] ?? 0;
      if (own < 0) return at;
    }
    return word.length;
  }

  function* worded(negated, field, phrase, word) {
    if (phrase === undefined && field === undefined && KEYWORDS.includes(word)) {
      yield { kind: word.toLowerCase() };
      return;
    }
    const value = phrase !== undefined ? phrase.replaceAll('""', '"') : word;
    if ([...value].length > LONGEST) throw new QueryError(`a word of over ${LONGEST} characters finds nothing`);
    if (value) yield { kind: "clause", negated, field: field?.toLowerCase() ?? null, value };  // a field without one is still being typed
  }

  function reader(tokens) {
    let at = 0;
    const peek = () => tokens[at]?.kind;

    function anyPart(depth, place) {
      if (depth > DEEPEST) throw new QueryError(`parentheses go at most ${DEEPEST} deep`);
      const ways = [allParts(depth, place)];
      while (peek() === "or") {
        at += 1;
        ways.push(allParts(depth, place));
      }
      if (peek() === ")" && !depth) throw new QueryError("a parenthesis is closed that was never opened");
      if (ways.length > 1 && ways.some(isNothing)) throw new QueryError("OR stands between two things");
      return anyOf(ways);
    }

    function allParts(depth, place) {
      const parts = [];
      let last = place;  // the place that has no words yet
      let isUsed = true;
      while (![undefined, ")", "or"].includes(peek())) {
        let token = tokens[at];
        at += 1;
        if (token.kind === "and") continue;
        let negated = token.negated;
        if (token.kind === "not") {
          negated = true;
          token = afterNot();
        }
        if (token.field === "in") {
          if (negated) throw new QueryError(`in: cannot be negated; write in:${token.value} -word`);
          if (!isUsed) throw new QueryError(`in:${last} goes with the words to look for there`);
          [last, isUsed] = [token.value.toLowerCase(), false];
          continue;
        }
        let part;
        if (token.kind === "(") {
          part = group(depth, last);
          isUsed = true;
        } else {
          const isWord = token.field === null;
          part = clause(token.field, token.value, isWord ? last : null);
          isUsed ||= isWord;
        }
        parts.push(negated ? noneOf(part) : part);
      }
      return allOf(isUsed ? parts : narrowed(parts, last));
    }

    // `word in:call`: the place stands after its words.
    function narrowed(parts, place) {
      const put = (one) => (one.field === null && one.place === null ? clause(null, one.value, place) : one);
      const narrow = parts.map((part) => changed(part, put));
      if (same(narrow, parts)) throw new QueryError(`in:${place} goes with the words to look for there`);
      return narrow;
    }

    function afterNot() {
      if (!["clause", "("].includes(peek())) throw new QueryError("NOT stands before something");
      at += 1;
      return tokens[at - 1];
    }

    function group(depth, place) {
      const inner = anyPart(depth + 1, place);
      if (peek() !== ")") throw new QueryError("a parenthesis is not closed");
      at += 1;
      return inner;
    }

    return anyPart;
  }

  // ------------------------------------------------------------ back to text

  function write(node) {
    if (node.kind === "clause") return narrowing(node.place) + (node.field ? `${node.field}:` : "") + quoted(node.value, !!node.field);
    if (node.kind === "any") return node.of.map(write).join(" OR ");
    if (node.kind === "all") return ordered(node.of).map((part) => (part.kind === "any" ? `(${write(part)})` : write(part))).join(" ");
    const { inner } = node;
    if (inner.kind === "clause") return `${narrowing(inner.place)}-${write(clause(inner.field, inner.value))}`;
    return `-(${write(inner)})`;
  }
  const narrowing = (place) => (place ? `in:${place} ` : "");

  // Parts with those last that begin with `in:`, which goes on to whatever follows.
  function ordered(parts) {
    const isPlaced = (part) => !!(part.kind === "not" ? part.inner : part).place;
    return [...parts.filter((part) => !isPlaced(part)), ...parts.filter(isPlaced)];
  }

  // A value as it is written, after its field or alone.
  function quoted(value, afterField = true) {
    const isPlain = IS_PLAIN.test(value) && !KEYWORDS.includes(value);
    if (isPlain && !(afterField ? /^(?::|\/\/)/ : /^(?:-|[A-Za-z_]+:(?!:|\/\/))/).test(value)) return value;
    return `"${value.replaceAll('"', '""')}"`;
  }

  return { LONGEST, QueryError, all, allOf, any, changed, clause, not, parse, quoted, same, write };
})();
