"use strict";

// Copying a link in one click; without this file the field is selected and copied by hand.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-copy]");
  const source = document.querySelector("[data-copy-source]");
  if (!button || !source) return;
  source.addEventListener("focus", () => source.select());
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.value);
    button.querySelector("span").textContent = button.dataset.done;
    button.setAttribute("aria-live", "polite");
  });
});
