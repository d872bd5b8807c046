package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.Serving;
import dev.thrum.http.client.Clients.Way;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Where a request is led to, with what method, and what it tells there.
final class RedirectsTest {

  /// `/STATUS/rest` leads to `/rest`.
  private static void lead(Exchange exchange) throws IOException {
    String target = exchange.target();
    if (target.matches("/3\\d\\d/.*")) {
      byte[] _ = exchange.readAll();
      exchange.respond(
          Integer.parseInt(target.substring(1, 4)),
          Headers.of("Location", target.substring(4)),
          "elsewhere".getBytes(UTF_8));
    } else if (target.equals("/loop")) {
      exchange.respond(302, Headers.of("Location", "/loop"), new byte[0]);
    } else if (target.startsWith("/to?")) {
      exchange.respond(302, Headers.of("Location", target.substring(4)), new byte[0]);
    } else {
      String told =
          " "
              + exchange.headers().get("Authorization", "-")
              + " "
              + exchange.headers().get("Cookie", "-")
              + " "
              + exchange.headers().get("Content-Type", "-");
      String text = exchange.method() + " " + target + " " + new String(exchange.readAll(), UTF_8);
      exchange.respond(200, Headers.create(), (text + told).getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "301,GET,GET", "302,GET,GET", "303,GET,GET", "307,GET,GET", "308,GET,GET",
    "301,POST,GET", "302,POST,GET", "303,POST,GET", "307,POST,POST", "308,POST,POST",
    "301,PUT,PUT", "302,PUT,PUT", "303,PUT,GET", "307,PUT,PUT", "308,PUT,PUT",
    "303,DELETE,GET", "307,DELETE,DELETE"
  })
  void theMethodThatARedirectLeavesOver(int status, String method, String then) throws Exception {
    Clients.with(
        Way.HTTP_1,
        RedirectsTest::lead,
        client -> {
          HttpRequest request = client.request(method, "/" + status + "/there");
          boolean withBody = method.startsWith("P");
          HttpResponse response = (withBody ? request.text("body") : request).send();
          boolean kept = withBody && then.equals(method);
          assertEquals(
              then + " /there " + (kept ? "body - - text/plain; charset=utf-8" : " - - -"),
              response.text());
          assertEquals(1, response.history().size());
          assertEquals(status, response.history().getFirst().status());
          assertTrue(response.url().endsWith("/there"), response.url());
        });
  }

  @ParameterizedTest
  @EnumSource
  void redirectsLeadOnAndTheirConnectionIsUsedAgain(Way way) throws Exception {
    Clients.with(
        way,
        RedirectsTest::lead,
        client -> {
          HttpResponse response = client.get("/301/302/303/307/308/end?a=b");
          assertEquals("GET /end?a=b  - - -", response.text());
          assertEquals(5, response.history().size());
          assertEquals(1, client.connections());
          assertEquals("", client.head("/302/end").text());
        });
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b/c?d, x, /a/b/x",
    "/a/b/c?d, ../x, /a/x",
    "/a/b/c?d, ?y, /a/b/c?y",
    "/a/b/c?d, /z#frag, /z",
    "/a/b/c?d, '', /a/b/c?d",
    "/, b, /b",
    "'', b, /b",
    "/a, /ä b, /%C3%A4%20b",
    "/a, /x?u=http://y/z, /x?u=http://y/z"
  })
  void aReferenceIsResolved(String base, String reference, String path) {
    Target target = Target.of("http://h" + base).resolve(reference);
    assertEquals("http://h" + path, target.toString());
  }

  @Test
  void anAddressIsReadStrictlyAndWrittenInAscii() {
    assertEquals("http://xn--bcher-kva.example/", Target.of("HTTP://bücher.example").toString());
    assertEquals("https://h/a?b", Target.of("https://u:p@h:443/a?b#c").toString());
    assertEquals("u:p", Target.of("https://u:p@h/").userInfo());
    assertEquals("http://[::1]:8080/", Target.of("http://[::1]:8080").toString());
    assertEquals("::1", Target.of("http://[::1]:8080").host());
    assertEquals("http://h/a%20b%22", Target.of("http://h/a b\"").toString());
    assertEquals("http://h/v1/users", Target.of("http://h/v1").below("/users").toString());
    assertEquals("http://h/v1/users?q", Target.of("http://h/v1/").below("users?q").toString());
    for (String wrong :
        new String[] {
          "",
          "h",
          "/a",
          "http://",
          "http://h:0/",
          "http://h:99999/",
          "http://h/%",
          "file:///etc/passwd",
          "http://h/\n",
          "http://a b/"
        }) {
      assertThrows(IllegalArgumentException.class, () -> Target.of(wrong), () -> wrong);
    }
  }

  @Test
  void tooManyRedirectsAndThoseToNowhereFail() throws Exception {
    Clients.with(
        Way.HTTP_1,
        settings -> settings.maxRedirects(3),
        RedirectsTest::lead,
        client -> {
          var loop = assertThrows(HttpClientException.Redirects.class, () -> client.get("/loop"));
          assertTrue(
              String.valueOf(loop.getMessage()).contains("more than 3 times"), loop.getMessage());
          assertThrows(
              HttpClientException.Redirects.class, () -> client.get("/to?file:///etc/passwd"));
          assertThrows(HttpClientException.Redirects.class, () -> client.get("/to?http://"));
          HttpBody once = HttpBody.stream("text/plain", out -> out.write('x'));
          assertThrows(HttpClientException.Redirects.class, () -> client.post("/307/there", once));
          assertEquals(302, client.request("GET", "/loop").withoutRedirects().send().status());
        });
  }

  @Test
  void whatIsForOneServerIsNotToldToAnother() throws Exception {
    Clients.with(
        Way.HTTP_1,
        settings -> settings.bearer("secret"),
        RedirectsTest::lead,
        client -> {
          String here = client.get("/x").url();
          String there = here.replace("127.0.0.1", "localhost");
          assertEquals("GET /x  Bearer secret - -", client.get("/302/x").text());
          assertEquals("GET /x  - - -", client.get("/to?" + there).text());
          assertEquals(
              "GET /x  - - -",
              client.request("GET", "/to?" + there).header("Cookie", "a=b").send().text());
          assertEquals("GET /x  - - -", client.get(there).text());
          assertEquals("GET /x  Basic dTpw - -", client.get(there.replace("//", "//u:p@")).text());
          assertEquals("GET /x  - - -", client.get("/to?" + there.replace("//", "//u:p@")).text());
        });
  }

  @Test
  void cookiesAreKept() throws Exception {
    Serving.with(
        exchange -> {
          Headers headers = Headers.create();
          if (exchange.target().startsWith("/set")) {
            headers
                .add("Set-Cookie", "a=1; Path=/")
                .add("Set-Cookie", "b=2; Path=/deep")
                .add("Set-Cookie", "c=3; Secure")
                .add("Set-Cookie", "d=4; Domain=com")
                .add("Set-Cookie", "e=5; Max-Age=0");
          }
          exchange.respond(200, headers, exchange.headers().get("Cookie", "-").getBytes(UTF_8));
        },
        server -> {
          String base = "http://127.0.0.1:" + server.port();
          try (HttpClient client = HttpClient.builder().baseUrl(base).open()) {
            assertEquals("-", client.get("/set").text());
            assertEquals("a=1", client.get("/x").text());
            assertEquals("b=2; a=1", client.get("/deep/x").text());
            assertEquals("a=1", client.get("/deeper").text());
            assertEquals(2, client.cookies().size());
            client.cookies().clear();
            assertEquals("-", client.get("/x").text());
          }
          assertEquals("-", Http.get(base + "/set").text());
          assertEquals("-", Http.get(base + "/x").text());
          HttpClientImpl.ofThisLoop().pool().close();
        });
  }
}
