"use strict";

// Ticking: the whole page at once, a range with the shift key, and the button says how many.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-ticks]").forEach((form) => {
    const boxes = [...form.querySelectorAll("input[name=ticked]")];
    const whole = form.querySelector("[data-tick-all]");
    const all = form.querySelector("[data-all]");
    const button = form.querySelector("[data-give]");
    const shown = form.querySelector("input[name=shown]");
    let last = null;

    const say = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      const number = all && all.checked ? Number(shown.value) : ticked;
      button.textContent = number > 1 ? button.dataset.many.replace("{n}", number) : number ? button.dataset.one : button.dataset.none;
      if (whole) {
        whole.firstElementChild.checked = ticked === boxes.length;
        whole.firstElementChild.indeterminate = ticked > 0 && ticked < boxes.length;
      }
    };

    boxes.forEach((box) => {
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last) {
          const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
          boxes.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
        }
        last = box;
        say();
      });
    });
    if (whole) {
      whole.hidden = false;
      whole.firstElementChild.addEventListener("change", (event) => {
        boxes.forEach((box) => { box.checked = event.target.checked; });
        say();
      });
    }
    if (all) all.addEventListener("change", say);
    say();
  });

  // A filter applies as soon as it is chosen.
  document.querySelectorAll("form[data-filters]").forEach((form) => {
    form.querySelectorAll("select").forEach((select) => {
      select.addEventListener("change", () => form.requestSubmit());
    });
  });
});
