import { stackOf } from "./details.js";
import { h, whenChanged, notice } from "./dom.js";
import { clock, count, holder, matches, plural, time, tone } from "./format.js";
import { Table } from "./table.js";

// The views that are plain lists.

class Cards {
  static filtered = true;

  constructor(shell) {
    this.shell = shell;
    this.element = h("div", { class: "cards" });
  }

  show(cards, filter, nothingMatches, nothing) {
    this.element.replaceChildren(...(cards.length > 0 ? cards : [filter ? nothingMatches : nothing]));
  }
}

export class Things extends Cards {
  static title = "Locks & channels";

  async refresh(ask) {
    const { filter, loop } = this.shell;
    const { things } = await ask("things", { loop });
    const shown = things.filter((thing) => matches(filter, thing.text, ...thing.holders.map(holder), ...thing.waiters.map(holder)));
    this.#draw(shown, filter);
    this.shell.summary(shown.length < things.length ? `${count(shown.length)} of ${count(things.length)}` : plural(things.length, "lock or channel", "locks and channels"));
  }

  #draw = whenChanged((things, filter) => {
    this.show(
      things.map((thing) =>
        h(
          "section",
          { class: "card" },
          h("h3", {}, thing.text),
          this.#people("Held by", thing.holders, thing.holders.length),
          this.#people("Waiting", thing.waiters, thing.waiting),
        ),
      ),
      filter,
      notice("Nothing matches", "The filter looks at names, holders and waiters."),
      notice("Nothing is held or waited for", "Locks and channels appear here while a task holds them or waits for them."),
    );
  });

  #people(title, people, all) {
    return h(
      "div",
      { class: "people" },
      h("span", { class: "muted" }, all > 1 ? `${title} (${count(all)})` : title),
      h(
        "div",
        { class: "chips" },
        people.length === 0 ? h("span", { class: "muted" }, "nobody") : null,
        people.map((who) =>
          who.thread
            ? h("span", { class: "chip" }, holder(who))
            : h("button", { type: "button", class: "chip", onclick: () => this.shell.open(who.loop, who.id) }, who.name),
        ),
        all > people.length ? h("span", { class: "muted" }, `and ${count(all - people.length)} more`) : null,
      ),
    );
  }
}

class List {
  static filtered = true;

  constructor(shell, columns, empty, { opens }) {
    this.shell = shell;
    this.table = new Table(columns, {
      label: this.constructor.title,
      key: (item) => `${item.loop}/${item.id}`,
      onOpen: opens ? (item) => shell.open(item.loop, item.id) : undefined,
      empty: () => (shell.filter ? ["Nothing matches", "Try a shorter filter."] : empty),
    });
    this.element = this.table.element;
  }
}

function loopColumn(shell) {
  return { title: "Loop", text: (item) => item.loop, hidden: () => Boolean(shell.loop) || shell.loops < 2 };
}

export class Timers extends List {
  static title = "Timers";

  constructor(shell) {
    super(
      shell,
      [
        { title: "Due in", class: "number", text: (t) => (t.dueMs < 0 ? "now" : time(t.dueMs)) },
        { title: "What", text: (t) => t.what },
        { title: "Task", class: "wide", text: (t) => t.name },
        loopColumn(shell),
        { title: "Id", class: "number", text: (t) => String(t.id) },
      ],
      ["No timers", "Sleeping tasks and timeouts are shown here, the next one first."],
      { opens: true },
    );
  }

  async refresh(ask) {
    const { loop, filter } = this.shell;
    const { timers, total } = await ask("timers", { loop, limit: 500 });
    const shown = timers.filter((timer) => matches(filter, timer.name, timer.what));
    this.table.update(shown, { chosen: this.shell.details.shown });
    this.shell.summary(shown.length < total ? `${count(shown.length)} of ${plural(total, "timer")}, the next ones first` : plural(total, "timer"));
  }
}

export class History extends List {
  static title = "History";

  constructor(shell) {
    super(
      shell,
      [
        { title: "Ended", class: "number", text: (t) => `${time(t.agoMs)} ago` },
        { title: "Task", class: "name", text: (t) => t.name },
        loopColumn(shell),
        { title: "Id", class: "number", text: (t) => String(t.id) },
        { title: "End", text: (t) => t.state, tone: (t) => tone(t.state) },
        { title: "Failure", class: "wide", text: (t) => t.failure ?? "" },
        { title: "Lived", class: "number", text: (t) => time(t.ageMs) },
        { title: "Steps", class: "number", text: (t) => count(t.steps) },
      ],
      ["No task has ended yet", "The last thousand of each loop are kept."],
      { opens: false },
    );
  }

  async refresh(ask) {
    const { loop, filter } = this.shell;
    const { ended } = await ask("history", { loop, filter, limit: 300 });
    this.table.update(ended, { chosen: this.shell.details.shown });
    this.shell.summary(ended.length === 300 ? "the last 300" : plural(ended.length, "task"));
  }
}

export class Warnings extends Cards {
  static title = "Warnings";

  async refresh(ask) {
    const { filter } = this.shell;
    const { warnings } = await ask("warnings");
    const shown = warnings.filter((warning) => matches(filter, warning.text));
    this.#draw(shown, filter);
    this.shell.summary(plural(shown.length, "warning"));
  }

  #draw = whenChanged((warnings, filter) => {
    this.show(
      warnings.map(({ atMs, text }) =>
        h("section", { class: "card line" }, h("time", { class: "muted" }, clock(atMs)), h("p", {}, text)),
      ),
      filter,
      notice("Nothing matches"),
      notice("No warnings", "What Thrum has warned of in the log is shown here too."),
    );
  });
}

export class Stalls extends Cards {
  static title = "Stalls";

  #list = "recent";
  #open = new Set();
  #choice = h(
    "select",
    {
      id: "which",
      "aria-label": "Which stalls",
      onchange: (event) => {
        this.#list = event.target.value;
        this.shell.soon();
      },
    },
    h("option", { value: "recent" }, "newest first"),
    h("option", { value: "worst" }, "longest first"),
  );

  constructor(shell) {
    super(shell);
    this.element.classList.add("stalls");
    this.controls = this.#choice;
  }

  async refresh(ask) {
    const { loop, filter } = this.shell;
    const stalls = await ask("stalls", { loop });
    const fits = (stall) => matches(filter, stall.task?.name, stall.kind, stall.site, stall.advice) && (!loop || stall.loop === loop);
    this.#draw(stalls.current.filter(fits), stalls[this.#list].filter(fits), filter);
    this.shell.summary(`${plural(stalls.count, "stall")} since the start`);
  }

  #draw = whenChanged((current, past, filter) => {
    this.show(
      [...current.map((stall) => this.#card(stall, true)), ...past.map((stall) => this.#card(stall, false))],
      filter,
      notice("Nothing matches"),
      notice("No stalls", "A step that holds up its loop is listed here, with the place in the code and what to use instead."),
    );
  });

  #card(stall, isCurrent) {
    const name = stall.task?.name ?? "no task";
    const key = `${stall.atMs} ${stall.loop} ${stall.site}`;
    const box = h(
      "details",
      { class: `card${isCurrent ? " current" : ""}`, open: this.#open.has(key) },
      h(
        "summary",
        {},
        h("time", { class: "muted" }, isCurrent ? "now" : clock(stall.atMs)),
        h("strong", { class: "badge", "data-tone": stall.ms >= 1000 ? "bad" : "warn" }, time(stall.ms)),
        h("span", { class: "badge", "data-tone": "plain" }, stall.kind),
        h("span", { class: "who" }, name),
        stall.times > 1 ? h("span", { class: "muted" }, `×${count(stall.times)}`) : null,
        h("code", {}, stall.site ?? ""),
      ),
      stall.advice ? h("p", { class: "advice" }, stall.advice) : null,
      stackOf(stall.stack ?? [], "No stack was taken."),
      stall.task
        ? h("button", { type: "button", class: "link", onclick: () => this.shell.open(stall.loop, stall.task.id) }, `Open ${name} (${stall.loop})`)
        : null,
    );
    box.addEventListener("toggle", () => (box.open ? this.#open.add(key) : this.#open.delete(key)));
    return box;
  }
}
