package dev.thrum.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.web.internal.Launch.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How routes are shown.
class RouteTableTest {
  private static final List<Line> ROUTES =
      List.of(
          new Line("GET", "", "/", "home", "async", List.of(), "app.java:7"),
          new Line("POST", "h.org", "/a\"b", "", "blocking", List.of("Cors", "app::lambda"), ""));

  @Test
  void asATableWhoseColumnsFit() {
    assertEquals(
        """
        METHOD  PATH       NAME  HANDLER   MIDDLEWARE         REGISTERED AT
        GET     /          home  async     -                  app.java:7
        POST    h.org/a"b  -     blocking  Cors, app::lambda  -
        """,
        RouteTable.text(ROUTES));
    assertEquals("There are no routes.\n", RouteTable.text(List.of()));
  }

  @Test
  void asJson() {
    assertEquals(
        """
        [
          {"method": "GET", "host": "", "path": "/", "name": "home", "handler": "async", \
        "middleware": [], "registered": "app.java:7"},
          {"method": "POST", "host": "h.org", "path": "/a\\"b", "name": "", "handler": "blocking", \
        "middleware": ["Cors", "app::lambda"], "registered": ""}
        ]
        """,
        RouteTable.json(ROUTES));
    assertEquals("[]\n", RouteTable.json(List.of()));
  }
}
