"use strict";

// The pages work without this file; it saves a few gestures.
document.addEventListener("DOMContentLoaded", () => {
  const search = document.querySelector("[data-search]");
  const focus = document.querySelector("[data-focus]");
  if (focus) focus.focus();

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && search && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "Escape") {
      document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      if (event.target === search) search.blur();
    }
  });

  // A menu closes when one clicks beside it.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // A sheet without absence in one click; absences are then changed one by one.
  document.querySelectorAll("[data-fill]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const cells = button.closest("fieldset").querySelectorAll("select");
      [...cells].slice(0, 10).forEach((cell) => { cell.value = button.dataset.fill; });
    });
  });

  // A double click records once.
  document.querySelectorAll("form[method=post]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
});
