package dev.thrum.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.web.App;
import dev.thrum.web.Compression;
import dev.thrum.web.Handler;
import dev.thrum.web.Routes;
import dev.thrum.web.SecurityHeaders;
import dev.thrum.web.TypedHandler;
import dev.thrum.web.VoidTypedHandler;
import dev.thrum.web.Web;
import dev.thrum.web.internal.Launch;
import dev.thrum.web.internal.Launch.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is told of an application to what has started its program, which is no part of the
/// framework.
final class RouteLinesTest {
  private final List<Line> told = new ArrayList<>();

  private record Item(String name) {}

  /// Serves nothing.
  private final class Reading extends Launch {
    @Override
    public boolean begins(List<Line> routes) {
      told.addAll(routes);
      return false;
    }

    @Override
    public void listens(int port, Runnable stop) {
      throw new AssertionError("it listens");
    }

    @Override
    public void fails(IOException reason) {
      throw new AssertionError(reason);
    }
  }

  @BeforeEach
  void launch() {
    Launch.install(new Reading());
  }

  @AfterEach
  void forget() {
    Launch.forget();
  }

  @Test
  void everyRouteIsToldWithItsHandlerAndWhatIsAroundIt() throws IOException {
    App app = App.create();
    app.use(Compression.create());
    app.get("/a", _ -> "a").name("a").with((req, next) -> next.handle(req));
    app.get("/b", Web.blocking((Handler) _ -> "b"));
    app.post("/c", Item.class, Web.blocking((TypedHandler<Item>) (_, item) -> item));
    app.put("/d", Item.class, (_, item) -> item);
    app.put("/v", Item.class, Web.blocking((VoidTypedHandler<Item>) (_, _) -> {}));
    app.ws("/e", ws -> ws.send("e"));
    app.files("/f", Path.of("."));
    Routes part = Routes.create("part");
    part.use(SecurityHeaders.standard());
    part.get("/g", _ -> "g").name("g");
    app.mount("/below", part);
    Routes host = Routes.create();
    host.get("/h", _ -> "h");
    app.host("h.example.org", host);
    app.serve(0);
    assertEquals(
        List.of(
            "GET /a a async [Compression, RouteLinesTest::lambda]",
            "GET /b  blocking [Compression]",
            "POST /c  blocking [Compression]",
            "PUT /d  async [Compression]",
            "PUT /v  blocking [Compression]",
            "WEBSOCKET /e  websocket [Compression]",
            "GET /f/{file:path}  files [Compression]",
            "GET /below/g part:g async [Compression, SecurityHeaders]",
            "GET h.example.org/h  async [Compression]"),
        told.stream().map(RouteLinesTest::text).toList());
    for (Line line : told) {
      assertEquals("RouteLinesTest.java", line.where().replaceFirst(":\\d+$", ""));
    }
  }

  private static String text(Line line) {
    return "%s %s%s %s %s %s"
        .formatted(
            line.method(), line.host(), line.path(), line.name(), line.kind(), line.middleware());
  }
}
