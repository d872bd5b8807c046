package dev.thrum.http;

import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.net.Connection;
import dev.thrum.net.Net;
import dev.thrum.process.Command;
import dev.thrum.process.Subprocess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// nginx and HAProxy in front of a server.
@Tag("peers")
@Tag("one-engine")
@Tag("slow") // starts programs
final class ReverseProxyPeerTest {
  private static final String NGINX =
      """
      daemon off;
      pid $folder$/nginx.pid;
      error_log stderr error;
      worker_processes 1;
      events { worker_connections 256; }
      http {
        access_log off;
        client_max_body_size 64m;
        client_body_temp_path $folder$/1;
        proxy_temp_path $folder$/2;
        fastcgi_temp_path $folder$/3;
        uwsgi_temp_path $folder$/4;
        scgi_temp_path $folder$/5;
        map $http_upgrade $upgrading { default upgrade; '' ''; }
        upstream app { server 127.0.0.1:$app$; keepalive 4; }
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $upgrading;
        server {
          listen 127.0.0.1:$port$;
          location / { proxy_pass http://app; }
          location /gate { proxy_pass http://app; proxy_buffering off; }
          location /unbuffered/ {
            proxy_pass http://app/;
            proxy_buffering off;
            proxy_request_buffering off;
          }
        }
      }
      """;

  private static final String HAPROXY =
      """
      global
        maxconn 200
      defaults
        mode http
        timeout connect 5s
        timeout client 20s
        timeout server 20s
        timeout tunnel 20s
      listen first
        bind 127.0.0.1:$port1$
        server app 127.0.0.1:$told$ send-proxy
      listen second
        bind 127.0.0.1:$port2$
        server app 127.0.0.1:$told$ send-proxy-v2
      listen http2
        bind 127.0.0.1:$port3$
        option forwardfor
        http-request set-header X-Forwarded-Proto https
        server app 127.0.0.1:$plain$ proto h2
      listen passed
        mode tcp
        bind 127.0.0.1:$port4$
        server app 127.0.0.1:$secure$ send-proxy-v2
      """;

  private static final String WEBSOCKETS =
      """
      import asyncio, sys, websockets
      async def main():
        async with websockets.connect(sys.argv[1], max_size=None) as ws:
          for message in ("hello", "x" * 300000, b"y" * 70000):
            await ws.send(message)
            assert await ws.recv() == message
          await (await ws.ping())
      asyncio.run(main())
      print("done")
      """;

  private static final String AUTHORITY = Keys.authority().toString();

  @TempDir Path folder;

  private static Command curl(String... more) {
    return Subprocess.command("curl", "--silent", "--show-error", "--noproxy", "*", "--fail")
        .with("--max-time", "20")
        .with(more);
  }

  /// Waits until a program listens.
  private static void awaitPort(Subprocess program, int port) throws IOException {
    while (true) {
      try (Connection _ = Net.connect("127.0.0.1", port)) {
        return;
      } catch (IOException e) {
        if (!program.isAlive()) {
          throw new AssertionError(program.stdout().readString(), e);
        }
        sleep(Serving.MILLI.multipliedBy(10));
      }
    }
  }

  @Test
  void nginxIsInFront() throws Exception {
    PeerApp app = new PeerApp(folder);
    int port = PeerApp.freePort();
    app.serve(
        settings -> settings.trustForwarded("127.0.0.1"),
        server -> {
          Path file =
              PeerApp.settings(
                  folder.resolve("nginx.conf"),
                  NGINX,
                  Map.of("folder", folder, "app", server.port(), "port", port));
          String user = "user " + System.getProperty("user.name") + ";";
          try (Subprocess nginx =
              Subprocess.command("nginx", "-p", folder.toString(), "-c", file.toString())
                  .with("-g", System.getProperty("user.name").equals("root") ? user : "")
                  .mergeStderr()
                  .start()) {
            awaitPort(nginx, port);
            String url = "http://127.0.0.1:" + port;
            assertKeepsConnections(server, url);
            assertTellsWhoTheClientIs(url);
            assertUploads(app, url);
            assertPassesEventsOn(app, port);
            String told =
                PeerApp.python(WEBSOCKETS, "ws://127.0.0.1:" + port + "/ws").run().stdout();
            assertEquals("done\n", told);
            nginx.terminate();
            int _ = nginx.waitFor();
          }
        });
  }

  private static void assertKeepsConnections(Server server, String url) throws IOException {
    assertEquals("hello\n".repeat(40), curl(url + "/hello?[1-40]").run().check().stdout());
    assertEquals(1, server.connections());
  }

  private static void assertTellsWhoTheClientIs(String url) throws IOException {
    String who = curl("-H", "X-Forwarded-For: 192.0.2.7", url + "/who").run().check().stdout();
    assertTrue(who.contains("\"remote\":\"/192.0.2.7:0\""), who);
    assertTrue(who.contains("\"version\":\"HTTP/1.1\""), who);
    assertTrue(who.contains("\"host\":\"127.0.0.1"), who);
  }

  private static void assertUploads(PeerApp app, String url) throws IOException {
    for (String where : new String[] {"/echo", "/unbuffered/echo"}) {
      assertArrayEquals(
          app.bytes(),
          curl("--data-binary", "@-", url + where).run(app.bytes()).check().stdoutBytes());
    }
    assertArrayEquals(app.bytes(), curl(url + "/file").run().check().stdoutBytes());
  }

  /// The first event is there while the second one waits for it.
  private static void assertPassesEventsOn(PeerApp app, int port) throws IOException {
    try (Connection client = Net.connect("127.0.0.1", port)) {
      client.write("GET /gate HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      client.flush();
      StringBuilder got = new StringBuilder();
      for (String line : client.lines()) {
        got.append(line).append('\n');
        if (line.equals("data: first")) {
          app.release();
        }
      }
      assertTrue(got.toString().contains("data: second"), got.toString());
    }
  }

  @Test
  void haproxyIsInFront() throws Exception {
    PeerApp app = new PeerApp(folder);
    int[] ports = new int[5];
    for (int i = 1; i <= 4; i++) {
      ports[i] = PeerApp.freePort();
    }
    app.serve(
        settings -> settings.trustForwarded("127.0.0.1"),
        plain -> {
          try (Server told = app.open(Server.Builder::proxyProtocol);
              Server secure =
                  app.open(settings -> settings.proxyProtocol().tls(Keys.server(true)))) {
            Path file =
                PeerApp.settings(
                    folder.resolve("haproxy.cfg"),
                    HAPROXY,
                    Map.of(
                        "port1", ports[1],
                        "port2", ports[2],
                        "port3", ports[3],
                        "port4", ports[4],
                        "told", told.port(),
                        "plain", plain.port(),
                        "secure", secure.port()));
            try (Subprocess haproxy =
                Subprocess.command("haproxy", "-db", "-f", file.toString()).mergeStderr().start()) {
              awaitPort(haproxy, ports[4]);
              assertPassesOn(app, ports);
              haproxy.terminate();
              int _ = haproxy.waitFor();
            }
          }
        });
  }

  private static void assertPassesOn(PeerApp app, int[] ports) throws IOException {
    for (int i = 1; i <= 3; i++) {
      String url = "http://127.0.0.1:" + ports[i];
      String who =
          curl("--local-port", "61000-64999", url + "/who", "-H", "X-Forwarded-For: 192.0.2.8")
              .run()
              .check()
              .stdout();
      String from = i == 3 ? "\"/192\\.0\\.2\\.8:0\"" : "\"/127\\.0\\.0\\.1:6[1-4]\\d{3}\"";
      assertTrue(Pattern.compile(from).matcher(who).find(), who);
      assertTrue(who.contains(i == 3 ? "HTTP/2" : "HTTP/1.1"), who);
      assertTrue(who.contains(i == 3 ? "\"https\"" : "\"http\""), who);
      assertEquals("hello\n".repeat(40), curl(url + "/hello?[1-40]").run().check().stdout());
      assertArrayEquals(
          app.bytes(),
          curl("--data-binary", "@-", url + "/echo").run(app.bytes()).check().stdoutBytes());
      if (i < 3) {
        String socket = "ws://127.0.0.1:" + ports[i] + "/ws";
        assertEquals("done\n", PeerApp.python(WEBSOCKETS, socket).run().stdout());
      }
    }
    String passed =
        curl("--cacert", AUTHORITY, "https://127.0.0.1:" + ports[4] + "/who")
            .run()
            .check()
            .stdout();
    assertTrue(passed.contains("\"HTTP/2\"") && passed.contains("\"https\""), passed);
  }
}
