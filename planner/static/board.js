// Boards of cards: dragged, and moved by keys. Both send what a card's own buttons send; without this file the buttons
// and the ticks do all of it. A pile may lead to a page of its own (data-leads), or want a reason (data-asks); on a
// board that is ranked a card also goes up and down.
(() => {
  "use strict";
  const SLOP = 6; // pixels that a press may wander before it is a drag
  const EDGE = 48; // pixels at the side of the board that scroll it
  let drag = null;

  const boardOf = (element) => element?.closest?.("[data-board][data-can-move]") ?? null;

  function send(board, card, pile, place) {
    if (pile.dataset.leads) {
      location.assign(card.querySelector(".card-head a").href.replace(/\/?$/, pile.dataset.leads));
      return;
    }
    const asks = pile.hasAttribute("data-asks") && pile !== card.closest(".pile");
    if (asks || wantsReason(card, pile.dataset.column)) return askWhy(board, card, pile.dataset.column);
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "one", value: [card.dataset.card, pile.dataset.column, ...place].join(":") });
    board.append(field);
    board.requestSubmit();
  }

  // The piles into which this card moves only with a reason, as the page says
  const wantsReason = (card, column) => (card.dataset.wants ?? "").split(" ").includes(column);

  // Where a reason is wanted: the card is ticked, the pile chosen, and the reason asked for
  function askWhy(board, card, column) {
    board.querySelectorAll("input[data-tick]").forEach((box) => (box.checked = box.value === card.dataset.card));
    board.querySelector(".moves select").value = column;
    board.elements.reason.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-move]");
    const card = button?.closest("[data-card]");
    const column = button?.value.slice(button.value.lastIndexOf(":") + 1);
    if (!boardOf(card) || !wantsReason(card, column)) return;
    event.preventDefault();
    askWhy(boardOf(card), card, column);
  });

  function pileAt(board, event) {
    return document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest(".pile")).find((pile) => pile && board.contains(pile)) ?? null;
  }

  function aimAt(board, pile) {
    board.querySelectorAll(".pile.aim").forEach((one) => one !== pile && one.classList.remove("aim"));
    pile?.classList.add("aim");
  }

  // The card of a pile below which a card would stand: the last one whose middle is above the pointer
  function cardAbove(pile, card, event) {
    const others = [...pile.querySelectorAll("[data-card]")].filter((one) => one !== card);
    return others.filter((one) => one.getBoundingClientRect().top + one.offsetHeight / 2 < event.clientY).pop() ?? null;
  }

  // Where in a pile a card goes, as its buttons say it; nothing where the board is not ranked, or it stands there
  function placeIn(board, pile, card, event) {
    if (!board.hasAttribute("data-ranked")) return pile === card.closest(".pile") ? null : [];
    const above = cardAbove(pile, card, event);
    const before = [...pile.querySelectorAll("[data-card]")];
    if (before.includes(card) && (before[before.indexOf(card) - 1] ?? null) === above) return null;
    return [above ? above.dataset.card.split(":")[0] : "first"];
  }

  function start(event) {
    const card = event.target.closest?.("[data-card]");
    const board = boardOf(card);
    if (!board || event.button !== 0 || event.target.closest("a, button, input, label")) return;
    if (card.querySelector("input[data-tick]") === null) return;
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
    const place = pile ? placeIn(board, pile, card, event) : null;
    if (place) send(board, card, pile, place);
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
    const way = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" }[event.key];
    const button = way && card.querySelector(`[data-move=${way}]`);
    if (event.shiftKey && button) {
      event.preventDefault();
      button.click();
    } else if (event.key === "x" && event.target.type !== "text") {
      const box = card.querySelector("input[data-tick]");
      if (box) box.checked = !box.checked;
    }
  });
})();
