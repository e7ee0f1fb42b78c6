// What was found as a tree: folder, file, test, parameters, with a dot for each test. See inspector/web/list/tree.py.
/* global SearchIndex, View */
"use strict";
const ResultTree = (() => {
  const { breakable, counted, el, figure, visible } = View;
  const PART = /(?<![^\s\-_=:/,.[\]])[^\s\-_=:/,.[\]]+$/;  // the unfinished last part of what parameters begin with alike
  const LONG = 3;
  const END = 15;

  const named = (group) => SearchIndex.index().groups[group];

  // The test that a group is one set of parameters of, and these.
  function variantOf(group) {
    const [kind, name] = named(group);
    const at = name.indexOf("[");
    return kind === "test" && at >= 0 ? { base: name.slice(0, at), parameters: name.slice(at + 1).replace(/\]$/, "") } : null;
  }

  // By group that stands beside another set of parameters of its test: how many characters all of these begin with.
  function variantsIn(groups) {
    const found = new Map();
    for (let first = 0, last; first < groups.length; first = last) {
      const base = variantOf(groups[first])?.base;
      for (last = first + 1; last < groups.length && base && variantOf(groups[last])?.base === base; last += 1);
      if (last === first + 1) continue;
      const all = groups.slice(first, last).map((group) => variantOf(group).parameters).sort();
      let common = 0;
      while (common < all[0].length && all[0][common] === all.at(-1)[common]) common += 1;
      const shared = all[0].slice(0, common).replace(PART, "").length;
      for (const group of groups.slice(first, last)) found.set(group, shared >= LONG ? shared : 0);
    }
    return found;
  }

  function branchesOf(group, isVariant) {
    const [kind, name] = named(group);
    if (kind !== "test" && kind !== "file") return [];
    const [before] = name.split("[");
    const file = kind === "file" ? name : before.includes("::") ? before.slice(0, before.indexOf("::")) : "";
    const at = file.lastIndexOf("/") + 1;
    const folder = at > 1 ? [[0, file.slice(0, at), file.slice(0, at)]] : [];
    const own = kind === "test" && file ? [[1, file.slice(at), `${file}::`]] : [];
    return [...folder, ...own, ...(isVariant ? [[2, before.slice(before.indexOf("::") + (file ? 2 : 1)), `${before}[`]] : [])];
  }

  const line = ([level, label, path]) => el("p", { className: `tree-branch level-${level}`, data: { path } },
    el("button", { type: "button", className: "twist", "aria-expanded": "true", "aria-label": label }), el("span", { className: "dot is-none" }),
    el("span", { className: "label", title: label }, breakable(label)), level > 0 && el("span", { className: "dots" }), level === 2 && el("span", { className: "number" }));

  // Says of a branch how one more test below it ended, as its dot has it.
  function tell(branch, dot) {
    branch.querySelector(".dots")?.append(dot.cloneNode());
    const own = branch.querySelector(":scope > .dot");
    if (dot.matches(".is-passed") && own.matches(".is-none")) own.className = "dot is-passed";
    if (!dot.matches(".is-failed")) return;
    own.className = "dot is-failed";
    if (!branch.querySelector(".outcome")) (branch.querySelector(".dots") ?? branch.querySelector(".label")).after(" ", el("span", { className: "outcome failed" }));
    const outcome = branch.querySelector(".outcome");
    const failed = Number(outcome.dataset.failed ?? 0) + 1;
    outcome.dataset.failed = failed;
    outcome.title = counted(failed, "failing test");
    outcome.textContent = `✗ ${figure(failed)}`;
  }

  function shorten(section, shared, parameters) {
    const rest = parameters.slice(shared);
    section.querySelector("h2 .parameters").replaceChildren(
      ...(shared ? [el("span", { className: "alike" }, "…")] : []),
      ...(rest.length > END + 6 ? [["begin", rest.slice(0, -END)], ["end", rest.slice(-END)]] : [["begin", rest]]).map(([className, text]) => el("span", { className }, visible(text))));
  }

  // The groups that were found, with the branches that begin above each; `above` is what stands above the first.
  function grown(groups) {
    const variants = variantsIn(groups);
    let above = [];
    return (group, section) => {
      const branches = branchesOf(group, variants.has(group));
      const common = branches.findIndex(([, , path], at) => above[at]?.[0] !== path);
      const fresh = (common < 0 ? [] : branches.slice(common)).map((branch) => [branch[2], line(branch)]);
      above = [...above.slice(0, common < 0 ? branches.length : common), ...fresh];
      if (variants.has(group)) {
        section.classList.add("variant");
        shorten(section, variants.get(group), variantOf(group).parameters);
      }
      const dot = section.querySelector("h2 .dot");
      for (const [, element] of above) tell(element, dot);
      const number = above.map(([, element]) => element.querySelector(".number")).find(Boolean);
      if (number) number.textContent = number.parentElement.querySelectorAll(".dots > .dot").length;
      return [...fresh.map(([, element]) => element), section];
    };
  }

  return { grown };
})();
