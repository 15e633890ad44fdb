// What makes the pages quicker where scripts run. Every page works without this file.
// Hooks, all by attribute:
//   form[data-guard]         asks before typed text is lost
//   [data-focus]             takes the focus when it appears (error lists, new rows)
//   input[data-output=ID]    shows its value in <output id=ID>
//   form[data-theme-switch]  switches at once, saves behind the scene
//   a[data-key=X]            "g" then X goes there
//   details[data-fold=X]     a group of the navigation; the next page remembers which are folded
//   svg[data-drag=FORM]      a timeline bar; see "Drag" below
(() => {
  "use strict";
  const root = document.documentElement;
  const textOf = (id) => document.getElementById(id)?.content.textContent ?? "";

  // Theme
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-theme-switch]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    document.querySelectorAll("form[data-theme-switch] button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === theme));
    });
    fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) }).then((answer) => {
      if (!answer.ok) showFailure();
    }, showFailure);
  });

  // Messages
  function addDismiss(flash) {
    if (flash.querySelector("[data-dismiss]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.dataset.dismiss = "";
    button.textContent = textOf("dismiss-label");
    flash.append(button);
  }

  function showFailure(kind) {
    const template = document.getElementById(typeof kind === "string" ? kind : "request-failed");
    document.getElementById("flashes")?.replaceChildren(template.content.cloneNode(true));
    document.querySelectorAll(".flash").forEach(addDismiss);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest(".flash").remove();
    if (event.target.closest("[data-keys-open]")) document.getElementById("keys").showModal();
    closeFolds((fold) => !fold.contains(event.target));
  });

  // Groups of the navigation stay as they were folded, on this device
  document.addEventListener("click", (event) => {
    const clicked = event.target.closest("[data-fold] > summary")?.parentElement;
    if (!clicked) return;
    const groups = [...clicked.parentElement.children];
    const folded = groups.filter((one) => one.open === (one === clicked)); // it folds or unfolds just after this
    document.cookie = `folded=${folded.map((one) => one.dataset.fold).join(".")}; path=/; max-age=31536000; samesite=lax`;
  });

  // Menus close on Escape and on a click elsewhere
  function closeFolds(isWanted) {
    document.querySelectorAll("details:is(.menu, .ask, .rail .account)[open]").forEach((fold) => {
      if (!isWanted(fold)) return;
      const hadFocus = fold.contains(document.activeElement);
      fold.open = false;
      if (hadFocus) fold.querySelector("summary").focus();
    });
  }

  // Text that is typed and not saved
  let isLeavingOnPurpose = false;
  const dirtyForms = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form?.closest("form[data-guard]");
    if (form) dirtyForms.add(form);
    const output = event.target.dataset.output;
    if (output) document.getElementById(output).value = event.target.value;
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-guard]") && (isLost || !navigator.onLine)) holdBack(event);
    else isLeavingOnPurpose = true;
  });

  // What is typed is written nowhere in the browser: while the server does not answer, it stays in its page
  let isLost = false;

  function holdBack(event) {
    const { target: form, submitter } = event;
    event.preventDefault();
    fetch("/health", { cache: "no-store" }).then(() => {
      isLost = false;
      form.requestSubmit(submitter);
    }, () => showFailure("connection-lost"));
  }

  window.addEventListener("beforeunload", (event) => {
    const isDirty = [...dirtyForms].some((form) => form.isConnected);
    if (isDirty && !isLeavingOnPurpose) event.preventDefault();
    isLeavingOnPurpose = false;
  });

  // Keys: ? / g x, Ctrl+Enter, Esc; single keys can be switched off on this device
  const KEYS_OFF = "planner-keys-off";
  let isGoing = false;
  const isTyping = (target) => target.closest("input, select, textarea, [contenteditable], dialog") !== null;

  function go(key) {
    document.querySelector(`a[data-key="${CSS.escape(key)}"]`)?.click();
  }

  function onSingleKey(event) {
    if (isGoing) {
      isGoing = false;
      go(event.key);
    } else if (event.key === "g") {
      isGoing = true;
      setTimeout(() => (isGoing = false), 1500);
    } else if (event.key === "?") {
      document.getElementById("keys").showModal();
    } else if (event.key === "/") {
      const search = document.querySelector("main input[type=search]");
      if (search) event.preventDefault();
      search?.focus();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeFolds((fold) => fold.contains(event.target));
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (localStorage.getItem(KEYS_OFF) === null) onSingleKey(event);
  });

  function prepareKeys() {
    const box = document.getElementById("keys-on");
    if (!box) return;
    box.checked = localStorage.getItem(KEYS_OFF) === null;
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(KEYS_OFF);
      else localStorage.setItem(KEYS_OFF, "1");
    });
    document.querySelectorAll("[data-keys-open]").forEach((button) => (button.hidden = false));
  }

  // Drag: svg[data-drag=FORM data-field data-start data-periods data-first data-last] moves by whole periods between
  // first and last; when let go, the new start is written into that field of that form and the form is sent, which is
  // what the keyboard way does. Escape puts the bar back.
  let drag = null;

  function startDrag(event) {
    const bar = event.target.closest?.("[data-drag]");
    if (!bar || event.button !== 0) return;
    const lane = bar.closest(".lane");
    drag = { bar, fromX: event.clientX, left: parseFloat(bar.getAttribute("x")), moved: 0, step: lane.getBoundingClientRect().width / Number(bar.dataset.periods) };
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  function moveDrag(event) {
    if (!drag) return;
    const { start, first, last, periods } = drag.bar.dataset;
    const wanted = Number(start) + Math.round((event.clientX - drag.fromX) / drag.step);
    drag.moved = Math.min(Math.max(wanted, Number(first)), Number(last)) - Number(start);
    drag.bar.classList.toggle("dragging", drag.moved !== 0);
    drag.bar.setAttribute("x", `${drag.left + (drag.moved * 100) / Number(periods)}%`);
  }

  function endDrag(isKept) {
    if (!drag) return;
    const { bar, left, moved } = drag;
    drag = null;
    bar.classList.remove("dragging");
    if (!isKept || moved === 0) return bar.setAttribute("x", `${left}%`);
    bar.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
    const form = document.getElementById(bar.dataset.drag);
    form.elements[bar.dataset.field].value = Number(bar.dataset.start) + moved;
    form.requestSubmit();
  }

  document.addEventListener("pointerdown", startDrag);
  document.addEventListener("pointermove", moveDrag);
  document.addEventListener("pointerup", () => endDrag(true));
  document.addEventListener("pointercancel", () => endDrag(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && endDrag(false));

  // htmx: answers that are no fragment never land in the page; 409 and 422 are the page's own words
  document.addEventListener("htmx:before:swap", (event) => {
    const status = event.detail?.ctx?.response?.status ?? 200;
    if (status < 400 || status === 409 || status === 422) return;
    event.preventDefault();
    showFailure(status === 401 ? "logged-out" : undefined);
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.target.closest?.("[data-presence]")) isLost = true; // it asks again by itself, and a form asks first
    else showFailure();
  });

  // htmx attaches a moment after the page is shown, before this script comes or after it: what was typed until then counts too
  let typedEarly = [...document.querySelectorAll("main input[type=search]")].find((field) => field.value !== field.defaultValue) ?? null;
  const searchEarly = () => typedEarly?.dispatchEvent(new Event("input", { bubbles: true }));
  if (document.querySelector("[data-htmx-powered]")) searchEarly();
  else {
    const noteEarly = (event) => (typedEarly = event.target);
    document.addEventListener("input", noteEarly);
    document.addEventListener("htmx:after:process", () => {
      document.removeEventListener("input", noteEarly);
      searchEarly();
    }, { once: true });
  }

  // Who leaves a page on which others edit too says so; a page that is only hidden comes back and asks anew
  window.addEventListener("pagehide", () => {
    document.querySelectorAll("[data-presence]").forEach((place) => {
      const said = new FormData();
      said.append("path", place.dataset.path);
      said.append("csrf_token", document.querySelector("meta[name=csrf-token]").content);
      navigator.sendBeacon(place.dataset.presence, said);
    });
  });

  document.addEventListener("htmx:after:swap", () => prepare());

  // Where a page has just been loaded, somebody may be typing in it already: theirs is the focus
  function prepare(isFree = true) {
    document.querySelectorAll(".flash").forEach(addDismiss);
    const wanted = document.querySelector("[data-focus]");
    if (!wanted) return;
    wanted.removeAttribute("data-focus");
    if (isFree) wanted.focus();
  }

  prepareKeys();
  prepare(document.activeElement === document.body || document.activeElement.autofocus);
})();
