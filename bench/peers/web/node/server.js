// Node's own HTTP server, with ws for WebSocket and pg for PostgreSQL where npm has brought them.
//
// Prints its port, and ends with its standard input. With "version" as an argument it prints the
// versions instead.
'use strict';

const http = require('node:http');

const BACKLOG = 4096;
const CONNECTIONS = 16;
const ROWS = 10_000;
const QUERY = { name: 'product', text: 'SELECT id, name, price FROM product WHERE id = $1' };
const TEXT = 'text/plain; charset=utf-8';

function optional(name) {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

const ws = optional('ws');
const pg = optional('pg');
const pool = pg && process.env.PGHOST ? new pg.Pool({ max: CONNECTIONS, ssl: false }) : undefined;

function answer(response, status, type, body) {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function hello(response) {
  answer(response, 200, TEXT, 'Hello, World!');
}

function json(response, value) {
  answer(response, 200, 'application/json', JSON.stringify(value));
}

function refuse(response, status) {
  answer(response, status, TEXT, '');
}

function item(response, text, query) {
  const id = Number(text);
  if (!Number.isInteger(id)) {
    refuse(response, 400);
    return;
  }
  const q = query.get('q') ?? '';
  json(response, { id, name: `Item ${id}`, tags: ['fast', 'small', q], price: id * 1.25 });
}

function valid(order) {
  return (
    Number.isInteger(order.id) &&
    order.id >= 1 &&
    typeof order.customer?.name === 'string' &&
    order.customer.name.length >= 1 &&
    order.customer.name.length <= 100 &&
    typeof order.customer.email === 'string' &&
    order.customer.email.includes('@') &&
    Array.isArray(order.lines) &&
    order.lines.length > 0 &&
    order.lines.every(
      (line) =>
        typeof line.sku === 'string' &&
        line.sku.length > 0 &&
        Number.isInteger(line.quantity) &&
        line.quantity >= 1 &&
        line.quantity <= 1000 &&
        line.price >= 0,
    )
  );
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function receipt(request, response) {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const order = parse(Buffer.concat(parts).toString());
    if (!order || !valid(order)) {
      refuse(response, 400);
      return;
    }
    json(response, {
      id: order.id,
      customer: order.customer.name,
      lines: order.lines.length,
      total: order.lines.reduce((sum, line) => sum + line.quantity * line.price, 0),
      express: order.express,
    });
  });
}

function upload(request, response) {
  let length = 0;
  request.on('data', (part) => {
    length += part.length;
  });
  request.on('end', () => answer(response, 200, TEXT, String(length)));
}

async function product(response) {
  if (!pool) {
    refuse(response, 501);
    return;
  }
  try {
    const id = 1 + Math.floor(Math.random() * ROWS);
    const { rows } = await pool.query({ ...QUERY, values: [id] });
    json(response, rows[0]);
  } catch {
    refuse(response, 500);
  }
}

function route(request, response) {
  const { method, url } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = () => new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  if (path === '/plaintext') {
    hello(response);
  } else if (path.startsWith('/json/')) {
    item(response, path.slice('/json/'.length), query());
  } else if (path === '/json' && method === 'POST') {
    receipt(request, response);
  } else if (path === '/upload' && method === 'POST') {
    upload(request, response);
  } else if (path === '/db') {
    product(response);
  } else if (path === '/stall') {
    setTimeout(hello, Number(query().get('ms')), response);
  } else {
    refuse(response, 404);
  }
}

function versions() {
  const of = (name) => `, ${name} ${require(`${name}/package.json`).version}`;
  return `Node ${process.version}${ws ? of('ws') : ''}${pg ? of('pg') : ''}`;
}

function listen() {
  const server = http.createServer(route);
  if (ws) {
    const sockets = new ws.WebSocketServer({ noServer: true, perMessageDeflate: false });
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (connection) => {
        connection.on('message', (data, isBinary) => connection.send(data, { binary: isBinary }));
        connection.on('error', () => connection.terminate());
      }),
    );
  } else {
    server.on('upgrade', (_, socket) =>
      socket.end('HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
    );
  }
  server.listen(0, '127.0.0.1', BACKLOG, () => console.log(server.address().port));
  process.stdin.resume().on('end', () => process.exit(0));
}

if (process.argv[2] === 'version') {
  console.log(versions());
} else {
  listen();
}
