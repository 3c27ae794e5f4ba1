"use strict";

// The forms work without this file: it spares the button beside a search box.
document.addEventListener("DOMContentLoaded", () => {
  const wait = 250;

  const asking = (url, query) => fetch(`${url}&q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : { rows: [] }))
    .catch(() => ({ rows: [] }));

  const whenTyped = (box, run) => {
    let timer = 0;
    let asked = box.value;
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const query = box.value.trim();
        if (query === asked || query.length < 2) return;
        asked = query;
        const found = await run(query);
        if (query === asked) found();
      }, wait);
    });
  };

  // An organisation of the directory: what is found takes the place of the list, the choice stays.
  document.querySelectorAll("[data-organisation]").forEach((field) => {
    const [list, box, told] = [field.querySelector("select"), field.querySelector("input"), field.querySelector("[data-found]")];
    field.querySelector("button").hidden = true;
    whenTyped(box, async (query) => {
      const found = await asking(field.dataset.url, query);
      return () => {
        const kept = [...list.options].filter((option) => option.value === "" || option.selected);
        const known = new Set(kept.map((option) => option.value));
        list.replaceChildren(...kept, ...found.rows.filter((row) => !known.has(row.value)).map((row) => new Option(row.label, row.value)));
        told.textContent = found.rows.length ? told.dataset.some : told.dataset.none;
        if (list.value === "" && found.rows.length === 1) list.value = found.rows[0].value;
        else if (found.rows.length > 1) list.size = Math.min(6, list.options.length);
      };
    });
    // Open while one is looking, closed again once chosen.
    list.addEventListener("change", () => list.removeAttribute("size"));
    // Enter in the box looks, and does not record.
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  });

  document.querySelectorAll("[data-suggest]").forEach((field) => {
    const [box, list] = [field.querySelector("input"), field.querySelector("datalist")];
    whenTyped(box, async (query) => {
      const found = await asking(field.dataset.url, query);
      return () => list.replaceChildren(...found.rows.map((row) => new Option(row.name, row.name)));
    });
  });

  // The schemes of the page that hold every word typed.
  document.querySelectorAll("[data-filter]").forEach((box) => {
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const items = [...document.querySelectorAll(box.dataset.filter)].map((item) => [item, plain(item.textContent)]);
    box.addEventListener("input", () => {
      const words = plain(box.value).split(/\s+/).filter(Boolean);
      items.forEach(([item, text]) => { item.hidden = !words.every((word) => text.includes(word)); });
      document.querySelectorAll("section:has([hidden])").forEach((section) => section.classList.toggle("is-empty", ![...section.querySelectorAll(box.dataset.filter)].some((item) => !item.hidden)));
      document.querySelectorAll("section.is-empty").forEach((section) => {
        if ([...section.querySelectorAll(box.dataset.filter)].some((item) => !item.hidden)) section.classList.remove("is-empty");
      });
    });
  });
});
