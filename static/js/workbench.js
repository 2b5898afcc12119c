/* Single keys on the workbench: from entry to entry, and an answer with one key. Every key presses a button or
   follows a link that stands on the page, so that nothing is possible here that is not possible without it. */
(function () {
  "use strict";

  /* On a small screen the filter is folded until it is asked for, or is what the page is about. */
  const narrowing = document.getElementById("narrowing");
  if (narrowing) {
    const small = matchMedia("(max-width: 40rem)");
    const fold = () => { narrowing.open = !small.matches || "narrows" in narrowing.dataset; };
    small.addEventListener("change", fold);
    fold();
  }

  const dialog = document.getElementById("keys-dialog");
  const entries = document.getElementById("entries");
  if (!dialog || !dialog.showModal || !entries) return;

  const memory = "launchkit.keys"; // "off": this person uses no single keys on this machine
  const answers = { m: "met", x: "not_met", d: "done", a: "not_applicable", 0: "0", 1: "1", 2: "2", 3: "3" };

  /* ---- on or off ---- */

  function on() {
    try { return localStorage.getItem(memory) !== "off"; } catch { return true; }
  }

  function remember(wanted) {
    try { localStorage.setItem(memory, wanted ? "on" : "off"); } catch { /* private window: for this page only */ }
  }

  let active = on();
  const choice = dialog.querySelector("[name=keys]");
  choice.checked = active;
  choice.addEventListener("change", () => { active = choice.checked; remember(active); });

  function help() {
    if (!dialog.open) dialog.showModal();
  }

  const opener = document.getElementById("keys-open");
  opener.hidden = false;
  opener.addEventListener("click", help);

  /* ---- where the person is ---- */

  function all() {
    return [...document.querySelectorAll("li.entry[id]")];
  }

  let last = location.hash.slice(1); // the entry that had the focus last, or that the address leads to

  document.addEventListener("focusin", (event) => {
    const entry = event.target.closest("li.entry[id]");
    if (entry) last = entry.id;
  });

  function here() {
    const focused = document.activeElement && document.activeElement.closest("li.entry[id]");
    return focused || all().find((entry) => entry.id === last) || null;
  }

  function go(entry) {
    if (!entry) return;
    entry.tabIndex = -1;
    entry.focus({ preventScroll: true });
    entry.scrollIntoView({ block: entry.offsetHeight > innerHeight / 2 ? "start" : "center" });
  }

  function step(by) {
    const list = all();
    const at = list.indexOf(here());
    go(at < 0 ? list[by > 0 ? 0 : list.length - 1] : list[at + by]);
  }

  /* ---- acts ---- */

  function press(entry, value) {
    const button = document.getElementById(entry.id + "-" + value);
    if (!button || !entry.contains(button)) return false;
    button.focus({ preventScroll: true }); // what was pressed has the focus again after the swap
    button.click();
    return true;
  }

  /* Open what lies folded around a field, and write there. */
  function write(field) {
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    field.focus();
  }

  /* The field `name` of the entry's panel; a closed panel is opened first, and then the field has the focus. */
  function field(entry, name) {
    const there = document.getElementById(entry.id + "-" + name);
    if (there) return write(there) || true;
    const opens = document.getElementById(entry.id + "-more");
    if (!opens || opens.getAttribute("aria-expanded") === "true") return false;
    const id = entry.id;
    document.addEventListener("htmx:afterSettle", function written() {
      const found = document.getElementById(id + "-" + name);
      if (!found) return;
      document.removeEventListener("htmx:afterSettle", written);
      setTimeout(() => write(found), 0); // after the focus has been put back
    });
    opens.click();
    return true;
  }

  function find() {
    const box = document.getElementById("find");
    if (!box) return false;
    const fold = box.closest("details");
    if (fold) fold.open = true;
    box.focus();
    box.select();
    return true;
  }

  /* Back to all entries; where nothing is narrowed the link is not there, and nothing happens. */
  function clear() {
    const link = document.getElementById("clear-filter");
    if (link) link.click();
    return Boolean(link);
  }

  function act(key) {
    if (key === "j") return step(1) || true;
    if (key === "k") return step(-1) || true;
    if (key === "/") return find();
    if (key === "c") return clear();
    const entry = here();
    if (!entry) return false;
    if (key === "e") return field(entry, "proof_text");
    if (key === "n") return field(entry, "note");
    if (key === "w") return field(entry, "responsible");
    return key in answers && press(entry, answers[key]);
  }

  function typing(target) {
    return Boolean(target.closest("input, textarea, select, [contenteditable]"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!active || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.repeat && !["j", "k"].includes(event.key)) return;
    if (event.key === "?") {
      event.preventDefault();
      return help();
    }
    if (act(event.key)) event.preventDefault();
  });
})();
