package dev.thrum.bench.web;

import java.io.IOException;

/// No PostgreSQL server can be started here.
final class NoDatabase extends IOException {
  private static final long serialVersionUID = 1L;

  NoDatabase(String reason) {
    super(reason);
  }
}
