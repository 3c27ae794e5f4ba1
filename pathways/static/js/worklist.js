"use strict";

// Lists by keyboard, and choosing several persons for a collective session. The pages work without this file.
document.addEventListener("DOMContentLoaded", () => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const help = document.querySelector("[data-keys]");
  const current = () => rows.indexOf(document.activeElement.closest("[data-row]"));

  // After a follow-up the address names the next person.
  const next = location.hash && document.getElementById(location.hash.slice(1));
  if (next && next.matches("[data-row]") && !document.querySelector("[data-focus]")) next.focus();

  function go(to) {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!row) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const at = current();
    if (event.key in moves && (rows[at] === document.activeElement || event.key === "j" || event.key === "k")) {
      event.preventDefault();
      go(at < 0 ? 0 : at + moves[event.key]);
    } else if (event.key === "?" && help) {
      event.preventDefault();
      help.open = !help.open;
      help.querySelector("summary").focus();
    } else if (event.key === "Escape" && help && help.open) {
      help.open = false;
    } else if (at >= 0 && event.key === "c") {
      const contact = rows[at].querySelector("[data-contact]");
      if (contact) contact.click();
    } else if (at >= 0 && event.key === "Enter" && document.activeElement === rows[at]) {
      const open = rows[at].querySelector("[data-open]");
      if (open) open.click();
    } else if (at >= 0 && event.key === "x") {
      const box = rows[at].querySelector("[data-pick]");
      if (box) box.click();
    }
  });

  // How many are chosen, said while choosing; the bar is there without this too.
  const bar = document.querySelector("[data-picked]");
  if (bar) {
    const boxes = [...document.querySelectorAll("[data-pick]")];
    const all = document.querySelector("[data-pick-all]");
    const say = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      bar.hidden = chosen === 0;
      bar.querySelector("[data-picked-one]").hidden = chosen > 1;
      bar.querySelector("[data-picked-many]").hidden = chosen < 2;
      bar.querySelectorAll("[data-picked-count]").forEach((place) => { place.textContent = chosen; });
      if (all) {
        all.checked = chosen === boxes.length;
        all.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    };
    boxes.forEach((box) => box.addEventListener("change", say));
    if (all) {
      all.hidden = false;
      all.addEventListener("change", () => {
        boxes.forEach((box) => { box.checked = all.checked; });
        say();
      });
    }
    window.addEventListener("pageshow", say);
    say();
  }

  // A filter chosen is a filter asked for.
  document.querySelectorAll("form[data-filters] select").forEach((select) => {
    select.addEventListener("change", () => select.form.requestSubmit());
  });
});
