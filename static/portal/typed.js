// Keeps what is typed into a form marked data-keep in this tab (sessionStorage), until the portal has it. The mark
// names the person and the page, so that nobody else is shown it. See docs/decisions.md.
const PREFIX = "typed:";
const SENT = "typed-sent";
const RETRY_AFTER = 8_000;

const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const boxes = (form) => [...form.elements].filter((box) => box.name && box.matches("textarea, select, [type=text], [type=radio], [type=checkbox]"));
const isTick = (box) => box.type === "radio" || box.type === "checkbox";
const words = (form) => JSON.stringify(boxes(form).filter((box) => !isTick(box) || box.checked).map((box) => [box.name, box.value]));

function putBack(form, kept) {
  const typed = JSON.parse(kept);
  for (const box of boxes(form)) {
    const own = typed.filter(([name]) => name === box.name).map(([, value]) => value);
    if (isTick(box)) box.checked = own.includes(box.value);
    else if (own.length) box.value = own[0];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer(form, key, kept) {
  const notice = document.querySelector("[data-kept-notice]");
  notice.hidden = false;
  notice.querySelector("[data-restore]").addEventListener("click", () => {
    notice.remove();
    putBack(form, kept);
    boxes(form)[0].focus();
  });
  notice.querySelector("[data-discard]").addEventListener("click", () => {
    notice.remove();
    sessionStorage.removeItem(key);
  });
}

function keep(form) {
  const key = PREFIX + form.dataset.keep;
  const status = form.querySelector("[data-lost]");
  const kept = sessionStorage.getItem(key);
  let sending, retry;
  if (kept && kept !== words(form)) offer(form, key, kept);
  else if (!document.querySelector(".nhsuk-error-summary")) sessionStorage.removeItem(key);
  form.addEventListener("input", () => {
    if (!document.querySelector("[data-kept-notice]:not([hidden])")) sessionStorage.setItem(key, words(form));
  });
  form.addEventListener("htmx:beforeRequest", () => {
    sending = sessionStorage.getItem(key);
    retry = clearTimeout(retry);
  });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && sending === sessionStorage.getItem(key)) sessionStorage.removeItem(key);
    if (detail.successful || detail.xhr.status === 409) return;
    if (detail.xhr.status !== 401) status.textContent = status.dataset.lost;
    retry = setTimeout(() => form.dispatchEvent(new Event("retry")), RETRY_AFTER);
  });
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, key));
  addEventListener("focus", () => retry && form.dispatchEvent(new Event("retry")));
}

// A page that tells of success answers the form that was sent last.
if (document.querySelector(".nhsuk-notification-banner--success")) sessionStorage.removeItem(sessionStorage.getItem(SENT));
const form = document.querySelector("form[data-keep]");
if (form) keep(form);

// Whoever signs out leaves nothing behind in this tab.
for (const leaving of document.querySelectorAll("form[action$='/logout/']")) {
  leaving.addEventListener("submit", () => keys().forEach((key) => sessionStorage.removeItem(key)));
}
