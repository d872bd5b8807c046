// The part of the tree that is known: a branch is the children of one task, of which some are open and some pages are
// loaded. A branch that is open takes as many rows as it has children, loaded or not.

export const PAGE = 100;

export class Branch {
  size = 0;
  #pages = new Map();
  #open = new Map();
  #places = [];

  constructor(loop, parent, depth) {
    this.loop = loop;
    this.parent = parent;
    this.depth = depth;
  }

  get rows() {
    return this.#places.reduce((sum, { branch }) => sum + branch.rows, this.size);
  }

  // The row as {branch, index, node}; the node is undefined where its page is not there yet.
  row(number) {
    let left = number;
    let next = 0;
    for (const { index, branch } of this.#places) {
      if (left <= index - next) {
        break;
      }
      left -= index - next + 1;
      next = index + 1;
      if (left < branch.rows) {
        return branch.row(left);
      }
      left -= branch.rows;
    }
    const index = next + left;
    return { branch: this, index, node: this.node(index) };
  }

  node(index) {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  load(page, nodes, more) {
    this.#pages.set(page, nodes);
    this.size = page * PAGE + nodes.length + more;
    for (const known of this.#pages.keys()) {
      if (known * PAGE >= Math.max(1, this.size)) {
        this.#pages.delete(known);
      }
    }
    this.#place();
  }

  isOpen(node) {
    return this.#open.has(key(node));
  }

  open(node) {
    const branch = new Branch(node.loop, node.id, this.depth + 1);
    branch.size = node.children;
    this.#open.set(key(node), branch);
    this.#place();
  }

  close(node) {
    this.#open.delete(key(node));
    this.#place();
  }

  // Where the open ones stand now; who has ended is on no page any more.
  #place() {
    this.#places = [];
    for (const [page, nodes] of this.#pages) {
      nodes.forEach((node, i) => {
        const branch = this.#open.get(key(node));
        if (branch) {
          this.#places.push({ index: page * PAGE + i, branch });
        }
      });
    }
    this.#places.sort((a, b) => a.index - b.index);
  }
}

export function key(node) {
  return `${node.loop}/${node.id}`;
}
