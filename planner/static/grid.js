// A grid of cells over a textarea of tab-separated text: [data-grid=ID of the textarea]. Its words are data attributes.
// What is typed or pasted in the grid is written into the textarea at once, so that the form sends the same either way;
// without this file the textarea does all of it.
(() => {
  "use strict";
  const ROWS_MOST = 500; // more of them are quicker as text
  const ROWS_AT_FIRST = 8;

  // Tab-separated text, as spreadsheets copy it: a cell with a tab, a line break or a quote stands in quotes
  function parse(text) {
    const rows = [[]];
    let cell = "";
    let isQuoted = false;
    for (let n = 0; n < text.length; n++) {
      const sign = text[n];
      if (isQuoted && sign === '"' && text[n + 1] === '"') (cell += '"'), n++;
      else if (isQuoted && sign === '"') isQuoted = false;
      else if (!isQuoted && sign === '"' && cell === "") isQuoted = true;
      else if (!isQuoted && sign === "\t") rows.at(-1).push(cell), (cell = "");
      else if (!isQuoted && (sign === "\n" || sign === "\r")) {
        if (sign === "\r" && text[n + 1] === "\n") n++;
        rows.at(-1).push(cell);
        cell = "";
        rows.push([]);
      } else cell += sign;
    }
    rows.at(-1).push(cell);
    if (rows.length > 1 && rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
    return rows;
  }

  const quoted = (cell) => (/[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const written = (rows) => rows.map((row) => row.map(quoted).join("\t")).join("\n");

  class Grid {
    constructor(box) {
      this.box = box;
      this.words = box.dataset;
      this.area = document.getElementById(box.dataset.grid);
      this.field = this.area.closest(".field");
      this.undone = [];
      this.at = [0, 0];
      this.from = [0, 0];
      this.make();
      this.show(!this.field.classList.contains("invalid"));
    }

    make() {
      const scroll = document.createElement("div");
      scroll.className = "grid-scroll";
      this.root = document.createElement("div");
      Object.assign(this.root, { className: "grid", role: "grid", ariaLabel: this.words.gridLabel, ariaMultiSelectable: "true" });
      this.help = document.createElement("p");
      Object.assign(this.help, { className: "hint", id: "grid-help", textContent: this.words.help });
      this.root.setAttribute("aria-describedby", "grid-help");
      this.status = document.createElement("span");
      Object.assign(this.status, { role: "status", className: "mute" });
      this.toggle = document.createElement("button");
      Object.assign(this.toggle, { type: "button", className: "small" });
      this.toggle.addEventListener("click", () => this.show(this.scroll.hidden));
      const notes = document.createElement("div");
      notes.className = "grid-notes";
      notes.append(this.toggle, this.status);
      scroll.append(this.root);
      this.scroll = scroll;
      this.box.append(this.help, scroll, notes);
      this.root.addEventListener("keydown", (event) => this.onKey(event));
      this.root.addEventListener("pointerdown", (event) => this.onPoint(event));
      this.root.addEventListener("dblclick", () => this.edit());
      this.root.addEventListener("paste", (event) => this.onPaste(event));
      this.root.addEventListener("copy", (event) => this.onCopy(event));
      this.root.addEventListener("cut", (event) => this.onCopy(event) && this.clear());
    }

    // The cells are those of the text; an empty one offers the headings that are known
    load() {
      const text = this.area.value;
      this.cells = text.trim() ? parse(text) : [this.words.headings.split("\t")];
      this.offered = new Set(text.trim() ? [] : this.cells[0].keys()); // columns whose heading nobody has written
      while (this.cells.length < ROWS_AT_FIRST) this.cells.push([]);
      this.square();
    }

    square() {
      this.width = Math.max(...this.cells.map((row) => row.length), 1);
      this.cells.forEach((row) => {
        while (row.length < this.width) row.push("");
      });
    }

    show(isGrid) {
      if (isGrid && parse(this.area.value).length > ROWS_MOST) {
        this.say(this.words.large);
        isGrid = false;
      }
      if (isGrid) this.load(), this.draw();
      this.scroll.hidden = this.help.hidden = !isGrid;
      this.field.hidden = isGrid;
      this.toggle.textContent = isGrid ? this.words.asText : this.words.asGrid;
    }

    draw() {
      this.root.replaceChildren();
      this.root.ariaColCount = this.width + 1;
      this.root.ariaRowCount = this.cells.length;
      this.cells.forEach((row, n) => this.root.append(this.rowOf(row, n)));
      this.mark();
    }

    rowOf(row, n) {
      const line = document.createElement("div");
      line.role = "row";
      line.ariaRowIndex = n + 1;
      const head = document.createElement("div");
      Object.assign(head, { role: "rowheader", textContent: n + 1 });
      head.ariaLabel = `${this.words.rowLabel} ${n + 1}`;
      line.append(head, ...row.map((text, m) => this.cellOf(text, n, m)));
      return line;
    }

    cellOf(text, n, m) {
      const cell = document.createElement("div");
      Object.assign(cell, { role: "gridcell", textContent: text, tabIndex: -1 });
      cell.dataset.place = `${n} ${m}`;
      cell.ariaColIndex = m + 2;
      return cell;
    }

    element([n, m]) {
      return this.root.children[n]?.children[m + 1];
    }

    block() {
      const [rows, columns] = [0, 1].map((k) => [this.at[k], this.from[k]].sort((a, b) => a - b));
      return { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] };
    }

    mark() {
      const { top, bottom, left, right } = this.block();
      this.root.querySelectorAll("[role=gridcell]").forEach((cell) => {
        const [n, m] = cell.dataset.place.split(" ").map(Number);
        cell.ariaSelected = String(n >= top && n <= bottom && m >= left && m <= right);
        cell.tabIndex = n === this.at[0] && m === this.at[1] ? 0 : -1;
      });
    }

    move(rows, columns, isWider = false) {
      this.go([this.at[0] + rows, this.at[1] + columns], isWider);
    }

    go([n, m], isWider = false) {
      if (n >= this.cells.length && n < ROWS_MOST) {
        this.cells.push(Array(this.width).fill(""));
        this.root.append(this.rowOf(this.cells.at(-1), this.cells.length - 1));
        this.root.ariaRowCount = this.cells.length;
      }
      this.at = [Math.min(Math.max(n, 0), this.cells.length - 1), Math.min(Math.max(m, 0), this.width - 1)];
      if (!isWider) this.from = this.at;
      this.mark();
      this.element(this.at).focus();
    }

    // Every change is one step that Ctrl+Z takes back
    change(work, message = "") {
      this.undone.push(this.cells.map((row) => [...row]));
      if (this.undone.length > 100) this.undone.shift();
      work();
      this.square();
      this.keep();
      this.draw();
      this.go(this.at, true);
      if (message) this.say(message);
    }

    // A heading that was only offered says nothing where nothing stands below it
    keep() {
      const isSaid = (m) => !this.offered.has(m) || this.cells.some((row, n) => n > 0 && row[m] !== "");
      const rows = this.cells.map((row) => row.filter((_cell, m) => isSaid(m)));
      while (rows.length && rows.at(-1).every((cell) => cell === "")) rows.pop();
      this.area.value = rows.length > 1 ? written(rows) : "";
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }

    undo() {
      const before = this.undone.pop();
      if (!before) return;
      this.cells = before;
      this.square();
      this.keep();
      this.draw();
      this.go(this.at, true);
      this.say(this.words.undone);
    }

    say(text) {
      this.status.textContent = text;
    }

    // Typing in a cell
    edit(first = null) {
      const cell = this.element(this.at);
      if (!cell || cell.querySelector("input")) return;
      const [n, m] = this.at;
      const input = document.createElement("input");
      input.value = first ?? this.cells[n][m];
      input.ariaLabel = `${this.cells[0][m]} ${n + 1}`;
      cell.replaceChildren(input);
      input.focus();
      let isOver = false;
      const end = (isKept) => {
        if (isOver) return;
        isOver = true;
        if (isKept && input.value !== this.cells[n][m]) {
          this.undone.push(this.cells.map((row) => [...row]));
          this.cells[n][m] = input.value;
          if (n === 0) this.offered.delete(m);
          this.keep();
        }
        cell.textContent = this.cells[n][m];
      };
      input.addEventListener("blur", () => end(true));
      input.addEventListener("keydown", (event) => {
        event.stopPropagation();
        const way = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] }[event.key];
        if (way) {
          event.preventDefault();
          end(true);
          this.move(...way);
        } else if (event.key === "Escape") {
          end(false);
          this.go(this.at);
        }
      });
    }

    onPoint(event) {
      const place = event.target.closest("[data-place]")?.dataset.place;
      if (!place || event.target.tagName === "INPUT") return;
      event.preventDefault();
      this.go(place.split(" ").map(Number), event.shiftKey);
    }

    onKey(event) {
      if (event.target.tagName === "INPUT") return;
      if (event.ctrlKey || event.metaKey) return this.onControl(event);
      const page = { Home: [this.at[0], 0], End: [this.at[0], this.width - 1] }[event.key];
      const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] }[event.key];
      if (this.isLeaving && event.key === "Tab") return (this.isLeaving = false);
      this.isLeaving = event.key === "Escape";
      if (way) this.move(...way, event.shiftKey);
      else if (page) this.go(page, event.shiftKey);
      else if (event.key === "Tab") this.move(0, event.shiftKey ? -1 : 1);
      else if (event.key === "Enter") this.move(event.shiftKey ? -1 : 1, 0);
      else if (event.key === "F2") this.edit();
      else if (event.key === "Delete" || event.key === "Backspace") this.clear();
      else if (event.key.length === 1 && !event.altKey) this.edit("");
      else return;
      if (event.key.length > 1) event.preventDefault();
    }

    onControl(event) {
      const work = {
        z: () => this.undo(),
        d: () => this.fillDown(),
        a: () => ((this.from = [0, 0]), this.go([this.cells.length - 1, this.width - 1], true)),
        Home: () => this.go([0, 0], event.shiftKey),
        End: () => this.go([this.cells.length - 1, this.width - 1], event.shiftKey),
      }[event.key];
      if (!work) return;
      event.preventDefault();
      event.stopPropagation();
      work();
    }

    each(work) {
      const { top, bottom, left, right } = this.block();
      for (let n = top; n <= bottom; n++) for (let m = left; m <= right; m++) work(n, m, top);
    }

    clear() {
      this.change(() => this.each((n, m) => (this.cells[n][m] = "")), this.words.cleared);
    }

    // The first row of what is selected goes into all rows below it; a single cell takes the one above
    fillDown() {
      const { top, bottom } = this.block();
      this.change(() => {
        this.each((n, m) => {
          const source = top === bottom ? top - 1 : top;
          if (source >= 0) this.cells[n][m] = this.cells[source][m];
        });
      }, this.words.filled);
    }

    onCopy(event) {
      if (event.target.tagName === "INPUT") return false;
      const { top, bottom, left, right } = this.block();
      event.clipboardData.setData("text/plain", written(this.cells.slice(top, bottom + 1).map((row) => row.slice(left, right + 1))));
      event.preventDefault();
      return true;
    }

    onPaste(event) {
      if (event.target.tagName === "INPUT") return;
      const rows = parse(event.clipboardData.getData("text/plain"));
      event.preventDefault();
      const { top, left } = this.block();
      if (top + rows.length > ROWS_MOST) return this.pasteText(rows, top, left);
      this.change(() => this.put(rows, top, left), `${this.words.pasted} ${rows.length} × ${Math.max(...rows.map((row) => row.length))}`);
    }

    put(rows, top, left) {
      rows.forEach((row, n) => {
        while (this.cells.length <= top + n) this.cells.push(Array(this.width).fill(""));
        row.forEach((text, m) => (this.cells[top + n][left + m] = text));
        if (top + n === 0) row.forEach((_text, m) => this.offered.delete(left + m));
      });
      this.cells = this.cells.map((row) => Array.from(row, (cell) => cell ?? ""));
      this.square();
      this.from = [top, left];
      this.at = [top + rows.length - 1, Math.min(left + Math.max(...rows.map((row) => row.length)) - 1, this.width - 1)];
    }

    pasteText(rows, top, left) {
      this.put(rows, top, left);
      this.keep();
      this.at = this.from = [0, 0];
      this.show(false);
      this.say(this.words.large);
      this.area.focus();
    }
  }

  document.querySelectorAll("[data-grid]").forEach((box) => new Grid(box));
})();
