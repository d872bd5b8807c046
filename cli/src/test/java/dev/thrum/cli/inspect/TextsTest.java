package dev.thrum.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is written to the target and read from it.
class TextsTest {

  @Test
  void optionsAreEncodedAsInAUrl() {
    Query query =
        Query.NONE.with("filter", "a b&c=d+ü").with("loop", Optional.empty()).with("lines", 3);
    assertEquals("filter=a%20b%26c%3Dd%2B%C3%BC&lines=3", query.toString());
    assertEquals("x=1&y=2", Query.NONE.with("x", 1).and(Query.NONE.with("y", 2)).toString());
  }

  @Test
  void json() {
    Json json =
        Json.parse(
            """
            {"id": 7, "name": "a \\"b\\" \\u00e4\\n", "none": null, "yes": true, "empty": {},
             "list": [ {"x": 1.5e3}, [], "s" ], "last": -2}
            """);
    assertEquals(7, json.get("id").number());
    assertEquals(-2, json.get("last").number());
    assertEquals(Optional.of("a \"b\" ä\n"), json.get("name").text());
    assertEquals(Optional.empty(), json.get("none").text());
    assertEquals(Optional.empty(), json.get("missing").get("x").text());
    assertEquals(Optional.of("true"), json.get("yes").text());
    assertEquals(3, json.get("list").elements().size());
    assertEquals(1500, json.get("list").elements().getFirst().get("x").number());
    assertEquals(0, json.get("empty").elements().size());
  }

  @Test
  void whatThrumRunsIsShownAsItWasCalled() {
    assertEquals("thrum run a.java x", JvmList.program("dev.thrum.cli.Main run a.java x"));
    assertEquals("dev.thrum.cli.Mainly x", JvmList.program("dev.thrum.cli.Mainly x"));
    assertEquals("app.jar --port 1", JvmList.program("app.jar --port 1"));
    assertEquals("app.jar  [31m x", JvmList.program("app.jar \u001b[31m\nx"));
    assertEquals("a b\nc d", Output.plain("a\tb\nc\u202ed"));
    assertEquals("app.jar", JvmList.cut("app.jar", 7));
    assertEquals("app.j…", JvmList.cut("app.jar", 6));
  }

  @Test
  void noNameCanControlTheTerminal() {
    assertEquals("a [2J \nb", Output.plain("a\u001b[2J\u009b\nb"));
  }
}
