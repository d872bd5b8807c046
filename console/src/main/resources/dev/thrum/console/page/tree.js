import { Branch, key, PAGE } from "./branch.js";
import { h, notice, setData, setText } from "./dom.js";
import { count, plural, time, tone } from "./format.js";

// The tree of tasks. Only the rows in sight are elements, and only their pages are asked for, so that it does not
// matter how many tasks there are.

const ROW = 26;
const MOST_PAGES = 6;
const MOST_OPENED = 4;

export class Tree {
  static title = "Tree";
  static filtered = false;

  #shell;
  #root = new Branch(undefined, undefined, 0);
  #loop;
  #rows = h("div", { class: "rows" });
  #tall = h("div", { class: "tall" });
  #empty = h("div", { class: "empty", hidden: true });
  #at = 0;
  #loaded = false;

  constructor(shell) {
    this.#shell = shell;
    this.#tall.append(this.#rows);
    this.#rows.setAttribute("role", "presentation");
    this.element = h("div", { class: "tree", role: "tree", tabindex: 0, "aria-label": "Tasks" }, this.#tall, this.#empty);
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.element.addEventListener("click", (event) => this.#click(event));
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.resizing = new ResizeObserver(() => this.#draw());
    this.resizing.observe(this.element);
  }

  async refresh(ask) {
    if (this.#loop !== this.#shell.loop) {
      this.#loop = this.#shell.loop;
      this.#root = new Branch(undefined, undefined, 0);
      this.#at = 0;
      this.#loaded = false;
    }
    for (const { branch, page } of this.#wanted()) {
      const root = this.#root;
      const { nodes, more } = await ask("tree", {
        loop: branch.loop ?? this.#loop,
        parent: branch.parent,
        offset: page * PAGE,
        limit: PAGE,
      });
      if (root !== this.#root) {
        return;
      }
      branch.load(page, nodes, more);
    }
    this.#begin();
    this.#draw();
    this.#shell.summary(plural(this.#root.rows, "row"));
  }

  // A few main tasks are opened at once.
  #begin() {
    if (!this.#loaded && this.#root.size <= MOST_OPENED) {
      for (let i = 0; i < this.#root.size; i++) {
        const node = this.#root.node(i);
        if (node?.children) {
          this.#root.open(node);
          this.#shell.soon();
        }
      }
    }
    this.#loaded = true;
  }

  stop() {
    this.resizing.disconnect();
  }

  // The pages of the rows in sight, and the first page of the main tasks to begin with.
  #wanted() {
    const pages = new Map();
    const { from, to } = this.#sight();
    for (let i = from; i < to; i++) {
      const { branch, index } = this.#root.row(i);
      const page = Math.floor(index / PAGE);
      pages.set(`${branch.loop}/${branch.parent}/${page}`, { branch, page });
    }
    if (pages.size === 0) {
      return [{ branch: this.#root, page: 0 }];
    }
    return [...pages.values()].slice(0, MOST_PAGES);
  }

  #sight() {
    const from = Math.max(0, Math.floor(this.element.scrollTop / ROW) - 2);
    const to = Math.min(this.#root.rows, from + Math.ceil(this.element.clientHeight / ROW) + 5);
    return { from, to };
  }

  #scrolled() {
    this.#draw();
    const { from, to } = this.#sight();
    for (let i = from; i < to; i++) {
      if (!this.#root.row(i).node) {
        this.#shell.soon();
        return;
      }
    }
  }

  #draw() {
    const total = this.#root.rows;
    this.#at = Math.max(0, Math.min(this.#at, total - 1));
    this.#tall.style.height = `${total * ROW}px`;
    this.#empty.hidden = total > 0 || !this.#loaded;
    if (!this.#empty.hidden && !this.#empty.firstChild) {
      this.#empty.append(notice("No tasks", "The loops have nothing to do."));
    }
    const { from, to } = this.#sight();
    this.#rows.style.transform = `translateY(${from * ROW}px)`;
    while (this.#rows.children.length > to - from) {
      this.#rows.lastChild.remove();
    }
    for (let i = from; i < to; i++) {
      if (!this.#rows.children[i - from]) {
        this.#rows.append(row());
      }
      this.#fill(this.#rows.children[i - from], i);
    }
    this.element.setAttribute("aria-activedescendant", `row-${this.#at}`);
  }

  #fill(element, i) {
    const { branch, node } = this.#root.row(i);
    const [twisty, name, inside, state, waits, age] = element.children;
    const isOpen = node ? branch.isOpen(node) : false;
    element.id = `row-${i}`;
    element.dataset.row = i;
    element.style.setProperty("--depth", branch.depth);
    element.setAttribute("aria-level", branch.depth + 1);
    element.setAttribute("aria-selected", String(Boolean(node) && this.#shell.details.shown === key(node)));
    element.classList.toggle("at", i === this.#at);
    if (node?.children) {
      element.setAttribute("aria-expanded", String(isOpen));
    } else {
      element.removeAttribute("aria-expanded");
    }
    setText(twisty, node?.children ? (isOpen ? "▾" : "▸") : "");
    setText(name, node?.name ?? "…");
    setText(inside, node?.children ? count(node.children) : "");
    setText(state, node?.state ?? "");
    setData(state, "tone", node ? (node.cancelled ? "warn" : tone(node.state)) : undefined);
    setText(waits, node ? (node.cancelled ? `cancelled: ${node.cancelled}` : (node.waitsFor ?? "")) : "");
    setText(age, node ? time(node.ageMs) : "");
    element.title = node ? `${node.name} (${node.kind}, ${node.loop}, task ${node.id})` : "";
  }

  #click(event) {
    const element = event.target.closest("[data-row]");
    if (!element) {
      return;
    }
    this.#at = Number(element.dataset.row);
    const { branch, node } = this.#root.row(this.#at);
    if (node?.children && event.target.classList.contains("twisty")) {
      this.#toggle(branch, node);
    } else if (node) {
      this.#shell.open(node.loop, node.id);
    }
    this.#draw();
  }

  #toggle(branch, node) {
    if (branch.isOpen(node)) {
      branch.close(node);
    } else {
      branch.open(node);
    }
    this.#shell.soon();
  }

  #key(event) {
    if (this.#root.rows === 0) {
      return;
    }
    const { branch, node } = this.#root.row(this.#at);
    const screen = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 1);
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: screen, PageUp: -screen, Home: -Infinity, End: Infinity };
    if (move[event.key] !== undefined) {
      this.#at = Math.max(0, Math.min(this.#root.rows - 1, this.#at + move[event.key]));
    } else if (event.key === "ArrowRight" && node?.children && !branch.isOpen(node)) {
      this.#toggle(branch, node);
    } else if (event.key === "ArrowLeft" && node && branch.isOpen(node)) {
      this.#toggle(branch, node);
    } else if (event.key === "ArrowLeft") {
      this.#at = this.#parentOf(branch);
    } else if (event.key === "Enter" && node) {
      this.#shell.open(node.loop, node.id);
    } else {
      return;
    }
    event.preventDefault();
    const top = this.#at * ROW;
    if (top < this.element.scrollTop) {
      this.element.scrollTop = top;
    } else if (top + ROW > this.element.scrollTop + this.element.clientHeight) {
      this.element.scrollTop = top + ROW - this.element.clientHeight;
    }
    this.#scrolled();
  }

  #parentOf(branch) {
    let i = this.#at;
    while (i > 0 && this.#root.row(i).branch.depth >= branch.depth) {
      i--;
    }
    return i;
  }
}

function row() {
  return h(
    "div",
    { class: "row", role: "treeitem" },
    h("span", { class: "twisty" }),
    h("span", { class: "name" }),
    h("span", { class: "inside" }),
    h("span", { class: "state" }),
    h("span", { class: "waits" }),
    h("span", { class: "age" }),
  );
}
