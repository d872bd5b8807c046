package dev.thrum.bench.web;

import java.io.IOException;

/// The server has no answer of this kind to give, and says so with a 501.
final class Unsupported extends IOException {
  private static final long serialVersionUID = 1L;

  Unsupported() {
    super("501");
  }
}
