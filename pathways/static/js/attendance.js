"use strict";

// The week's grid of selects becomes a grid one types in. The selects stay what is sent: without this file they are the grid.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-week]");
  if (!form) return;
  const table = form.querySelector("[data-grid]");
  const said = form.querySelector("[data-said]");
  const undoButton = form.querySelector("[data-undo]");
  const reasonField = form.querySelector("[data-reason-field]");
  const reason = form.querySelector("[data-reason]");
  const reasons = [...reason.options].map((option) => option.value).filter(Boolean);
  const LETTERS = { p: "P", a: "U", u: "U", e: "J", j: "J", c: "C", "-": "-", Delete: "-", Backspace: "-" };
  const SHOWN = { P: "P", U: "A", J: "E", C: "C", "-": "" };
  const rows = [...table.tBodies[0].rows];
  const grid = rows.map((row) => [...row.querySelectorAll("td")]);
  const undone = [];
  let here = { row: 0, column: 0 };
  let lastExcused = null; // the cell to which a digit typed now gives its reason

  const selectOf = (cell) => cell.querySelector("select");
  const isOff = (cell) => cell.classList.contains("grid-off");
  const isFuture = (cell) => cell.classList.contains("grid-future");
  const valueOf = (cell) => selectOf(cell).value;
  const cellAt = (place) => grid[place.row][place.column];

  function paint(cell) {
    const [code, why] = valueOf(cell).split(".");
    const face = cell.querySelector(".grid-face");
    face.className = `grid-face code-${code === "-" ? "none" : code}`;
    face.querySelector("b").textContent = SHOWN[code];
    face.querySelector("i").textContent = why ? reasons.indexOf(why) + 1 : "";
    face.querySelector("span").textContent = selectOf(cell).selectedOptions[0].text;
    cell.classList.toggle("grid-changed", valueOf(cell) !== selectOf(cell).dataset.was);
  }

  function count() {
    const changed = table.querySelectorAll(".grid-changed").length;
    said.textContent = changed > 1 ? said.dataset.changes.replace("{n}", changed) : changed ? said.dataset.change : "";
    undoButton.disabled = undone.length === 0;
    return changed;
  }

  // One gesture, whatever the number of cells: [[cell, value], …]. Undone as one.
  function put(changes) {
    const real = changes.filter(([cell, value]) => valueOf(cell) !== value);
    if (!real.length) return;
    undone.push(real.map(([cell]) => [cell, valueOf(cell)]));
    real.forEach(([cell, value]) => { selectOf(cell).value = value; paint(cell); });
    count();
    follow();
  }

  function undo() {
    const back = undone.pop();
    if (!back) return;
    back.forEach(([cell, value]) => { selectOf(cell).value = value; paint(cell); });
    focus(back[0][0]);
    count();
  }

  // What a whole row or column is filled with: nowhere anybody is not expected, nor on a day to come.
  const present = (cells) => cells
    .filter((cell) => !isOff(cell) && !isFuture(cell) && valueOf(cell) === "-")
    .map((cell) => [cell, "P"]);

  // --- where one is

  function focus(cell, move = true) {
    const row = grid.findIndex((cells) => cells.includes(cell));
    cellAt(here).tabIndex = -1;
    here = { row, column: grid[row].indexOf(cell) };
    cell.tabIndex = 0;
    if (move) cell.focus();
    follow();
  }

  function follow() {
    const cell = cellAt(here);
    const target = lastExcused || (valueOf(cell)[0] === "J" ? cell : null);
    reasonField.hidden = !target;
    if (target) reason.value = valueOf(target).split(".")[1] || "";
  }

  function step(down, right) {
    const row = Math.min(Math.max(here.row + down, 0), grid.length - 1);
    let column = here.column;
    do { column += right; } while (right && grid[row][column] && !grid[row][column].offsetParent);
    if (grid[row][column]) focus(grid[row][column]);
  }

  // After a letter: the next cell of the row, then the next row; on a narrow screen, the next trainee.
  function moveOn() {
    if (table.dataset.day !== undefined && window.matchMedia("(max-width: 767px)").matches) return step(1, 0);
    if (here.column + 1 < grid[here.row].length) return focus(grid[here.row][here.column + 1]);
    if (here.row + 1 < grid.length) return focus(grid[here.row + 1][0]);
    return undefined;
  }

  function type(code, advance = true) {
    const cell = cellAt(here);
    if (isFuture(cell) && (code === "P" || code === "U")) {
      said.textContent = said.dataset.future;
      return;
    }
    lastExcused = code === "J" ? cell : null;
    put([[cell, code]]);
    if (advance) moveOn();
    if (code === "J") said.textContent = said.dataset.why;
    follow();
  }

  function likeAbove() {
    if (here.row === 0) return;
    const change = [cellAt(here), valueOf(grid[here.row - 1][here.column])];
    if (allowed(change)) {
      put([change]);
      moveOn();
    } else said.textContent = said.dataset.future;
  }

  function explain(why) {
    const cell = lastExcused || cellAt(here);
    if (valueOf(cell)[0] !== "J") return;
    put([[cell, why ? `J.${why}` : "J"]]);
    follow();
  }

  // --- setting up

  table.setAttribute("role", "grid");
  table.classList.add("grid-live");
  table.querySelectorAll("tr").forEach((row) => row.setAttribute("role", "row"));
  table.querySelectorAll("thead th").forEach((head) => head.setAttribute("role", "columnheader"));
  rows.forEach((row) => row.cells[0].setAttribute("role", "rowheader"));
  grid.forEach((cells, row) => {
    const was = rows[row].querySelector("input[type=hidden]").value.split(" ");
    cells.forEach((cell) => {
      cell.setAttribute("role", "gridcell");
      cell.tabIndex = -1;
      selectOf(cell).dataset.was = was[Number(cell.dataset.place)];
      selectOf(cell).hidden = true;
      const face = document.createElement("div");
      face.append(document.createElement("b"), document.createElement("i"), document.createElement("span"));
      face.querySelector("b").setAttribute("aria-hidden", "true");
      face.querySelector("i").setAttribute("aria-hidden", "true");
      cell.append(face);
      face.className = "grid-face";
      paint(cell);
    });
  });
  form.querySelectorAll("[data-tools], [data-palette], [data-undo], [data-row-acts], [data-day-tabs], .grid-fill")
    .forEach((hidden) => { hidden.hidden = false; });
  const first = grid[0].findIndex((cell) => !isOff(cell) && valueOf(cell) === "-");
  here.column = Math.max(first, 0);
  cellAt(here).tabIndex = 0;
  count();

  // --- one day at a time, where there is no room for the week

  const tabs = [...form.querySelectorAll("[data-show-day]")];
  function showDay(day) {
    table.dataset.day = day;
    tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.showDay === String(day))));
    const cell = grid[here.row][2 * day];
    if (cell) focus(cell, false);
  }
  tabs.forEach((tab) => tab.addEventListener("click", () => showDay(Number(tab.dataset.showDay))));
  const today = [...table.querySelectorAll(".grid-day")].findIndex((head) => head.classList.contains("grid-today"));
  if (tabs.length) showDay(Math.max(today, 0));

  // --- gestures

  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };
  table.addEventListener("keydown", (event) => {
    if (!event.target.matches("td[role=gridcell]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const command = event.ctrlKey || event.metaKey;
    if (command && key === "z") undo();
    else if (command && key === "d") likeAbove();
    else if (command || event.altKey) return;
    else if (MOVES[key]) { lastExcused = null; step(...MOVES[key]); }
    else if (key === "Home") focus(grid[here.row][0]);
    else if (key === "End") focus(grid[here.row][grid[here.row].length - 1]);
    else if (key in LETTERS) type(LETTERS[key], key !== "Delete" && key !== "Backspace");
    else if (/^[1-9]$/.test(key) && reasons[key - 1]) explain(reasons[key - 1]);
    else return;
    event.preventDefault();
  });
  table.addEventListener("mousedown", (event) => {
    const cell = event.target.closest("td[role=gridcell]");
    if (!cell) return;
    lastExcused = null;
    focus(cell);
    event.preventDefault();
  });
  // A screen reader moves the focus by itself: what is typed goes where the focus is.
  table.addEventListener("focusin", (event) => {
    if (event.target.matches("td[role=gridcell]") && event.target !== cellAt(here)) focus(event.target, false);
  });
  form.querySelectorAll("[data-code]").forEach((button) => button.addEventListener("click", () => type(button.dataset.code)));
  reason.addEventListener("change", () => explain(reason.value));
  undoButton.addEventListener("click", undo);
  form.querySelector("[data-fill-all]").addEventListener("click", () => put(present(grid.flat())));
  form.querySelectorAll("[data-fill-column]").forEach((button) => button.addEventListener("click", () => {
    put(present(grid.map((cells) => cells[Number(button.dataset.fillColumn)])));
  }));
  rows.forEach((row, at) => {
    row.querySelector("[data-fill-row]").addEventListener("click", () => put(present(grid[at])));
    const above = row.querySelector("[data-copy-above]");
    if (above) above.addEventListener("click", () => put(grid[at].map((cell, n) => [cell, valueOf(grid[at - 1][n])])
      .filter(([cell]) => !isOff(cell)).filter(allowed)));
  });
  form.querySelector("[data-last-week]").addEventListener("click", () => {
    put(grid.flatMap((cells, at) => {
      const last = rows[at].dataset.last.split(" ");
      return cells.map((cell) => [cell, last[Number(cell.dataset.place)].split(".")[0]]);
    }).filter(([cell, value]) => value !== "-" && valueOf(cell) === "-" && !isOff(cell)).filter(allowed));
  });
  function allowed([cell, value]) {
    return !(isFuture(cell) && (value === "P" || value === "U"));
  }

  // What was typed is not lost by a click elsewhere.
  let sent = false;
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && count()) event.preventDefault();
  });
});
