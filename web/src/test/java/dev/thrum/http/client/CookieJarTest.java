package dev.thrum.http.client;

import static dev.thrum.Async.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which cookies are accepted, and where they are sent.
final class CookieJarTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://a.example/x/y | n=v                              | http://a.example/x/z    | n=v",
        "http://a.example/x/y | n=v                              | http://a.example/       | -",
        "http://a.example/x/y | n=v; Path=/                      | http://a.example/       | n=v",
        "http://a.example/    | n=v                              | http://b.a.example/     | -",
        "http://a.example/    | n=v; Domain=a.example            | http://b.a.example/     | n=v",
        "http://b.a.example/  | n=v; Domain=.a.example           | http://c.a.example/     | n=v",
        "http://b.a.example/  | n=v; Domain=a.example            | http://xa.example/      | -",
        "http://a.example/    | n=v; Domain=b.example            | http://b.example/       | -",
        "http://a.example/    | n=v; Domain=b.a.example          | http://b.a.example/     | -",
        "http://a.example/    | n=v; Domain=example              | http://b.example/       | -",
        "http://a.co.uk/      | n=v; Domain=co.uk                | http://b.co.uk/         | -",
        "http://a.github.io/  | n=v; Domain=github.io            | http://b.github.io/     | -",
        "http://10.0.0.1/     | n=v; Domain=0.0.1                | http://10.0.0.1/        | -",
        "http://10.0.0.1/     | n=v                              | http://10.0.0.1/        | n=v",
        "https://a.example/   | n=v; Secure                      | http://a.example/       | -",
        "https://a.example/   | n=v; Secure                      | https://a.example/      | n=v",
        "http://a.example/    | n=v; Secure                      | https://a.example/      | -",
        "https://a.example/   | __Host-n=v; Secure; Path=/       | https://a.example/      | __Host-n=v",
        "https://a.example/x/ | __Host-n=v; Secure               | https://a.example/x/    | -",
        "https://a.example/   | __Host-n=v; Path=/               | https://a.example/      | -",
        "https://a.example/   | __Secure-n=v                     | https://a.example/      | -",
        "http://a.example/    | n=v; Max-Age=-5                  | http://a.example/       | -",
        "http://a.example/    | n=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT | http://a.example/ | -",
        "http://a.example/    | n=v; Expires=Thu, 01 Jan 2099 00:00:00 GMT | http://a.example/ | n=v",
        "http://a.example/    | n=v; HttpOnly; SameSite=Strict   | http://a.example/       | n=v",
        "http://a.example/    | =v                               | http://a.example/       | -",
        "http://a.example/    | n                                | http://a.example/       | -",
        "http://A.EXAMPLE/    | n=v                              | http://a.example:81/    | n=v",
        "http://a.example/xy  | n=v; Path=/x                     | http://a.example/xy     | -"
      })
  void where(String from, String set, String to, String header) {
    run(() -> {
      CookieJar jar = new CookieJar();
      jar.take(Target.of(from), List.of(set));
      String sent = jar.header(Target.of(to));
      assertEquals(header, sent.isEmpty() ? "-" : sent);
    });
  }

  @Test
  void theLatestValueCountsAndTheLongestPathComesFirst() {
    run(() -> {
      CookieJar jar = new CookieJar();
      Target deep = Target.of("https://a.example/x/y");
      jar.take(deep, List.of("a=1; Path=/", "b=2", "a=3; Path=/", "c=4; Path=/; Secure"));
      assertEquals("b=2; a=3; c=4", jar.header(deep));
      jar.take(Target.of("http://a.example/"), List.of("c=evil; Path=/"));
      assertEquals("b=2; a=3; c=4", jar.header(deep));
      assertEquals(3, jar.cookies("https://a.example/x/y").size());
    });
  }

  @Test
  void aJarDoesNotGrowForEver() {
    run(() -> {
      CookieJar jar = new CookieJar();
      for (int i = 0; i < 5000; i++) {
        jar.take(Target.of("http://h" + i % 40 + ".example/"), List.of("n" + i + "=v"));
      }
      assertEquals(3000, jar.size());
    });
  }
}
