import { h } from "./dom.js";
import { count, time, tone } from "./format.js";
import { Table } from "./table.js";

// All tasks, sorted and cut into pages by the program.

const PAGE = 100;

export class Tasks {
  static title = "Tasks";
  static filtered = true;

  #shell;
  #table;
  #sort = "age";
  #page = 0;
  #pages = 1;
  #asked = "";
  #back = h("button", { type: "button", id: "back", "aria-label": "Page before", onclick: () => this.#turn(-1) }, "‹");
  #on = h("button", { type: "button", id: "on", "aria-label": "Next page", onclick: () => this.#turn(1) }, "›");

  constructor(shell) {
    this.#shell = shell;
    this.#table = new Table(
      [
        { title: "Task", class: "name", sort: "name", rises: true, text: (t) => t.name },
        { title: "Loop", class: "extra", text: (t) => t.loop, hidden: () => Boolean(shell.loop) || shell.loops < 2 },
        { title: "Id", class: "number extra", sort: "id", rises: true, text: (t) => String(t.id) },
        { title: "State", sort: "state", rises: true, text: (t) => t.state, tone: (t) => (t.cancelled ? "warn" : tone(t.state)), hint: (t) => (t.cancelled ? `cancelled: ${t.cancelled}` : "") },
        { title: "Waits for", class: "wide", text: (t) => (t.cancelled ? `cancelled: ${t.cancelled}` : (t.waitsFor ?? "")) },
        { title: "for", class: "number", text: (t) => (t.waitsFor ? time(t.waitsMs ?? 0) : "") },
        { title: "Age", class: "number", sort: "age", text: (t) => time(t.ageMs) },
        { title: "Steps", class: "number", sort: "steps", text: (t) => count(t.steps) },
        { title: "CPU", class: "number extra", sort: "cpu", text: (t) => (t.cpuMs ? time(t.cpuMs) : "") },
        { title: "Children", class: "number extra", text: (t) => (t.children ? count(t.children) : "") },
      ],
      {
        label: "Tasks",
        key: (task) => `${task.loop}/${task.id}`,
        onOpen: (task) => shell.open(task.loop, task.id),
        onSort: (sort) => {
          this.#sort = sort;
          this.#page = 0;
          shell.soon();
        },
        empty: () =>
          shell.filter
            ? ["No task matches", "The filter looks at names, states and what tasks wait for."]
            : ["No tasks", "The loops have nothing to do."],
      },
    );
    this.element = this.#table.element;
    this.controls = h("div", { class: "pager" }, this.#back, this.#on);
  }

  async refresh(ask) {
    const asked = `${this.#shell.loop}?${this.#shell.filter}`;
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#page = 0;
    }
    const { loop, filter } = this.#shell;
    const { total, matching, tasks } = await ask("tasks", { loop, filter, sort: this.#sort, offset: this.#page * PAGE, limit: PAGE });
    this.#pages = Math.max(1, Math.ceil(matching / PAGE));
    this.#back.disabled = this.#page === 0;
    this.#on.disabled = this.#page >= this.#pages - 1;
    this.#table.update(tasks, { sort: this.#sort, chosen: this.#shell.details.shown });
    const from = this.#page * PAGE;
    const range = tasks.length === 0 ? "0" : `${count(from + 1)}–${count(from + tasks.length)}`;
    this.#shell.summary(`${range} of ${count(matching)}${matching < total ? ` matching, ${count(total)} in all` : " tasks"}`);
    if (tasks.length === 0 && this.#page > 0) {
      this.#page = this.#pages - 1;
      this.#shell.soon();
    }
  }

  #turn(by) {
    this.#page = Math.max(0, Math.min(this.#pages - 1, this.#page + by));
    this.#shell.soon();
  }
}
