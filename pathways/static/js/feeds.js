/* One click ticks every line of a list, another one clears it; a file that was tried need not be chosen again to be taken.
   The pages work without. */
"use strict";

for (const button of document.querySelectorAll("[data-check-all]")) {
  const boxes = button.form.querySelectorAll(`input[name="${button.dataset.checkAll}"]`);
  button.hidden = boxes.length < 2;
  button.addEventListener("click", () => {
    const all = [...boxes].every((box) => box.checked);
    for (const box of boxes) {
      box.checked = !all;
    }
  });
}

async function tryFile(event) {
  const form = event.target.closest(".feed-form");
  const input = form?.querySelector("#file");
  if (input?.files.length) {
    const busy = form.querySelector("[data-busy]");
    busy.textContent = busy.dataset.busy;
  }
  if (event.submitter?.value !== "try" || !input?.files.length) {
    return;
  }
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  event.submitter.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(".feed-give");
    fresh.querySelector("#file").replaceWith(input);
    fresh.querySelector(".feed-again")?.remove();
    document.querySelector(".feed-give").replaceWith(fresh);
    fresh.querySelector("[role=status], [role=alert]")?.focus();
  } catch {
    form.submit();
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.matches(".feed-form")) {
    tryFile(event);
  }
});
