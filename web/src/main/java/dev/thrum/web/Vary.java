package dev.thrum.web;

import java.util.Arrays;

/// Tells caches on which headers of a request a response depends.
final class Vary {
  private Vary() {}

  static Response by(Response response, String name) {
    boolean told =
        response.headers().all("Vary").stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .anyMatch(one -> one.equals("*") || one.equalsIgnoreCase(name));
    return told ? response : response.addHeader("Vary", name);
  }
}
