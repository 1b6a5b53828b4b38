// Search in the index of releases: as one types, the list shows what has all the words asked for.
// The index of words (search-index.js) is loaded at the first letter; works from a disk too.
"use strict";

const field = document.getElementById("query");
const list = document.getElementById("releases");
const found = document.getElementById("found");
const items = new Map(Array.from(list.children, (item) => [item.dataset.name, item]));
const inOrder = Array.from(list.children);
let index;

// As search.py's words().
function wordsOf(text) {
  return text.replaceAll("\u00ad", "").toLowerCase().replaceAll("ё", "е").match(/[\p{L}\p{N}]+/gu) ?? [];
}

function load() {
  if (index || document.querySelector("script[src='search-index.js']")) return;
  const script = document.createElement("script");
  script.src = "search-index.js";
  script.addEventListener("load", () => {
    index = { ...window.searchIndex, words: window.searchIndex.words.split(" ") };
    show();
  });
  document.head.append(script);
}

// Two long words are forms of one, as Польша and Польши, if they differ in their endings only:
// this much of a word, and of the longer of two, must agree.
const AGREE = 0.7;
function stemLength(word) {
  return word.length < 4 || /^\p{N}/u.test(word) ? word.length : Math.max(4, Math.ceil(word.length * AGREE));
}
function areForms(one, other) {
  let common = 0;
  while (common < one.length && one[common] === other[common]) common++;
  return common >= AGREE * Math.max(one.length, other.length);
}

// The first place in the sorted words that is not below `start`.
function lowerBound(start) {
  let [low, high] = [0, index.words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (index.words[middle] < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

// How well each release has a word: the word itself 4, what begins with it 3, another form of it 1;
// in the title twice as much.
function scores(word) {
  const stem = word.slice(0, stemLength(word));
  const result = new Map();
  for (let at = lowerBound(stem); index.words[at]?.startsWith(stem); at++) {
    const candidate = index.words[at];
    const score = candidate === word ? 4 : candidate.startsWith(word) ? 3 : areForms(word, candidate) ? 1 : 0;
    if (!score) continue;
    for (const place of index.places[at]) {
      const release = place < 0 ? -place - 1 : place;
      result.set(release, Math.max(result.get(release) ?? 0, place < 0 ? 2 * score : score));
    }
  }
  return result;
}

function search(words) {
  let total;
  for (const word of words) {
    const next = scores(word);
    if (!total) total = next;
    else {
      for (const [release, score] of total) {
        if (next.has(release)) total.set(release, score + next.get(release));
        else total.delete(release);
      }
    }
  }
  // The best first; among equals the newest, as the releases are numbered.
  return Array.from(total).sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([release]) => release);
}

function show() {
  const words = wordsOf(field.value);
  if (!words.length) {
    inOrder.forEach((item) => (item.hidden = false));
    list.append(...inOrder);
    found.textContent = "";
    return;
  }
  if (!index) return load();
  const hits = search(words).map((release) => items.get(index.names[release]));
  inOrder.forEach((item) => (item.hidden = true));
  hits.forEach((item) => (item.hidden = false));
  list.append(...hits);
  found.textContent = hits.length ? `${hits.length} / ${inOrder.length}` : found.dataset.nothing;
}

field.addEventListener("input", show);
document.getElementById("search").hidden = false;
if (field.value) show(); // what the browser kept when going back
