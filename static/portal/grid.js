// The grid: Enter and the arrows move between its rows, and a row says when it could not be saved.
// htmx and the server do the rest; without any of it, Tab and "Save all" do.

const grid = document.querySelector("[data-grid]");

function step(event) {
  const { key, ctrlKey, shiftKey, target } = event;
  if (key === "Enter") return shiftKey ? 0 : 1;
  const direction = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
  if (ctrlKey || target.matches("input")) return direction;
  if (!target.matches("textarea")) return 0; // in a list, the arrows choose
  const isAtEdge = direction < 0 ? target.selectionStart === 0 : target.selectionEnd === target.value.length;
  return isAtEdge ? direction : 0;
}

function move(event) {
  const box = event.target.closest("[data-column]");
  const by = box ? step(event) : 0;
  if (by === 0) return;
  event.preventDefault();
  const column = [...grid.querySelectorAll(`[data-column="${box.dataset.column}"]`)];
  const next = column[column.indexOf(box) + by] ?? box;
  box.blur(); // so that the last row is saved too
  next.focus();
  next.select?.();
}

function say(row, words) {
  row.querySelector("[id^=state-] p").textContent = words;
  document.getElementById("grid-said").textContent = words;
}

function lost(event) {
  say(event.target.closest("tr"), grid.dataset.lost);
}

// A session that has ended answers with the sign-in page, which has no place in a cell.
function refuseOtherPages(event) {
  if (new URL(event.detail.xhr.responseURL).pathname !== event.detail.pathInfo.requestPath) {
    event.detail.shouldSwap = false;
    lost(event);
  }
}

function settle(event) {
  const row = event.target.closest("tr");
  for (const box of row.querySelectorAll("[data-column]")) {
    const error = document.getElementById(`${box.id}_error`);
    box.toggleAttribute("aria-invalid", false);
    if (error) {
      box.setAttribute("aria-invalid", "true");
      box.setAttribute("aria-describedby", error.id);
    }
    box.closest("td").classList.toggle("nhsuk-form-group--error", Boolean(error));
  }
  if (!row.querySelector(".nhsuk-error-message")) delete row.dataset.unsaved;
  // A tick or a choice that is done with is gone: the work goes on in the next row.
  if (document.activeElement === document.body) (row.nextElementSibling ?? row).querySelector("[data-column], a").focus();
}

if (grid) {
  grid.addEventListener("keydown", move);
  grid.addEventListener("input", (event) => (event.target.closest("tr").dataset.unsaved = ""));
  grid.addEventListener("htmx:beforeSwap", refuseOtherPages);
  grid.addEventListener("htmx:responseError", lost);
  grid.addEventListener("htmx:sendError", lost);
  grid.addEventListener("htmx:afterSettle", settle);
  grid.closest("form").addEventListener("submit", () => grid.removeAttribute("data-grid"));
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-grid] [data-unsaved]")) event.preventDefault();
  });
}
