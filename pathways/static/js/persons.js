"use strict";

// Records that resemble what is being typed, beside the form. Without this file they come back with the form.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-like]");
  const shown = document.querySelector("[data-likes]");
  if (!form || !shown) return;

  const watched = ["family_name", "given_name", "birth_date", "phone", "email", "france_travail", "ine"];
  const pause = 400;
  let waiting = null;
  let asked = null;
  let last = "";

  const typed = () => watched.map((name) => form.elements[name].value.trim()).join("|");

  const ask = async () => {
    const now = typed();
    if (now === last) return;
    last = now;
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.like, {
        method: "POST",
        body: new FormData(form),
        signal: asked.signal,
        headers: { "X-Requested-With": "fetch" },
      });
      if (answer.ok && !answer.redirected) {
        shown.innerHTML = await answer.text();
        shown.hidden = false;
      }
    } catch (error) {
      // Interrupted by the next letter, or offline: the form still says it when it is sent.
    }
  };

  form.addEventListener("input", (event) => {
    if (!watched.includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, pause);
  });
});
