import { ask, Refused } from "./api.js";
import { Details, failureNotice } from "./details.js";
import { h, setText } from "./dom.js";
import { count, time } from "./format.js";
import { History, Stalls, Things, Timers, Warnings } from "./lists.js";
import { Loops } from "./loops.js";
import { Poll } from "./poll.js";
import { Series } from "./series.js";
import { Tasks } from "./tasks.js";
import { Tree } from "./tree.js";
import { Waits } from "./waits.js";

// What holds the page together: the tabs, the bars, the keys, and one round of requests after the other.

const VIEWS = { loops: Loops, tasks: Tasks, tree: Tree, waits: Waits, things: Things, timers: Timers, history: History, stalls: Stalls, warnings: Warnings };
const FILTER_PAUSE_MS = 150;

const at = (id) => document.getElementById(id);

// What a view knows of the rest of the page.
const shell = {
  series: new Series(),
  overview: undefined,
  loop: "",
  filter: "",
  mayCancel: false,
  details: undefined,
  get loops() {
    return this.overview?.loops.length ?? 0;
  },
  open: (loop, id) => shell.details.open(loop, id),
  soon: () => poll.soon(),
  summary: (text) => setText(at("summary"), text),
  // Lists the tasks of that name.
  find(name) {
    shell.filter = name;
    at("filter").value = name;
    location.hash = "tasks";
  },
  chooseLoop(name) {
    shell.loop = name;
    at("loop").value = name;
    poll.soon();
  },
};

let view;
let shown;
const poll = new Poll(round, tell);

async function round(signal) {
  const asking = (what, options) => ask(what, options, signal);
  const current = view;
  shell.overview = await asking("overview");
  shell.series.add(shell.overview);
  showProgram(shell.overview);
  try {
    await current.refresh(asking);
    await shell.details.refresh(asking);
    at("view").querySelector(":scope > .refused")?.remove();
  } catch (failure) {
    if (!(failure instanceof Refused)) {
      throw failure;
    }
    at("view").querySelector(":scope > .refused")?.remove();
    at("view").prepend(h("div", { class: "refused" }, failureNotice(failure)));
  }
}

function showProgram(overview) {
  const { command, pid, uptimeMs, loops, warnings } = overview;
  const [name, process] = at("program").children;
  setText(name, command);
  name.title = command;
  setText(process, `pid ${pid} · up ${time(uptimeMs)}`);
  document.title = `${command.split(" ")[0].split("/").at(-1)} · Thrum`;
  const sum = (what) => loops.reduce((total, loop) => total + loop[what], 0);
  badge("loops", loops.length);
  badge("tasks", sum("tasks"));
  badge("stalls", sum("stalls"), true);
  badge("warnings", warnings, true);
  showLoops(loops.map((loop) => loop.name));
}

function badge(name, number, isBad = false) {
  const element = at("tabs").querySelector(`[data-view="${name}"] .badge`);
  setText(element, count(number));
  element.hidden = number === 0;
  element.dataset.tone = isBad ? "warn" : "plain";
}

function showLoops(names) {
  const choice = at("loop");
  const now = [...choice.options].slice(1).map((option) => option.value);
  if (JSON.stringify(now) === JSON.stringify(names)) {
    return;
  }
  choice.replaceChildren(choice.options[0], ...names.map((name) => h("option", { value: name }, name)));
  if (!names.includes(shell.loop)) {
    shell.loop = "";
  }
  choice.value = shell.loop;
}

function tell({ state, text, sentence, failure }) {
  setText(at("status"), text);
  at("status").dataset.state = state;
  document.body.classList.toggle("stale", state === "lost" || state === "gone");
  at("banner").hidden = !sentence;
  setText(at("banner"), sentence ?? "");
  if (failure) {
    console.warn(failure);
  }
}

function show(name) {
  if (shown === name) {
    return;
  }
  shown = name;
  view?.stop?.();
  view = new VIEWS[name](shell);
  at("view").replaceChildren(view.element);
  at("controls").replaceChildren(...(view.controls ? [view.controls] : []));
  at("filter").hidden = !VIEWS[name].filtered;
  shell.summary("");
  for (const tab of at("tabs").children) {
    tab.setAttribute("aria-current", tab.dataset.view === name ? "page" : "false");
  }
  at("tabs").querySelector('[aria-current="page"]').scrollIntoView({ block: "nearest", inline: "nearest" });
  poll.instead();
}

function showFromAddress() {
  const name = location.hash.slice(1);
  show(name in VIEWS ? name : "loops");
}

function pause(paused) {
  at("pause").setAttribute("aria-pressed", String(paused));
  setText(at("pause"), paused ? "Go on" : "Pause");
  poll.pause(paused);
}

function key(event) {
  if (event.key === "Escape") {
    if (document.activeElement === at("filter")) {
      document.activeElement.blur();
    } else {
      shell.details.close();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) {
    return;
  }
  const names = Object.keys(VIEWS);
  if (event.key >= "1" && event.key <= String(names.length)) {
    location.hash = names[Number(event.key) - 1];
  } else if (event.key === "p") {
    pause(!poll.paused);
  } else if (event.key === "/" && !at("filter").hidden) {
    event.preventDefault();
    at("filter").focus();
  }
}

async function start() {
  history.replaceState(null, "", location.pathname + location.hash);
  at("program").append(h("span", { class: "command" }), h("span"));
  Object.entries(VIEWS).forEach(([name, { title }], i) => {
    at("tabs").append(
      h("a", { href: `#${name}`, "data-view": name, title: `${title} (${i + 1})` }, title, h("span", { class: "badge", hidden: true })),
    );
  });
  shell.details = new Details(at("details"), shell);
  let typed;
  at("filter").addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => {
      shell.filter = at("filter").value.trim();
      poll.soon();
    }, FILTER_PAUSE_MS);
  });
  at("loop").addEventListener("change", () => shell.chooseLoop(at("loop").value));
  at("pause").addEventListener("click", () => pause(!poll.paused));
  at("interval").addEventListener("change", () => {
    poll.interval = Number(at("interval").value);
    poll.soon();
  });
  document.addEventListener("keydown", key);
  addEventListener("hashchange", showFromAddress);
  try {
    shell.mayCancel = (await ask("console")).mayCancel;
  } catch (failure) {
    console.warn(failure);
  }
  showFromAddress();
  poll.run();
}

start();
