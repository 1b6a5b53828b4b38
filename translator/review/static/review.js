// The review page: keys, autosave and what happens when the PO file changes elsewhere.
// The server renders every part of an entry; this file moves text and sends it.

const SAVE_AFTER = 400; // ms without a keystroke
const LOOK_EVERY = 1500; // ms between looks at the file
const IDLE = 30; // s without a key or click that no longer count as work

const words = document.body.dataset;
const message = document.getElementById("message");
const entries = [...document.querySelectorAll("article.entry")].map(makeEntry);
const byId = new Map(entries.map((entry) => [entry.id, entry]));
const history = []; // what each change replaced, the latest last
let current = null;

function makeEntry(element) {
  const entry = {
    element,
    id: element.dataset.id,
    version: element.dataset.version,
    area: element.querySelector("textarea"),
    marked: element.querySelector(".marked"),
    details: element.querySelector(".details"),
    dirty: false, // the area has what the file has not
    saving: null, // the promise of a save under way
    timer: 0,
    group: false, // a run of typing is one step to undo
    seconds: 0,
    saved: "",
  };
  entry.saved = entry.area.value;
  return entry;
}

const isApproved = (entry) => entry.element.dataset.state === "approved";

function say(text, alarm = false) {
  message.textContent = text;
  message.classList.toggle("alarm", alarm);
}

async function ask(path, options = {}) {
  const headers = options.body ? { "Content-Type": "application/json" } : {};
  return fetch(path, { headers, ...options });
}

// What the server says of an entry goes onto the page; the text only where nobody is typing.
function show(entry, answer, { text = true } = {}) {
  entry.version = answer.version;
  Object.assign(entry.element.dataset, { state: answer.state, findings: answer.findings });
  if (text && entry.area.value !== answer.target) {
    entry.area.value = answer.target;
    grow(entry);
  }
  if (entry.area.value === answer.target) entry.marked.innerHTML = answer.marked;
  // Only the marks wait for the next answer while somebody goes on typing.
  const focus = focusIn(entry.details);
  const others = entry.details.querySelector(".alternatives"); // asked for, perhaps still to come
  entry.details.innerHTML = answer.details;
  entry.details.querySelector(".alternatives").replaceWith(others);
  number(entry);
  if (focus) (entry.details.querySelector(focus) ?? entry.area).focus();
  document.getElementById("progress").innerHTML = answer.progress;
}

function focusIn(details) {
  const element = details.contains(document.activeElement) ? document.activeElement : null;
  return element?.dataset.action ? `[data-action="${element.dataset.action}"]` : element ? "button" : "";
}

function number(entry) {
  entry.details.querySelectorAll("kbd.nth").forEach((key, index) => {
    key.textContent = index < 9 ? `Alt ${index + 1}` : "";
  });
}

function grow(entry) {
  if (CSS.supports("field-sizing", "content")) return;
  entry.area.style.height = "auto";
  entry.area.style.height = `${entry.area.scrollHeight}px`;
}

// One save of an entry at a time; what was typed meanwhile is saved after it.
async function save(entry, { approved = false } = {}) {
  clearTimeout(entry.timer);
  while (entry.saving) await entry.saving;
  entry.saving = send(entry, approved);
  try {
    return await entry.saving;
  } finally {
    entry.saving = null;
  }
}

async function send(entry, approved) {
  const target = approved ? entry.area.value.trim() : entry.area.value;
  const seconds = Math.round(entry.seconds);
  const body = JSON.stringify({ target, base: entry.version, approved, seconds });
  say(words.saving);
  let response;
  try {
    response = await ask(`entries/${entry.id}`, { method: "PUT", body, keepalive: body.length < 60000 });
  } catch {
    return retry(entry, approved);
  }
  if (response.status === 404) return say(words.gone, true), false;
  const answer = await response.json();
  if (response.status === 409) return conflict(entry, answer), false;
  if (!response.ok) return say([answer.error, ...(answer.details ?? [])].join("\n"), true), false;
  entry.seconds -= seconds;
  const typedOn = entry.area.value !== target && entry.area.value.trim() !== target;
  entry.dirty = typedOn;
  entry.saved = target;
  show(entry, answer, { text: !typedOn });
  if (typedOn) soon(entry);
  say(words.saved);
  return true;
}

function retry(entry, approved) {
  entry.dirty = true;
  say(words.failed, true);
  entry.timer = setTimeout(() => save(entry, { approved }), 1000);
  return false;
}

function soon(entry) {
  entry.dirty = true;
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => save(entry), SAVE_AFTER);
}

function conflict(entry, answer) {
  clearTimeout(entry.timer);
  entry.dirty = true;
  entry.theirs = answer;
  entry.details.querySelector(".conflict")?.remove();
  const box = document.getElementById("conflict").content.cloneNode(true);
  box.querySelector(".theirs").textContent = answer.target;
  entry.details.prepend(box);
  select(entry);
}

function settle(entry, mine) {
  const answer = entry.theirs;
  entry.theirs = null;
  entry.version = answer.version;
  if (mine) return save(entry);
  entry.dirty = false;
  entry.saved = answer.target;
  show(entry, answer);
}

// A change by the page itself, as opposed to typing: one step to undo.
function put(entry, text, { whole = true } = {}) {
  remember(entry);
  entry.group = true; // the browser's own event for it adds no second step
  entry.area.focus();
  if (whole) entry.area.select();
  // Keeps the browser's own undo; a browser without it gets the text all the same.
  if (!document.execCommand("insertText", false, text)) {
    const [start, end] = whole ? [0, entry.area.value.length] : [entry.area.selectionStart, entry.area.selectionEnd];
    entry.area.setRangeText(text, start, end, "end");
  }
  entry.group = false;
  changed(entry);
}

function remember(entry) {
  history.push({ entry, text: entry.area.value, approved: isApproved(entry) });
}

function changed(entry) {
  entry.marked.textContent = entry.area.value;
  grow(entry);
  soon(entry);
}

async function undo() {
  const step = history.pop();
  if (!step) return;
  select(step.entry);
  step.entry.area.value = step.text;
  step.entry.group = false;
  changed(step.entry);
  await save(step.entry, { approved: step.approved });
}

async function approve(entry) {
  if (!entry.area.value.trim()) return say(words.empty, true);
  remember(entry);
  entry.group = false;
  if (await save(entry, { approved: true })) {
    const next = entries.slice(entries.indexOf(entry) + 1).find(isOpen) ?? entries.find(isOpen);
    if (next) select(next);
    else say(words.done);
  }
}

const isOpen = (entry) => !isApproved(entry) && !entry.element.hidden;
const isShown = (entry) => !entry.element.hidden;

function select(entry) {
  if (current !== entry) {
    current?.element.classList.remove("current");
    current = entry;
    entry.element.classList.add("current");
  }
  if (document.activeElement !== entry.area) entry.area.focus({ preventScroll: true });
  entry.element.scrollIntoView({ block: "nearest" });
}

function step(direction, wanted = isShown) {
  const at = current ? entries.indexOf(current) : -1;
  const ordered = direction > 0 ? entries.slice(at + 1) : entries.slice(0, Math.max(at, 0)).reverse();
  const next = ordered.find(wanted);
  if (next) select(next);
}

async function alternatives(entry) {
  const place = entry.details.querySelector(".alternatives");
  place.textContent = "…";
  const response = await ask(`entries/${entry.id}/alternatives`);
  place.innerHTML = response.ok ? await response.text() : "";
  place.querySelector("button")?.focus();
}

async function overrule(entry, check) {
  if (entry.dirty) await save(entry);
  const response = await ask(`entries/${entry.id}/ignore/${encodeURIComponent(check)}`, { method: "PUT" });
  if (response.ok) show(entry, await response.json());
}

const actions = {
  approve,
  withdraw: (entry) => (remember(entry), save(entry)),
  copy: (entry) => put(entry, entry.element.querySelector(".source").dataset.text),
  draft: (entry) => {
    const button = entry.details.querySelector('[data-action="draft"]');
    if (button) put(entry, button.dataset.text);
  },
  undo,
  alternatives,
  overrule: (entry, button) => overrule(entry, button.dataset.check),
  theirs: (entry) => settle(entry, false),
  mine: (entry) => settle(entry, true),
};

// A new term: what is selected on both sides stands in the form already.
const termDialog = document.getElementById("term");
const termForm = termDialog.querySelector("form");

async function openTerm() {
  const { area } = current ?? {};
  const chosen = getSelection();
  const inSource = current?.element.querySelector(".source").contains(chosen.anchorNode);
  termForm.elements.source.value = inSource ? chosen.toString().trim() : "";
  termForm.elements.target.value = area ? area.value.slice(area.selectionStart, area.selectionEnd).trim() : "";
  termForm.querySelector(".answer").textContent = "";
  termDialog.showModal();
  const list = termDialog.querySelector("ul");
  list.textContent = "…";
  const response = await ask("proposals");
  list.innerHTML = response.ok ? await response.text() : "";
}

async function addTerm(source, target) {
  const response = await ask("terms", { method: "POST", body: JSON.stringify({ source, target }) });
  const answer = await response.json();
  termForm.querySelector(".answer").textContent = response.ok ? `${words.added} ${answer.file}: ${source} → ${target}` : answer.error;
  return response.ok;
}

termForm.addEventListener("submit", async (event) => {
  if (event.submitter?.value === "close") return;
  event.preventDefault();
  const { source, target } = termForm.elements;
  if (await addTerm(source.value, target.value)) source.value = target.value = "";
});
termDialog.querySelector("ul").addEventListener("click", async ({ target }) => {
  const button = target.closest("button.accept");
  if (button && (await addTerm(button.dataset.source, button.dataset.target))) button.closest("li").remove();
});
// The term is known from now on: show the entry on which it was made again.
termDialog.addEventListener("close", async () => {
  if (!current) return;
  const response = await ask(`entries/${current.id}`);
  if (response.ok && !current.dirty) show(current, await response.json());
});

const firstForms = (entry) => [...entry.details.querySelectorAll(".terms li")].map((li) => li.querySelector(".insert"));

const keys = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  KeyN: () => step(1, isOpen),
  KeyC: () => current && actions.copy(current),
  KeyD: () => current && actions.draft(current),
  KeyM: () => {
    const use = current?.details.querySelector(".memory .use");
    if (use) put(current, use.dataset.text);
  },
  KeyA: () => current && alternatives(current),
  KeyZ: undo,
  KeyG: openTerm,
  KeyS: () => document.getElementById("search").focus(),
  KeyK: () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.code === "Enter" && current) {
    event.preventDefault();
    approve(current);
    return;
  }
  // AltGr writes letters on Polish and Kazakh keyboards.
  if (!event.altKey || event.ctrlKey || event.metaKey || event.getModifierState("AltGraph")) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  const form = digit && current ? firstForms(current)[digit[1] - 1] : null;
  const act = form ? () => put(current, form.dataset.text, { whole: false }) : keys[event.code];
  if (!act) return;
  event.preventDefault();
  act();
});

document.querySelector("main").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const entry = byId.get(event.target.closest("article.entry")?.dataset.id);
  if (!entry) return;
  if (!button) {
    if (!entry.element.classList.contains("current") && !getSelection().toString()) select(entry);
  } else if (button.classList.contains("insert")) {
    put(entry, button.dataset.text, { whole: false });
  } else if (button.classList.contains("use")) {
    put(entry, button.dataset.text);
  } else {
    actions[button.dataset.action]?.(entry, button);
  }
});

for (const entry of entries) {
  number(entry);
  grow(entry);
  let last = 0;
  const work = () => {
    const now = performance.now() / 1000;
    if (now - last < IDLE) entry.seconds += now - last;
    last = now;
  };
  entry.area.addEventListener("focus", () => {
    last = performance.now() / 1000;
    if (current !== entry) select(entry);
  });
  entry.element.addEventListener("keydown", work);
  entry.element.addEventListener("pointerdown", work);
  entry.area.addEventListener("beforeinput", () => {
    if (!entry.group) remember(entry);
    entry.group = true;
  });
  entry.area.addEventListener("input", () => changed(entry));
  entry.area.addEventListener("blur", () => {
    entry.group = false;
    if (entry.dirty && !entry.theirs) save(entry);
  });
}

addEventListener("pagehide", () => {
  for (const entry of entries) if (entry.dirty && !entry.theirs) save(entry);
});

function filter() {
  const chosen = document.querySelector('[name="filter"]:checked').value;
  const wanted = document.getElementById("search").value.trim().toLocaleLowerCase();
  const fits = {
    all: () => true,
    open: (entry) => !isApproved(entry),
    findings: (entry) => entry.element.dataset.findings !== "0",
    terms: (entry) => entry.element.dataset.terms !== "0",
  }[chosen];
  for (const entry of entries) {
    const text = `${entry.element.querySelector(".source").textContent}\n${entry.area.value}`;
    entry.element.hidden = !fits(entry) || !text.toLocaleLowerCase().includes(wanted);
  }
  document.getElementById("nothing").hidden = entries.some(isShown);
}
document.querySelector(".tools").addEventListener("input", filter);

document.getElementById("help").addEventListener("click", keys.KeyK);
document.getElementById("glossary").addEventListener("click", openTerm);
document.getElementById("publish").addEventListener("click", async () => {
  for (const entry of entries) if (entry.dirty) await save(entry);
  const response = await ask("publish", { method: "POST" });
  const answer = await response.json();
  if (response.ok) say([words.published, ...answer.files].join("\n"));
  else say([...answer.details, answer.error].join("\n"), true);
});

// The PO file may be changed elsewhere: in a PO editor, or by another reviewer.
async function look() {
  const response = await ask("versions");
  if (!response.ok) return;
  for (const [id, version] of Object.entries(await response.json())) {
    const entry = byId.get(id);
    if (!entry || entry.version === version || entry.saving || entry.theirs) continue;
    const newer = await ask(`entries/${id}`);
    if (!newer.ok || entry.saving) continue;
    const answer = await newer.json();
    if (answer.version === entry.version) continue;
    if (entry.dirty) conflict(entry, answer);
    else {
      entry.saved = answer.target;
      show(entry, answer);
      say(words.outside);
    }
  }
}

(async () => {
  for (;;) {
    await new Promise((done) => setTimeout(done, LOOK_EVERY));
    try {
      await look();
    } catch {
      // The server is away; saving says so.
    }
  }
})();

const first = entries.find(isOpen) ?? entries[0];
if (first) select(first);
