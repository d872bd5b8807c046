package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.Cookie;
import dev.thrum.http.WebSocket;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestRequest;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Somebody with a browser of their own.
final class Visitor {
  private static final Pattern TOKEN = Pattern.compile("name=\"csrf_token\" value=\"([^\"]+)\"");

  private final TestClient client;
  private final Map<String, String> cookies = new HashMap<>();

  Visitor(TestClient client) {
    this.client = client;
  }

  private TestRequest with(TestRequest request) {
    StringBuilder made = new StringBuilder();
    cookies.forEach((name, value) ->
        made.append(made.isEmpty() ? "" : "; ").append(name).append('=').append(value));
    return request.header("Cookie", made.isEmpty() ? "none=1" : made.toString());
  }

  TestResponse send(TestRequest request) throws IOException {
    TestResponse response = with(request).send();
    for (String line : response.headers().all("Set-Cookie")) {
      Cookie.parseSet(line).ifPresent(one -> cookies.put(one.name(), one.value()));
    }
    return response;
  }

  TestResponse get(String path) throws IOException {
    return send(client.request("GET", path));
  }

  /// The text of a page that has to be there.
  String page(String path) throws IOException {
    TestResponse response = get(path);
    assertEquals(200, response.status(), response::toString);
    return response.text();
  }

  TestRequest request(String method, String path) {
    return client.request(method, path);
  }

  String token(String page) throws IOException {
    var found = TOKEN.matcher(page(page));
    assertTrue(found.find(), "a form on " + page);
    return found.group(1);
  }

  /// Fills a form in that is on a page.
  TestResponse submit(String page, String path, String... fields) throws IOException {
    String[] all = java.util.Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "csrf_token";
    all[fields.length + 1] = token(page);
    return send(client.post(path).form(all));
  }

  WebSocket ws(String path) throws IOException {
    return client.ws(with(client.request("GET", path)));
  }

  String cookie(String name) {
    return cookies.getOrDefault(name, "");
  }

  void cookie(String name, String value) {
    cookies.put(name, value);
  }

  Visitor registered(String name) throws IOException {
    TestResponse answer =
        submit("/register", "/register", "name", name, "password", "correct horse");
    assertEquals(303, answer.status(), answer::toString);
    return this;
  }

  Visitor loggedIn(String name, String password) throws IOException {
    TestResponse answer = submit("/login", "/login", "name", name, "password", password);
    assertEquals(303, answer.status(), answer::toString);
    return this;
  }
}
