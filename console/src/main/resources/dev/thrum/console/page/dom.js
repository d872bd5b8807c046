// Builds elements. All data becomes text through textContent, never markup.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(child);
    }
  }
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setData(element, name, value) {
  if (value === undefined || value === null) {
    delete element.dataset[name];
  } else if (element.dataset[name] !== value) {
    element.dataset[name] = value;
  }
}

// Remembers what was drawn, so that the same data does not take away a selection or the focus.
export function whenChanged(draw) {
  let before;
  return (data, ...rest) => {
    const now = JSON.stringify([data, ...rest]);
    if (now !== before) {
      before = now;
      draw(data, ...rest);
    }
  };
}

export function notice(title, text) {
  return h("div", { class: "notice" }, h("strong", {}, title), text ? h("p", {}, text) : null);
}
