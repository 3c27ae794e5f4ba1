"use strict";

// What is typed in the list of territories is offered at once for each EPCI. Without this file a button of the page does it.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-territories]");
  if (!form) return;

  const rows = [...form.querySelectorAll("[data-code]")].map((code) => ({
    number: code.dataset.code,
    code,
    name: form.querySelector(`[data-name="${code.dataset.code}"]`),
  }));
  const choices = [...form.querySelectorAll("[data-place]")];

  const offer = () => {
    const named = rows
      .map((row) => ({ number: row.number, said: row.name.value.trim() || row.code.value.trim() }))
      .filter((row) => row.said);
    for (const select of choices) {
      const chosen = select.value;
      while (select.options.length > 1) select.remove(1);
      for (const row of named) select.add(new Option(row.said, row.number, false, row.number === chosen));
    }
  };

  for (const row of rows) {
    row.code.addEventListener("change", offer);
    row.name.addEventListener("change", offer);
  }
});
