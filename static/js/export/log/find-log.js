// Exported pages: finds in a CI log what recorders say of requests without a recording, and leads to the pages of this
// export. What to look for comes from the page, so that it is the same as on the command line.
/* global Site */
"use strict";
const FindLog = (() => {
  const table = (box) => {
    const known = JSON.parse(box.dataset.table);
    return {
      wordings: known.wordings.map(([kind, fields, source]) => ({ kind, fields, pattern: new RegExp(source, "g") })),
      escapes: new RegExp(known.escapes, "g"),
      around: new RegExp(known.around, "y"),
      service: new RegExp(`^${known.service}`),
      failed: new RegExp(`^(?:\\[ *\\d{1,3}%\\] )?(?:FAILED|ERROR) (${known.id})|^(${known.id}) (?:FAILED|ERROR)(?!\\S)`, "gm"),
    };
  };

  // A line without what log tools put around it.
  function undressed(line, around, at) {
    for (let times = 0; times < 8; times++) {
      at += /^\s*/.exec(line.slice(at, at + 1000))[0].length;
      around.lastIndex = at;
      const found = around.exec(line);
      if (!found) break;
      at += found[0].length;
    }
    const inside = line.slice(at).trim();
    const content = /^\|.+\|$/.test(inside) ? inside.slice(1, -1).trim() : inside.replace(/[│┃║]$/, "").trim();
    return /^[╭╰┌└┏┗╔╚├─━═]/.test(content) ? "" : content;
  }

  const lines = (text, known) =>
    text
      .replaceAll("\r\n", "\n")
      .replace(known.escapes, "")
      .split("\n")
      .flatMap((line) => (/[\\\r]/.test(line) ? line.replace(/\\{1,8}u(25[0-7][\da-f])/gi, (_, code) => String.fromCharCode(parseInt(code, 16))).replace(/\\{1,8}n|\r/g, "\n").split("\n") : [line]))
      .map((line, at, all) => undressed(line, known.around, afterService(line, known.service, all[at - 1], all[at + 1])));

  function afterService(line, service, before = "", after = "") {
    const [found = ""] = service.exec(line) ?? [];
    return before.startsWith(found) || after.startsWith(found) ? found.length : 0;
  }

  // What to look up: the hashes and cassettes of misses, then the tests that failed. Each once, in the order of the log.
  function handles(text, known) {
    const log = lines(text, known).join("\n");
    const found = [];
    for (const { kind, fields, pattern } of known.wordings) {
      for (const match of log.matchAll(pattern)) {
        const at = fields.findIndex((field) => ["hash", "path", "file"].includes(field));
        if (at < 0) found.push({ at: match.index, kind, text: "" });
        else found.push({ at: match.index, kind, text: bare(match[at + 1]) });
      }
    }
    found.sort((one, other) => one.at - other.at);
    const missed = [...new Set(found.map((one) => one.text).filter(Boolean))];
    const tests = [...new Set([...log.matchAll(known.failed)].map((match) => match[1] ?? match[2]))];
    return { missed, tests, some: found.length };
  }
  const bare = (text) => text.replaceAll("\n", "").replace(/^PosixPath\(/, "").replace(/^\\?['"]|['"]\)?$/g, "");

  return { table, handles };
})();

(() => {
  const element = (name, text, ...children) => {
    const made = document.createElement(name);
    made.textContent = text;
    made.append(...children);
    return made;
  };

  // A cassette lies elsewhere on the machine that wrote the log: as much of its path as fits.
  const shorter = (text) => (text.includes("/") && !text.includes("::") ? text.split("/").slice(1).join("/") : "");
  async function lookUp(text) {
    for (let asked = text; asked; asked = shorter(asked)) {
      const found = await Site.lookup(asked);
      if (found.length) return found;
    }
    return [];
  }

  async function section(text, what) {
    const found = await lookUp(text);
    const links = found.map(({ title, href }) => {
      const link = element("a", title);
      link.href = href;
      return element("li", "", link);
    });
    const says = `${what}: ${found.length ? "it is here." : "nothing of this name is here."}`;
    return element("section", "", element("h2", text), element("p", says), element("ul", "", ...links));
  }

  async function answer(text, box) {
    const { missed, tests, some } = FindLog.handles(text, FindLog.table(box));
    if (!some && !tests.length) {
      return [element("p", "No recorder misses a recording in it, and it names no failed test.")];
    }
    if (typeof Site === "undefined" || !Site.lookup) {
      const names = [...missed, ...tests].map((one) => element("li", one));
      return [element("p", "Search these pages for:"), element("ul", "", ...names)];
    }
    const parts = [];
    for (const one of missed) parts.push(await section(one, "The log misses a recording of this name"));
    for (const one of tests) parts.push(await section(one, "The log says that this test failed"));
    if (!parts.length) parts.push(element("p", "It misses recordings, and names neither their files nor a test that failed."));
    return parts;
  }

  document.addEventListener("click", async (event) => {
    if (event.target.id !== "log-find") return;
    const box = document.getElementById("find-log");
    const shown = document.getElementById("log-found");
    const [file] = document.getElementById("log-file").files;
    shown.replaceChildren(element("p", "Reading…"));
    try {
      const text = file ? await file.text() : document.getElementById("log-text").value;
      shown.replaceChildren(...(await answer(text, box)));
    } catch (error) {
      shown.replaceChildren(element("p", `It could not be looked up: ${error.message}`));
    }
  });
})();
