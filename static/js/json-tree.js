// JSON as a tree, drawn from the text of `[data-json]`, which pages show where no script runs. Only what is open is
// drawn, and the text is never parsed as a whole: numbers and escapes stay as they were written.
/* global Page */
"use strict";
const JsonTree = (() => {
  const { $, $$, copy, detail } = Page;
  const DEEP = 2;  // containers below that are closed,
  const LINES = 30;  // and those with more lines
  const INLINE = 72;  // characters of a container that stands in one line
  const PIECE = 200;  // children that are drawn at a time
  const BASE64 = /^"(?:data:[\w.+/-]+;base64,)?[A-Za-z0-9+/_-]{200,}={0,2}"$/;
  const LONG = 60;  // characters that are searched for
  const AT_ONCE = 400_000;  // characters of trees that are drawn before the page is shown; others when one sees them

  // ------------------------------------------------------------ scanning

  function stringEnd(text, at) {
    for (let end = at; ;) {
      end = text.indexOf('"', end + 1);
      if (end < 0) return text.length;
      let back = end;
      while (text[back - 1] === "\\") back -= 1;
      if ((end - back) % 2 === 0) return end + 1;
    }
  }

  const BRACKETS = /["{}[\]]/g;
  function valueEnd(text, at) {
    if (text[at] === '"') return stringEnd(text, at);
    if (text[at] !== "{" && text[at] !== "[") {
      const rest = /[^\s,\]}]*/y;
      rest.lastIndex = at;
      return at + rest.exec(text)[0].length;
    }
    let depth = 0;
    BRACKETS.lastIndex = at;
    for (let found; (found = BRACKETS.exec(text));) {
      if (found[0] === '"') BRACKETS.lastIndex = stringEnd(text, found.index);
      else if (found[0] === "{" || found[0] === "[") depth += 1;
      else if (--depth === 0) return found.index + 1;
    }
    return text.length;
  }

  function skipped(text, at) {
    const space = /[\s,]*/y;
    space.lastIndex = at;
    return at + space.exec(text)[0].length;
  }

  // The values of a container, or of a text that holds several; nothing where something else stands between them.
  function values(text, begin, end, isObject = false) {
    const found = [];
    for (let at = skipped(text, begin); at < end; at = skipped(text, at)) {
      let key = null;
      if (isObject) {
        const close = stringEnd(text, at);
        const colon = /\s*:\s*/y;
        colon.lastIndex = close;
        if (text[at] !== '"' || !colon.test(text)) return null;
        key = [at, close];
        at = colon.lastIndex;
      }
      const close = valueEnd(text, at);
      if (close === at || close > end) return null;
      found.push({ key, begin: at, end: close, kind: text[at] });
      at = close;
    }
    return found;
  }

  const isContainer = ({ kind }) => kind === "{" || kind === "[";

  function roots(text) {
    const found = values(text, 0, text.length);
    const ends = { "{": "}", "[": "]" };
    return found?.length && found.every((one) => isContainer(one) && text[one.end - 1] === ends[one.kind]) ? found : null;
  }

  // ------------------------------------------------------------ texts

  // An escape is read where that shows a letter; what would dress the page stays written out.
  const ESCAPE = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^])/g;
  const SHORT = { "\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\", "\\/": "/" };
  const SEEN = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}]+$/u;
  function read(escape) {
    if (escape in SHORT) return SHORT[escape];
    if (escape[1] !== "u") return escape;
    const letter = String.fromCharCode(...escape.match(/[0-9a-fA-F]{4}/g).map((digits) => parseInt(digits, 16)));
    return SEEN.test(letter) ? letter : escape;
  }
  const decoded = (raw) => raw.replace(ESCAPE, read);

  // A stretch of the text as nodes, with what was searched in marks. An escape is never cut.
  function written(tree, begin, end) {
    const nodes = [];
    let at = begin;
    for (const mark of tree.marks) {
      if (mark.end <= at || mark.begin >= end) continue;
      const from = Math.max(mark.begin, at);
      const made = document.createElement("mark");
      made.className = mark.name;
      made.id = mark.id;
      if (!mark.id) made.removeAttribute("id");
      made.textContent = decoded(tree.text.slice(from, Math.min(mark.end, end)));
      nodes.push(decoded(tree.text.slice(at, from)), made);
      at = Math.min(mark.end, end);
    }
    return [...nodes, decoded(tree.text.slice(at, end))];
  }

  const holdsMark = (tree, { begin, end }) => tree.marks.some((mark) => mark.begin < end && mark.end > begin);

  const element = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children);
    return made;
  };

  // ------------------------------------------------------------ drawing

  const COLOURS = { '"': "s2", t: "kc", f: "kc", n: "kc" };
  const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  const linesOf = (raw) => raw.split(raw.includes("\n") ? "\n" : ",", LINES + 2).length;

  function scalar(tree, value) {
    const raw = tree.text.slice(value.begin, value.end);
    const made = element("span", COLOURS[value.kind] ?? "mi", ...written(tree, value.begin, value.end));
    if (value.kind !== '"') return made;
    if (BASE64.test(raw) && !holdsMark(tree, value)) return folded(made, `${raw.slice(0, 24)}…"`, size(raw.length - 2));
    if (!raw.includes("\\n")) return made;
    made.classList.add("lines");
    const lines = raw.split("\\n").length;
    if (lines <= LINES || holdsMark(tree, value)) return made;
    return folded(made, `${decoded(raw).split("\n", 3).join("\n")} …`, `all ${counted(lines, "line")}`);
  }

  const size = (length) => (length < 1000 ? `${length} B` : `${(length / 1000).toFixed(1)} kB`);

  function folded(whole, first, says) {
    const fold = element("details", "json-long", element("summary", "", element("span", "s2 lines", first), element("span", "why", ` ${says}`)), whole);
    return fold;
  }

  function name(tree, value) {
    return value.key ? [element("span", "nt", ...written(tree, ...value.key)), ": "] : [];
  }

  function line(tree, value, path, depth) {
    const inside = isContainer(value) ? values(tree.text, value.begin + 1, value.end - 1, value.kind === "{") : null;
    const raw = () => tree.text.slice(value.begin, value.end);
    const isShort = inside?.every((one) => !isContainer(one)) && value.end - value.begin <= INLINE + 4 * inside.length &&
      raw().replace(/\s+/g, " ").length <= INLINE;
    const own = { tree, value, path };
    let made;
    if (!inside?.length || isShort) {
      const said = inside ? inOneLine(tree, value, inside) : isContainer(value) ? [element("span", "", ...written(tree, value.begin, value.end))] : [scalar(tree, value)];
      made = element("div", "json-line", ...name(tree, value), ...said);
      made.tabIndex = -1;
      lines.set(made, own);
      return made;
    }
    const [open, close] = value.kind === "{" ? "{}" : "[]";
    const noun = value.kind === "{" ? "key" : "item";
    const head = element("summary", "json-line", ...name(tree, value), element("span", "p", open),
      element("span", "json-closed", ` ${counted(inside.length, noun)} ${close}`));
    made = element("details", "json-node", head);
    lines.set(head, own);
    const fill = () => { if (made.children.length < 2) made.append(below(tree, value, inside, path, depth + 1), element("div", "p", close)); };
    made.addEventListener("toggle", () => {
      if (made.open) fill();
      tree.open.set(path, made.open);
    });
    const isOpen = depth === 0 || (depth <= DEEP && linesOf(raw()) <= LINES);
    if (tree.open.get(path) ?? (isOpen || holdsMark(tree, value))) {
      fill();
      made.open = true;
    }
    return made;
  }

  function inOneLine(tree, value, inside) {
    const nodes = [value.kind];
    inside.forEach((one, number) => nodes.push(number ? ", " : "", ...name(tree, one), scalar(tree, one)));
    return [...nodes, value.kind === "{" ? "}" : "]"];
  }

  const WORD = /^[A-Za-z_$][\w$]*$/;
  const step = (tree, value, number) => {
    if (!value.key) return `[${number}]`;
    const key = tree.text.slice(...value.key);
    return WORD.test(key.slice(1, -1)) ? `.${key.slice(1, -1)}` : `[${key}]`;
  };

  function below(tree, value, inside, path, depth) {
    const box = element("div", "json-below");
    const more = (from) => {
      const to = Math.min(from + PIECE, inside.length);
      for (let number = from; number < to; number++) {
        box.append(line(tree, inside[number], path + step(tree, inside[number], number), depth));
      }
      if (to === inside.length) return;
      const button = element("button", "act", `${counted(inside.length - to, "more item")}`);
      button.type = "button";
      button.addEventListener("click", () => { button.remove(); more(to); });
      box.append(button);
    };
    more(0);
    return box;
  }

  // ------------------------------------------------------------ from a text to its tree

  const lines = new WeakMap();  // what each line is of
  const trees = new WeakMap();  // the tree of each text
  let opened = new Map();  // which folds a reader opened, by the place of the text: a page is drawn anew when it changes

  function placeOf(code) {
    const holder = code.closest("[id]");
    return `${holder?.id} ${$$("[data-json]", holder ?? document).indexOf(code)}`;
  }

  // What was searched in a text, as places of it.
  function marksOf(code) {
    if (!$("mark", code)) return [];
    const found = [];
    let at = 0;
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
      const mark = node.parentElement.closest("mark.hit");
      if (mark) found.push({ begin: at, end: at + node.data.length, name: mark.className, id: mark.id });
      at += node.data.length;
    }
    return found;
  }

  function draw(code, text = code.textContent) {
    trees.get(code)?.remove();
    code.hidden = false;
    const found = roots(text);
    if (!found) return;
    const place = placeOf(code);
    if (!opened.has(place)) opened.set(place, new Map());
    const tree = { text, marks: marksOf(code), open: opened.get(place) };
    for (const mark of $$("mark.hit", code)) mark.replaceWith(...mark.childNodes);
    const box = element("div", "code json-tree", ...found.map((value, number) => line(tree, value, found.length > 1 ? `$[${number}]` : "$", 0)));
    box.tabIndex = 0;
    code.after(box);
    code.hidden = true;
    trees.set(code, box);
  }

  async function drawWhole(code) {
    const { jsonFrom } = code.dataset;
    if (!jsonFrom || trees.has(code)) return draw(code);
    const answer = await fetch(jsonFrom).catch(() => null);
    if (!answer?.ok || !code.isConnected) return null;
    draw(code, await answer.text());
    for (const edge of $$(`.edge a[data-of="text"]`, code.parentElement)) edge.closest(".edge").hidden = trees.has(code);
    return null;
  }

  const nearing = new IntersectionObserver((all) => {
    for (const { isIntersecting, target } of all) {
      if (!isIntersecting) continue;
      nearing.unobserve(target);
      drawWhole(target);
    }
  }, { root: detail(), rootMargin: "400px" });

  // Draws what is below an element and not in a closed fold: at once, or where that is much when one sees it.
  function drawAll(within = detail()) {
    let spent = 0;
    for (const code of $$("[data-json]", within)) {
      if (trees.get(code)?.isConnected || code.closest("details:not([open])")) continue;
      if (spent < AT_ONCE && !code.dataset.jsonFrom) draw(code);
      else nearing.observe(code);
      spent += code.textContent.length;
    }
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.open && !event.target.matches(".json-node, .json-long")) drawAll(event.target);
  }, true);
  document.addEventListener("htmx:after:swap", (event) => {
    if (!/Morph/.test(event.detail.ctx?.swap ?? "") && event.detail.ctx?.target === detail()) opened = new Map();
    drawAll();
  });
  // Before anybody walks the marks: those of a text whose tree is drawn go there.
  addEventListener("offline:marked", () => {
    for (const code of $$("[data-json]", detail())) if (trees.has(code) && $("mark.hit", code)) draw(code);
  }, true);

  // ------------------------------------------------------------ what one can do with a value

  const acts = element("span", "acts json-acts");
  const act = (says, title, does) => {
    const button = element("button", "act", says);
    Object.assign(button, { type: "button", title });
    button.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); does(lines.get(acts.parentElement)); });
    return button;
  };
  const valueOf = ({ tree, value }) => {
    const raw = tree.text.slice(value.begin, value.end);
    if (value.kind !== '"') return raw;
    try { return JSON.parse(raw); } catch { return decoded(raw).slice(1, -1); }
  };
  // A name with a dollar sign is no name to jq.
  const STEPS = /\.[\w$]+|\[\d+\]|\["(?:\\.|[^"\\])*"\]/g;
  function filterOf(path) {
    const steps = path.match(STEPS) ?? [];
    const filter = steps.map((one) => (/^\..*\$/.test(one) ? `["${one.slice(1)}"]` : one)).join("");
    return filter.startsWith(".") ? filter : `.${filter}`;
  }
  acts.append(
    act("value", "Copy this value", (own) => copy(valueOf(own), "Value copied")),
    act("path", "Copy the path of this value", ({ path }) => copy(path, "Path copied")),
    act("jq", "Copy the path of this value as a filter of jq", ({ path }) => copy(filterOf(path), "Filter copied")),
    act("search", "Include this value in the search", (own) => {
      const field = $("#q");
      const words = valueOf(own).replace(/\s+/g, " ").slice(0, LONG).replaceAll('"', " ").trim();
      field.value = `${field.value} "${words}"`.trim();
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }),
  );
  function offer(event) {
    const at = event.target.closest?.(".json-line");
    if (!at || !lines.has(at) || acts.parentElement === at) return;
    acts.lastChild.hidden = isContainer(lines.get(at).value);
    at.append(acts);
  }
  document.addEventListener("pointerover", offer);
  document.addEventListener("focusin", offer);

  // Arrows walk the lines that are open.
  document.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const box = event.target.closest?.(".json-tree");
    if (!by || !box || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const all = $$(".json-line", box).filter((one) => one.checkVisibility());
    const next = all[all.indexOf(event.target.closest(".json-line")) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  drawAll();
  return { drawAll };
})();
