// Letters and words as the server's search sees them: without accents, in camelCase, in scripts without spaces.
// What finds a text and what marks it come from the same place. See inspector/analysis/words.py and inspector/search/full_text.py.
"use strict";
const Words = (() => {
  const UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    + "\uff66-\uff9d\u{20000}-\u{3ffff}\u20a0-\u20bf\u2190-\u23ff\u25a0-\u2bff\u{1f000}-\u{1faff}";
  const LETTER = "[\\p{L}\\p{N}]";
  const BARRIER = "\ue000";  // stands between what no phrase may reach across
  const LONGEST = 80;
  const BETWEEN = `[^\\p{L}\\p{N}${BARRIER}]+`;
  const MOST_SEARCHED = 1_000_000;
  const IS_ASCII = /^[\0-\x7f]*$/;
  const FOREIGN = /[^\0-\x7f]/gu;
  const SILENT_MARKS = "\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670";
  const LEFT_AWAY = new RegExp(`[${SILENT_MARKS}]|[\u{10000}-\u{10ffff}]`, "gu");
  const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
  const IS_LETTER = new RegExp(`^${LETTER}`, "u");
  const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
  const WORDS = new RegExp(`${LETTER}+`, "gu");
  const SEAM = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

  // ------------------------------------------------------------ letters

  const plainLetters = new Map([["\u0131", "i"], ["\u03c2", "\u03c3"]]);  // the letters whose capitals are those of others
  function plainLetter(letter) {
    let plain = plainLetters.get(letter);
    if (plain === undefined) plainLetters.set(letter, plain = withoutAccents(letter));
    return plain;
  }
  function withoutAccents(letter) {
    if (!IS_LETTER.test(letter) || IS_UNSPACED.test(letter)) return letter;
    const [base, ...marks] = letter.normalize("NFKD");
    return IS_LETTER.test(base) && marks.every((mark) => /^\p{Mn}$/u.test(mark)) ? base : letter;
  }

  // A text without silent marks, and for each unit that is left away how many that are kept stand before it. A letter
  // of two units whose plain form has one loses the second.
  function voiced(text) {
    const silent = [];
    const kept = text.replace(LEFT_AWAY, (letter, at) => {
      const isSilent = letter.length === 1;
      const plain = isSilent ? "" : plainLetter(letter);
      if (!isSilent && plain.length === letter.length) return letter;
      silent.push(at - silent.length + plain.length);
      return plain;
    });
    return [kept, silent];
  }

  const ofSameLength = (from, to) => (from.length === to.length ? to : from);
  const plain = (text) => text.replace(FOREIGN, (letter) => ofSameLength(letter, plainLetter(letter)));
  const spaced = (text) => text.replace(FOREIGN, (letter) => {
    if (letter === BARRIER) return " ";
    return IS_UNSPACED.test(letter) ? BARRIER.repeat(letter.length) : ofSameLength(letter, plainLetter(letter));
  });
  const small = (text) => text.toLowerCase().replaceAll("\u03c2", "\u03c3");

  // A text as the search sees it, each of the same length.
  function heard(text) {
    if (IS_ASCII.test(text)) return { plain: text, spaced: text, small: text.toLowerCase(), silent: [] };
    const [voices, silent] = voiced(text);
    const letters = spaced(voices);
    return { plain: plain(voices), spaced: letters, small: small(letters), silent };
  }

  function isLetter(text, at) {
    const code = text.charCodeAt(at);
    if (code < 0x80) return (code > 96 && code < 123) || (code > 64 && code < 91) || (code > 47 && code < 58);
    const isSecond = code >= 0xdc00 && code < 0xe000;
    return at >= 0 && at < text.length && IS_LETTER.test(String.fromCodePoint(text.codePointAt(isSecond ? at - 1 : at)));
  }

  const isBetween = (code, low, high) => code >= low && code <= high;
  const isCapital = (code) => isBetween(code, 65, 90);
  const isSmall = (code) => isBetween(code, 97, 122);

  // Whether two words of camelCase meet at a place.
  function isSeam(text, at) {
    const before = text.charCodeAt(at - 1);
    if (!isCapital(text.charCodeAt(at))) return false;
    return isSmall(before) || isBetween(before, 48, 57) || (isCapital(before) && isSmall(text.charCodeAt(at + 1)));
  }

  function lengthAround(text, at) {
    let begin = at;
    let end = at;
    while (begin && at - begin <= LONGEST && isLetter(text, begin - 1)) begin -= 1;
    while (end < text.length && end - at <= LONGEST && isLetter(text, end)) end += 1;
    return end - begin;
  }

  // ------------------------------------------------------------ what is wanted
  // A part is a list of ways in which it can stand in a text; each finds up to `most` stretches.

  function run(text) {
    return (its, most) => {
      const found = [];
      for (let at = its.plain.indexOf(text); at >= 0 && found.length < most; at = its.plain.indexOf(text, at + text.length)) {
        found.push([at, at + text.length]);
      }
      return found;
    };
  }

  function way(words) {
    const [first, ...rest] = words.map(small);
    const isLone = [...words.at(-1)].length === 1;
    const between = rest.map((word) => BETWEEN + word).join("");
    const pattern = new RegExp(`${first}(?<!${LETTER}${first})${between}${isLone ? `(?!${LETTER})` : ""}`, "gu");
    const joined = first + rest.join("");
    const longest = [first, ...rest].sort((a, b) => b.length - a.length)[0];
    // Between which letters words meet: nowhere else may camelCase divide them.
    const seams = [first, ...rest].flatMap((word) => word.split("").map((_, at) => at === word.length - 1)).slice(0, -1);

    const isCamel = (text, at) =>
      (!isLetter(text, at - 1) || isSeam(text, at))
      && seams.every((is, far) => is === isSeam(text, at + far + 1))
      && (!isLone || !isLetter(text, at + joined.length) || isSeam(text, at + joined.length))
      && lengthAround(text, at) <= LONGEST;

    return (its, most) => {
      const found = [];
      if (!its.small.includes(longest)) return found;
      for (const hit of its.small.matchAll(pattern)) {
        found.push([hit.index, hit.index + hit[0].length]);
        if (found.length >= most) return found;
      }
      for (let at = its.small.indexOf(joined); at >= 0; at = its.small.indexOf(joined, at + 1)) {
        if (isCamel(its.spaced, at)) found.push([at, at + joined.length]);
        if (found.length >= most) return found;
      }
      return found;
    };
  }

  // What has to stand in a text, all of it: runs of characters of scripts without spaces, and words, as they are and
  // with their camelCase taken apart.
  function parts(text) {
    const found = [];
    for (const [piece] of plain(voiced(text)[0]).matchAll(RUNS)) {
      if (IS_UNSPACED.test(piece)) {
        found.push([run(piece)]);
        continue;
      }
      const words = piece.match(WORDS);
      if (!words) continue;
      const apart = words.flatMap((word) => word.replace(SEAM, " ").split(" "));
      found.push(apart.length === words.length ? [way(words)] : [way(words), way(apart)]);
    }
    return found;
  }

  function stretches(its, wanted, most) {
    const found = wanted.map((ways) => {
      const here = [];
      for (const one of ways) if (here.length < most) here.push(...one(its, most - here.length));
      return here;
    });
    return found.every((here) => here.length) ? found.flat() : [];
  }

  // Whether a text, heard, has all parts of a word or phrase.
  const holds = (its, wanted) => wanted.every((ways) => ways.some((one) => one(its, 1).length));

  function merged(spans) {
    const all = [];
    for (const [start, end] of spans.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      const last = all.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(end, last[1]);
      else all.push([start, end]);
    }
    return all;
  }

  // The end of a stretch with what belongs to its last letter.
  function reached(text, end) {
    while (end < text.length && /^(?:[\udc00-\udfff]|\p{M})/u.test(text.slice(end, end + 2))) end += 1;
    return end;
  }

  // Finds what a query looked for: `wanted` are its words as {text, place}. Null where there are none.
  function marker(wanted) {
    const all = wanted.map(({ text, place }) => [parts(text), place]).filter(([its]) => its.length);
    if (!all.length) return null;
    // Where the words stand in a text, `its` as it is heard, that was said in a place: stretches that do not touch, in
    // order.
    function spans(text, place = null, most = 1000, its = heard(text.slice(0, MOST_SEARCHED))) {
      const found = all.flatMap(([one, narrow]) => (place === null || narrow === null || narrow === place ? stretches(its, one, most) : []));
      const before = (at, isEnd) => its.silent.filter((mark) => (isEnd ? mark < at : mark <= at)).length;
      return merged(found).map(([start, end]) => [start + before(start, false), reached(text, end + before(end, true))]);
    }
    return { spans };
  }

  return { heard, holds, marker, parts };
})();
