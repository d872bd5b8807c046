import { h, notice, setData, setText } from "./dom.js";

// A table whose rows stay where they are: only texts change, so that focus and selection live through a refresh.
//
// A column is {title, text(item)} and may have: class, tone(item), hint(item), color(item), sort (its name for the
// server), hidden() to leave it out.

export class Table {
  #columns;
  #options;
  #items = [];
  #body = h("tbody");
  #head = h("tr");
  #table;
  #empty = h("div", { class: "empty" });
  #at = 0;

  constructor(columns, options = {}) {
    this.#columns = columns;
    this.#options = options;
    this.#table = h("table", { "aria-label": options.label }, h("thead", {}, this.#head), this.#body);
    this.element = h("div", { class: "table" }, this.#table, this.#empty);
    for (const column of columns) {
      const name = column.sort
        ? h("button", { type: "button", onclick: () => options.onSort(column.sort) }, column.title)
        : column.title;
      this.#head.append(h("th", { class: column.class, scope: "col" }, name));
    }
    if (options.onOpen) {
      this.#body.addEventListener("click", (event) => this.#open(event));
      this.#body.addEventListener("keydown", (event) => this.#key(event));
    }
  }

  update(items, { sort = undefined, chosen = undefined } = {}) {
    this.#items = items;
    const hidden = this.#columns.map((column) => column.hidden?.() ?? false);
    this.#columns.forEach((column, i) => {
      const cell = this.#head.children[i];
      cell.hidden = hidden[i];
      if (column.sort) {
        cell.setAttribute("aria-sort", column.sort === sort ? (column.rises ? "ascending" : "descending") : "none");
      }
    });
    while (this.#body.children.length > items.length) {
      this.#body.lastChild.remove();
    }
    items.forEach((item, i) => this.#fill(i, item, hidden, chosen));
    this.#table.hidden = items.length === 0;
    this.#empty.hidden = items.length > 0;
    if (items.length === 0) {
      const [title, text] = this.#options.empty();
      this.#empty.replaceChildren(notice(title, text));
    }
  }

  #fill(i, item, hidden, chosen) {
    let row = this.#body.children[i];
    if (!row) {
      row = h("tr", {}, this.#columns.map((column) => h("td", { class: column.class }, h("span"))));
      this.#body.append(row);
    }
    if (this.#options.onOpen) {
      row.tabIndex = i === Math.min(this.#at, this.#items.length - 1) ? 0 : -1;
      row.setAttribute("aria-selected", String(chosen !== undefined && chosen === this.#options.key(item)));
    }
    this.#columns.forEach((column, c) => {
      const cell = row.children[c];
      cell.hidden = hidden[c];
      const text = column.text(item) ?? "";
      setText(cell.firstChild, text);
      setData(cell.firstChild, "tone", text === "" ? undefined : column.tone?.(item));
      cell.title = column.hint?.(item) ?? (text.length > 24 ? text : "");
      if (column.color) {
        cell.style.setProperty("--swatch", column.color(item));
      }
    });
  }

  #open(event) {
    const row = event.target.closest("tr");
    if (row && getSelection().isCollapsed) {
      this.#at = row.rowIndex - 1;
      this.#options.onOpen(this.#items[this.#at]);
    }
  }

  #key(event) {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -Infinity, End: Infinity };
    if (event.key === "Enter") {
      this.#options.onOpen(this.#items[this.#at]);
    } else if (move[event.key] !== undefined) {
      const rows = this.#body.children;
      rows[this.#at].tabIndex = -1;
      this.#at = Math.max(0, Math.min(rows.length - 1, this.#at + move[event.key]));
      rows[this.#at].tabIndex = 0;
      rows[this.#at].focus();
    } else {
      return;
    }
    event.preventDefault();
  }
}
