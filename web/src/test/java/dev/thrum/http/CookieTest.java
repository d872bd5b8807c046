package dev.thrum.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How cookies are written and read.
final class CookieTest {

  @Test
  void aCookieIsWrittenWithWhatItHas() {
    assertEquals("a=1; Path=/; SameSite=Lax", Cookie.of("a", "1").encode());
    String all =
        Cookie.of("a", "1")
            .withPath("/x")
            .withDomain("example.org")
            .withSecure()
            .withHttpOnly()
            .withSameSite(Cookie.SameSite.STRICT)
            .withMaxAge(Duration.ofHours(1))
            .encode();
    for (String part :
        List.of(
            "Path=/x",
            "Domain=example.org",
            "Secure",
            "HTTPOnly",
            "SameSite=Strict",
            "Max-Age=3600")) {
      assertEquals(true, all.contains("; " + part), all);
    }
  }

  @Test
  void whatIsWrittenIsRead() {
    Cookie cookie = Cookie.of("a", "1").withSecure().withMaxAge(Duration.ofSeconds(5));
    assertEquals(Optional.of(cookie), Cookie.parseSet(cookie.encode()));
    assertEquals(
        Duration.ZERO, Cookie.parseSet(Cookie.expired("a").encode()).orElseThrow().maxAge().get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b", "a,b", "a b", "a\"b", "a\\b", "a\r\nSet-Cookie: x=y", "é"})
  void noValueGetsOutOfItsCookie(String value) {
    assertThrows(IllegalArgumentException.class, () -> Cookie.of("a", value).encode());
    assertThrows(IllegalArgumentException.class, () -> Cookie.of(value, "a").encode());
  }

  @Test
  void whatIsMalformedIsLeftOut() {
    assertEquals(
        List.of("a=1", "b="),
        Cookie.parse("a=1; =x; b=; c=\u0001").stream()
            .map(one -> one.name() + "=" + one.value())
            .toList());
    assertEquals(Optional.empty(), Cookie.parseSet("=x"));
  }
}
