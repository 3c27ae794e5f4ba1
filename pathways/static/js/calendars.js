"use strict";

// The page works without this file: it adds rows, ticks ranges of weeks, and counts.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-ranges]").forEach((ranges) => {
    const add = ranges.querySelector("[data-add]");
    const clear = (row) => {
      const button = row.querySelector("[data-clear]");
      button.hidden = false;
      button.addEventListener("click", () => {
        row.querySelectorAll("input").forEach((input) => { input.value = ""; });
        if (ranges.querySelectorAll(".cal-range").length > 1) row.remove();
        add.focus();
      });
    };
    ranges.querySelectorAll(".cal-range").forEach(clear);
    add.hidden = false;
    add.addEventListener("click", () => {
      const rows = ranges.querySelectorAll(".cal-range");
      const last = rows[rows.length - 1];
      const row = last.cloneNode(true);
      row.querySelectorAll("input").forEach((input) => { input.value = ""; });
      last.after(row);
      clear(row);
      row.querySelector("input").focus();
    });
    // The end follows the beginning until somebody says otherwise.
    ranges.addEventListener("change", (event) => {
      const row = event.target.closest(".cal-range");
      const [first, last] = row.querySelectorAll("input");
      if (event.target === first && (!last.value || last.value < first.value)) last.value = first.value;
    });
  });

  const form = document.querySelector("[data-calendar]");
  if (!form) return;
  const weeks = [...form.querySelectorAll("input[name=weeks]")];
  const count = form.querySelector("[data-count]");
  const say = () => {
    const ticked = weeks.filter((week) => week.checked).length;
    count.textContent = count.dataset.text.replace("{n}", ticked).replace("{m}", weeks.length - ticked);
  };
  let last = null;
  weeks.forEach((week, place) => {
    week.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) {
        const [from, to] = [last, place].sort((a, b) => a - b);
        weeks.slice(from, to + 1).forEach((each) => { each.checked = week.checked; });
      }
      last = place;
      say();
    });
    week.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const next = step && weeks[place + step];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    });
  });
  say();
});
