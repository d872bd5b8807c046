// Numbers as people read them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function count(n) {
  return whole.format(n);
}

export function rate(n) {
  if (n >= 1e6) {
    return `${(n / 1e6).toFixed(n >= 1e7 ? 0 : 1)} M`;
  }
  if (n >= 1e4) {
    return `${(n / 1e3).toFixed(n >= 1e5 ? 0 : 1)} k`;
  }
  return whole.format(n);
}

export function percent(part) {
  return `${Math.round(part * 100)} %`;
}

export function time(ms) {
  if (ms < 1) {
    return ms <= 0 ? "0 ms" : `${ms.toFixed(1)} ms`;
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 60_000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  const hours = Math.floor(seconds / 3600);
  return hours < 48
    ? `${hours} h ${Math.floor((seconds % 3600) / 60)} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function nanos(n) {
  if (n < 1e3) {
    return `${n} ns`;
  }
  if (n < 1e6) {
    return `${round(n / 1e3)} µs`;
  }
  return n < 1e9 ? `${round(n / 1e6)} ms` : `${round(n / 1e9)} s`;
}

function round(n) {
  return n < 10 ? String(Math.round(n * 10) / 10) : String(Math.round(n));
}

export function clock(epochMs) {
  return new Date(epochMs).toLocaleTimeString("en-GB");
}

export function plural(n, one, many = `${one}s`) {
  return `${count(n)} ${n === 1 ? one : many}`;
}

export function tone(state) {
  switch (state) {
    case "running":
      return "good";
    case "ready":
      return "info";
    case "in a JDK call":
    case "cancelled":
    case "ending":
      return "warn";
    case "stalled":
    case "failed":
    case "failed, not awaited":
      return "bad";
    default:
      return "plain";
  }
}

export function holder(who) {
  return who.thread ? `thread ${who.thread}` : who.name;
}

export function matches(filter, ...texts) {
  const wanted = filter.toLowerCase();
  return wanted === "" || texts.some((text) => text && text.toLowerCase().includes(wanted));
}
