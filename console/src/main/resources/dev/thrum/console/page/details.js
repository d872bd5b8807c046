import { cancel, Refused } from "./api.js";
import { h, notice, setText, whenChanged } from "./dom.js";
import { count, holder, time, tone } from "./format.js";

// The panel beside the views: one task, and its stack.

export class Details {
  #panel;
  #shell;
  #name = h("h2");
  #facts = h("dl");
  #lists = h("div");
  #note = h("div", { class: "ended", role: "status", hidden: true });
  #actions = h("div", { class: "actions" });
  #before;
  #opened = 0;
  #last;

  constructor(panel, shell) {
    this.#panel = panel;
    this.#shell = shell;
    panel.append(
      h(
        "div",
        { class: "head" },
        this.#name,
        h("button", { type: "button", class: "close", "aria-label": "Close", title: "Close (Esc)", onclick: () => this.close() }, "×"),
      ),
      this.#note,
      this.#facts,
      this.#actions,
      this.#lists,
    );
  }

  // The task that is shown, as "loop/id".
  shown;

  open(loop, id) {
    this.#before ??= document.activeElement;
    this.shown = `${loop}/${id}`;
    this.#last = undefined;
    this.#opened++;
    setText(this.#name, "");
    this.#facts.replaceChildren();
    this.#lists.replaceChildren();
    this.#note.hidden = true;
    this.#showActions(loop, id);
    this.#panel.hidden = false;
    document.body.classList.add("with-details");
    this.#shell.soon();
  }

  close() {
    if (this.shown === undefined) {
      return;
    }
    this.shown = undefined;
    this.#panel.hidden = true;
    document.body.classList.remove("with-details");
    this.#before?.focus?.();
    this.#before = undefined;
    this.#shell.soon();
  }

  async refresh(ask) {
    const shown = this.shown;
    if (shown === undefined) {
      return;
    }
    const at = shown.lastIndexOf("/");
    let task;
    try {
      task = await ask("task", { loop: shown.slice(0, at), id: shown.slice(at + 1) });
    } catch (failure) {
      if (!(failure instanceof Refused)) {
        throw failure;
      }
      if (shown === this.shown) {
        this.#ended(failure.message);
      }
      return;
    }
    if (shown === this.shown) {
      this.#last = task;
      this.#note.hidden = true;
      this.#show(task);
    }
  }

  #ended(sentence) {
    setText(this.#note, this.#last ? `${sentence} This is what it looked like last.` : sentence);
    this.#note.hidden = false;
    this.#actions.replaceChildren();
    if (!this.#last) {
      setText(this.#name, "Task");
    }
  }

  #show(task) {
    setText(this.#name, task.name);
    this.#drawFacts(task, this.#opened);
    this.#drawLists({
      holders: task.holders ?? [],
      awaitedBy: task.awaitedBy ?? [],
      scopes: task.scopes ?? [],
      holds: task.holds ?? [],
      stack: task.stack ?? [],
      origin: task.origin,
    }, this.#opened);
  }

  #drawFacts = whenChanged((task) => {
    const facts = [
      ["State", h("span", { class: "badge", "data-tone": tone(task.state) }, task.state)],
      ["Waits for", task.waitsFor],
      ["Waiting", task.waitsFor ? time(task.waitsMs ?? 0) : null],
      ["Due in", task.dueMs === null || task.dueMs === undefined ? null : time(task.dueMs)],
      ["Cancelled", task.cancelled],
      ["Loop", `${task.loop}, task ${task.id}`],
      ["Kind", task.scope ? `${task.kind}, in a ${task.scope === "scope" ? "scope" : `${task.scope} scope`}` : task.kind],
      ["Parent", task.parent === null ? null : this.#link({ loop: task.loop, id: task.parent, name: `task ${task.parent}` })],
      ["Children", task.children ? count(task.children) : null],
      ["Age", time(task.ageMs)],
      ["Steps", count(task.steps)],
      ["CPU", task.cpuMs ? `about ${time(task.cpuMs)}` : null],
    ];
    this.#facts.replaceChildren(
      ...facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
    );
  });

  #drawLists = whenChanged(({ holders, awaitedBy, scopes, holds, stack, origin }) => {
    this.#lists.replaceChildren(
      ...section("Held by", holders.map((who) => (who.thread ? holder(who) : this.#link(who)))),
      ...section("Awaited by", awaitedBy.map((who) => this.#link(who))),
      ...section("Holds", holds),
      ...section("Scopes", scopes.map((scope) => [scope.kind, scope.detail, scope.children ? `${count(scope.children)} inside` : ""].filter(Boolean).join(" · "))),
      h("h3", {}, "Stack"),
      stackOf(stack, "It has none now: it runs, or has not begun."),
      ...(origin ? [h("h3", {}, "Started at"), stackOf(origin, "")] : []),
    );
  });

  #link(who) {
    return h("button", { type: "button", class: "link", onclick: () => this.open(who.loop, who.id) }, who.name);
  }

  #showActions(loop, id) {
    this.#actions.replaceChildren();
    if (!this.#shell.mayCancel) {
      return;
    }
    const reason = h("input", { type: "text", placeholder: "Reason", "aria-label": "Reason", required: true, maxlength: 500 });
    const answer = h("div", { role: "status", class: "answer" });
    const form = h(
      "form",
      { hidden: true },
      reason,
      h("button", { type: "submit", class: "danger" }, "Cancel task"),
      h("button", { type: "button", onclick: () => show(false) }, "Back"),
    );
    const first = h("button", { type: "button", class: "cancel", onclick: () => show(true) }, "Cancel…");
    const show = (open) => {
      form.hidden = !open;
      first.hidden = open;
      (open ? reason : first).focus();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const { cancelled } = await cancel(loop, id, reason.value);
        setText(answer, cancelled ? "It was told to cancel." : "It had been cancelled before.");
        show(false);
        this.#shell.soon();
      } catch (failure) {
        setText(answer, failure.message);
      }
    });
    this.#actions.append(first, form, answer);
  }
}

function section(title, entries) {
  return entries.length === 0 ? [] : [h("h3", {}, title), h("ul", {}, entries.map((entry) => h("li", {}, entry)))];
}

// Frames of Thrum and of the JDK stand back.
export function stackOf(frames, empty) {
  if (frames.length === 0) {
    return h("p", { class: "muted" }, empty);
  }
  return h(
    "ol",
    { class: "stack" },
    frames.map((frame) => h("li", { class: /^(dev\.thrum|java|jdk|sun)\./.test(frame) ? "theirs" : "ours" }, frame)),
  );
}

export function failureNotice(failure) {
  return notice("The program refused", failure.message);
}
