package dev.thrum.console;

import dev.thrum.http.Exchange;

/// A request.
///
/// @param exchange what it came with
/// @param path what is asked for, as it was written
/// @param query what stands behind it
record Asked(Exchange exchange, String path, Query query) {

  static Asked of(Exchange exchange) {
    String target = exchange.target();
    int question = target.indexOf('?');
    return question < 0
        ? new Asked(exchange, target, Query.of(null))
        : new Asked(
            exchange, target.substring(0, question), Query.of(target.substring(question + 1)));
  }

  String method() {
    return exchange.method();
  }

  boolean onlyReads() {
    return method().equals("GET") || method().equals("HEAD");
  }

  /// The value of a header; empty if it is not there.
  String header(String name) {
    return exchange.headers().get(name, "");
  }
}
