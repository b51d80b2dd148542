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
  const row = event.target.closest("tr");
  row.dataset.again = "";
  say(row, grid.dataset.lost);
}

// Whoever was signed out meanwhile, and in again, has a new token: the page takes it, and the row is sent again.
function renew(row, answer) {
  const fresh = new DOMParser().parseFromString(answer, "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (!fresh) return false;
  for (const token of document.querySelectorAll("[name=csrfmiddlewaretoken]")) token.value = fresh.value;
  setTimeout(() => row.dispatchEvent(new Event("retry")));
  return true;
}

// What answers for a session that has ended, or begun anew, has no place in a cell.
function refuseOtherPages(event) {
  const { xhr, pathInfo } = event.detail;
  if (xhr.status !== 401 && new URL(xhr.responseURL).pathname === pathInfo.requestPath) return;
  event.detail.shouldSwap = false;
  if (xhr.status === 401 && renew(event.target.closest("tr"), xhr.responseText)) event.detail.isError = false;
  else lost(event);
}

function sendAgain() {
  for (const row of grid.querySelectorAll("[data-again]")) {
    delete row.dataset.again;
    row.dispatchEvent(new Event("retry"));
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
  window.addEventListener("focus", sendAgain);
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-grid] [data-unsaved]")) event.preventDefault();
  });
}
