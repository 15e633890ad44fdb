// The pipeline board: cards are dragged, and moved by keys. Both send what a card's own buttons send; without this file
// the buttons and the ticks do all of it.
(() => {
  "use strict";
  const SLOP = 6; // pixels that a press may wander before it is a drag
  const TICKS = "input[name=candidates], input[name=cards]"; // what a card is chosen by
  const EDGE = 48; // pixels at the side of the board that scroll it
  let drag = null;

  const boardOf = (element) => element?.closest?.("[data-board][data-can-move]") ?? null;

  function send(board, card, column) {
    if (column.startsWith("hired")) {
      location.assign(card.querySelector(".card-head a").href.replace(/\/?$/, "/hire"));
      return;
    }
    if (column.startsWith("declined") || wantsReason(card, column)) return askWhy(board, card, column);
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "one", value: `${card.dataset.card}:${column}` });
    board.append(field);
    board.requestSubmit();
  }

  // The columns into which this card moves only with a reason, as the page says
  const wantsReason = (card, column) => (card.dataset.wants ?? "").split(" ").includes(column);

  // Declining wants a reason: the card is ticked, the column chosen, and the reason asked for
  function askWhy(board, card, column) {
    board.querySelectorAll(TICKS).forEach((box) => (box.checked = box.value === card.dataset.card));
    board.elements.to.value = column;
    board.elements.reason.focus();
  }

  // A card's arrow: where the column wants a reason, that is asked for first
  function press(button) {
    if (!button) return false;
    const card = button.closest("[data-card]");
    const column = button.value.slice(button.value.lastIndexOf(":") + 1);
    if (!wantsReason(card, column)) return button.click();
    askWhy(boardOf(card), card, column);
    return true;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-move]");
    const card = button?.closest("[data-card]");
    if (!boardOf(card) || !wantsReason(card, button.value.slice(button.value.lastIndexOf(":") + 1))) return;
    event.preventDefault();
    press(button);
  });

  function pileAt(board, event) {
    return document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest(".pile")).find((pile) => pile && board.contains(pile)) ?? null;
  }

  function aimAt(board, pile) {
    board.querySelectorAll(".pile.aim").forEach((one) => one !== pile && one.classList.remove("aim"));
    pile?.classList.add("aim");
  }

  function start(event) {
    const card = event.target.closest?.("[data-card]");
    const board = boardOf(card);
    if (!board || event.button !== 0 || event.target.closest("a, button, input, label")) return;
    if (card.querySelector(TICKS) === null) return;
    drag = { card, board, x: event.clientX, y: event.clientY, isMoving: false, pointer: event.pointerId };
  }

  function move(event) {
    if (!drag || event.pointerId !== drag.pointer) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.isMoving && Math.hypot(dx, dy) < SLOP) return;
    if (!drag.isMoving) drag.card.setPointerCapture(drag.pointer);
    drag.isMoving = true;
    drag.card.classList.add("dragging");
    drag.card.style.transform = `translate(${dx}px, ${dy}px)`;
    scrollAt(drag.board.querySelector(".lanes"), event.clientX);
    aimAt(drag.board, pileAt(drag.board, event));
    event.preventDefault();
  }

  function scrollAt(lanes, x) {
    const { left, right } = lanes.getBoundingClientRect();
    if (x < left + EDGE) lanes.scrollBy(-12, 0);
    else if (x > right - EDGE) lanes.scrollBy(12, 0);
  }

  function end(event, isKept) {
    if (!drag) return;
    const { card, board, isMoving } = drag;
    drag = null;
    card.classList.remove("dragging");
    card.style.transform = "";
    aimAt(board, null);
    const pile = isKept && isMoving ? pileAt(board, event) : null;
    if (pile && pile !== card.closest(".pile")) send(board, card, pile.dataset.column);
  }

  document.addEventListener("pointerdown", start);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", (event) => end(event, true));
  document.addEventListener("pointercancel", (event) => end(event, false));

  // Keys, on whatever of a card has the focus: Shift and an arrow moves it, x ticks it
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return end(event, false);
    const card = event.target.closest?.("[data-card]");
    if (!boardOf(card) || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: "left", ArrowRight: "right" }[event.key];
    if (event.shiftKey && way) {
      event.preventDefault();
      press(card.querySelector(`[data-move=${way}]`));
    } else if (event.key === "x" && event.target.type !== "text") {
      const box = card.querySelector(TICKS);
      if (box) box.checked = !box.checked;
    }
  });
})();
