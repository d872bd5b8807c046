package dev.thrum.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Async;
import dev.thrum.http.Application;
import dev.thrum.http.Serving;
import java.util.List;
import java.util.function.UnaryOperator;

/// Clients of Thrum's own server, over each of the ways to speak with it.
final class Clients {

  /// A way to speak with a server.
  enum Way {
    HTTP_1,
    HTTP_1_TLS,
    HTTP_2,
    HTTP_2_TLS;

    boolean isSecure() {
      return this == HTTP_1_TLS || this == HTTP_2_TLS;
    }

    boolean isSecond() {
      return this == HTTP_2 || this == HTTP_2_TLS;
    }
  }

  /// What talks to a server.
  interface Body {
    void run(HttpClient client) throws Exception;
  }

  private Clients() {}

  /// Has a client talk to a server, and checks that it leaves nothing.
  static void with(Way way, Application application, Body body) throws Exception {
    with(way, settings -> settings, application, body);
  }

  static void with(
      Way way, UnaryOperator<HttpClientBuilder> settings, Application application, Body body)
      throws Exception {
    Serving.with(
        server -> way.isSecure() ? server.tls(TestTls.server()) : server,
        application,
        server -> {
          HttpClientBuilder builder =
              HttpClient.builder()
                  .tls(TestTls.client())
                  .baseUrl((way.isSecure() ? "https" : "http") + "://127.0.0.1:" + server.port());
          switch (way) {
            case HTTP_1, HTTP_1_TLS -> builder.http1();
            case HTTP_2 -> builder.http2();
            case HTTP_2_TLS -> {}
          }
          HttpClient client = settings.apply(builder).open();
          try {
            body.run(client);
          } finally {
            client.close();
          }
          assertEquals(List.of(0, 0), List.of(client.connections(), client.idle()));
        });
  }

  /// Waits until something is so.
  static void until(java.util.function.BooleanSupplier so) {
    while (!so.getAsBoolean()) {
      Async.sleep(Serving.MILLI);
    }
  }
}
