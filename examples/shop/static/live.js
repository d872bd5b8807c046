// The live parts: a stock by server-sent events, the chat and the admins' feed by WebSocket.

const socketAt = (path) => new WebSocket(path.replace(/^/, location.origin.replace(/^http/, "ws")));

// Connects again when the connection is lost, a little later each time.
function keepOpen(path, onMessage, onState) {
  let pause = 500;
  const handle = { send: () => {} };
  const connect = () => {
    const socket = socketAt(path);
    handle.send = (text) => socket.send(text);
    socket.onopen = () => { pause = 500; onState(true); };
    socket.onmessage = (event) => onMessage(JSON.parse(event.data));
    socket.onclose = () => {
      onState(false);
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, 30_000);
    };
  };
  connect();
  return handle;
}

const element = (name, text, kind = "") => {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = kind;
  return made;
};

for (const stock of document.querySelectorAll("[data-stock]")) {
  new EventSource(stock.dataset.stock).onmessage = (event) => {
    const left = Number(event.data);
    stock.classList.toggle("changed", stock.textContent !== event.data);
    stock.textContent = event.data;
    document.getElementById("add").disabled = left === 0;
  };
}

for (const chat of document.querySelectorAll("[data-chat]")) {
  const list = chat.querySelector("ol");
  const state = chat.querySelector(".state");
  const form = chat.querySelector("form");
  const seen = new Set();
  const line = keepOpen(
    chat.dataset.chat,
    (said) => {
      if (seen.has(said.id)) return;
      seen.add(said.id);
      const item = element("li", "", said.author === chat.dataset.me ? "mine" : "");
      item.append(element("strong", said.author), element("span", said.text));
      list.append(item);
      list.scrollTop = list.scrollHeight;
    },
    (open) => { state.textContent = open ? "Connected" : "Connecting…"; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    line.send(form.elements.text.value);
    form.reset();
  });
}

for (const numbers of document.querySelectorAll("[data-feed]")) {
  const feed = document.getElementById("feed");
  const count = (id) => {
    const place = document.getElementById(id);
    place.textContent = Number(place.textContent) + 1;
  };
  const tell = {
    Ordered(news) {
      count("orders");
      count("waiting");
      const revenue = document.getElementById("revenue");
      const sum = Number(revenue.textContent.replace(/[^0-9.]/g, "")) + Number(news.total);
      revenue.textContent = `€ ${sum.toFixed(2)}`;
      return `${news.buyer} has ordered no. ${news.id} for € ${news.total}`;
    },
    Stock: (news) => `${news.name}: ${news.left} left`,
    Said: (news) => `${news.author} says: ${news.text}`,
  };
  keepOpen(
    numbers.dataset.feed,
    (news) => {
      feed.prepend(element("li", tell[news.type](news)));
      while (feed.children.length > 20) feed.lastChild.remove();
    },
    () => {});
}
