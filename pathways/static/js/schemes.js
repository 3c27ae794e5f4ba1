"use strict";

// Searching a catalogue while typing, and lighting up a passage of a drawing with its line of the list.
document.addEventListener("DOMContentLoaded", () => {
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/’/g, "'").toLowerCase();
  const field = document.querySelector("[data-search]");

  if (field) {
    const items = [...document.querySelectorAll("[data-item]")];
    const groups = [...document.querySelectorAll("[data-group]")];
    const nothing = document.querySelector("[data-nothing]");
    const found = document.querySelector("[data-found]");
    const button = document.querySelector("[data-search-button]");
    if (button) button.hidden = true;

    const filter = () => {
      const wanted = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const item of items) {
        item.hidden = !wanted.every((word) => item.dataset.words.includes(word));
        shown += item.hidden ? 0 : 1;
      }
      for (const group of groups) group.hidden = !group.querySelector("[data-item]:not([hidden])");
      if (nothing) nothing.hidden = shown > 0;
      if (found) found.textContent = (shown > 1 ? found.dataset.several : found.dataset.one).replace("{n}", shown);
    };
    field.addEventListener("input", filter);
  }

  const light = (number, on) => {
    for (const part of document.querySelectorAll(`[data-passage="${number}"]`)) {
      part.classList.toggle(part.closest("svg") ? "flow-lit" : "passage-lit", on);
    }
  };
  for (const part of document.querySelectorAll("[data-passage]")) {
    const number = part.dataset.passage;
    part.addEventListener("mouseenter", () => light(number, true));
    part.addEventListener("mouseleave", () => light(number, false));
    if (part.matches(".flow-number")) {
      part.addEventListener("click", () => {
        const line = document.getElementById(`passage-${number}`);
        if (!line) return;
        const fold = line.closest("details");
        if (fold) fold.open = true;
        line.scrollIntoView({ block: "center" });
      });
    }
  }
});
