package dev.thrum.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.process.Subprocess;
import dev.thrum.testkit.AsyncTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fuzzing client of the Autobahn test suite against an echoing WebSocket.
@Tag("one-engine")
@Tag("slow") // some hundred cases, played by Jython
final class AutobahnTest {
  private static final Path TOOLS = Path.of("target", "autobahn");
  private static final Set<String> GOOD = Set.of("OK", "NON-STRICT", "INFORMATIONAL");

  @TempDir Path folder;

  private static void echo(Exchange exchange) throws Exception {
    var settings = WebSocketSettings.DEFAULT.withMaxMessage(32 << 20);
    try (WebSocket socket = exchange.webSocket(settings)) {
      for (WebSocket.Message message : socket) {
        switch (message) {
          case WebSocket.Text text -> socket.send(text.text());
          case WebSocket.Binary binary -> socket.send(binary.bytes());
        }
      }
    }
  }

  @AsyncTest(timeout = 600)
  @Timeout(600)
  void noCaseFails() throws Exception {
    assertNoneFails(247, "1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*");
  }

  @AsyncTest(timeout = 1700)
  @Timeout(1700)
  @Tag("soak") // messages of up to 16 MiB
  void noCaseWithLargeMessagesFails() throws Exception {
    assertNoneFails(54, "9.*");
  }

  /// @param count how many cases the chapters have: of those that it does not know it plays none
  private void assertNoneFails(int count, String... chapters) throws Exception {
    try (Server server = Server.builder().port(0).listen(AutobahnTest::echo)) {
      Path script = folder.resolve("fuzz.py");
      var _ = Files.writeString(script, script(server.port(), chapters));
      var played =
          Subprocess.command(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  TOOLS.resolve("jython.jar") + ":" + TOOLS.resolve("autobahn.jar"),
                  "org.python.util.jython",
                  script.toString())
              .run();
      assertEquals(0, played.exitCode(), played.stdout() + played.stderr());
    }
    JsonNode cases =
        JsonMapper.shared().readTree(folder.resolve("index.json").toFile()).get("Thrum");
    TreeMap<String, String> bad = new TreeMap<>();
    for (var one : cases.properties()) {
      String behaviour = one.getValue().get("behavior").asString();
      String closing = one.getValue().get("behaviorClose").asString();
      if (!GOOD.contains(behaviour) || !GOOD.contains(closing)) {
        bad.put(one.getKey(), behaviour + ", closing " + closing);
      }
    }
    assertTrue(bad.isEmpty(), bad::toString);
    assertTrue(cases.size() >= count, "cases: " + cases.size());
  }

  private String script(int port, String... chapters) {
    return """
    import sys
    sys.argv = ['wstest']
    from twisted.internet import reactor
    from autobahntestsuite.fuzzing import FuzzingClientFactory
    factory = FuzzingClientFactory({
      "options": {"failByDrop": False}, "outdir": "%s", "enable-ssl": False,
      "servers": [{"agent": "Thrum", "url": "ws://127.0.0.1:%d/", "options": {"version": 18}}],
      "cases": %s, "exclude-cases": [], "exclude-agent-cases": {}})
    reactor.run()
    """
        .formatted(folder, port, "[\"" + String.join("\",\"", chapters) + "\"]");
  }
}
