package dev.thrum.web.test;

import dev.thrum.channel.Channel;
import dev.thrum.channel.Receiver;
import dev.thrum.http.Headers;
import dev.thrum.web.internal.Percent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that is to be sent.
public final class TestRequest {
  private final TestClient client;
  final String method;
  String target;
  final Headers headers = Headers.create();
  byte[] body = {};
  private final List<FormPart> formParts = new ArrayList<>();
  private @Nullable Receiver<byte[]> parts;

  TestRequest(TestClient client, String method, String target) {
    this.client = client;
    this.method = method;
    this.target = target;
  }

  /// Adds a header.
  ///
  /// @param name the name
  /// @param value its value
  /// @return this
  public TestRequest header(String name, String value) {
    var _ = headers.add(name, value);
    return this;
  }

  /// Adds to the query.
  ///
  /// @param name the name
  /// @param value its value
  /// @return this
  public TestRequest query(String name, String value) {
    String one = Percent.encode(name) + "=" + Percent.encode(value);
    target += (target.indexOf('?') < 0 ? "?" : "&") + one;
    return this;
  }

  /// The body.
  ///
  /// @param bytes the bytes
  /// @return this
  public TestRequest body(byte[] bytes) {
    body = bytes.clone();
    return this;
  }

  /// A body that comes part by part while the request is answered.
  ///
  /// @param coming where the parts come from, up to its end
  /// @return this
  public TestRequest body(Receiver<byte[]> coming) {
    parts = coming;
    return this;
  }

  /// A text as body.
  ///
  /// @param text the text
  /// @return this
  public TestRequest text(String text) {
    return typed("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /// An object as body, in JSON.
  ///
  /// @param value the object
  /// @return this
  public TestRequest json(Object value) {
    return typed("application/json", client.app().json().bytes(value));
  }

  /// A form as body.
  ///
  /// @param namesAndValues a name, its value, the next name, and so on
  /// @return this
  public TestRequest form(String... namesAndValues) {
    StringBuilder made = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      made.append(i == 0 ? "" : "&")
          .append(Percent.encode(namesAndValues[i]))
          .append('=')
          .append(Percent.encode(namesAndValues[i + 1]));
    }
    return typed(
        "application/x-www-form-urlencoded", made.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// Adds a field to a form in parts.
  ///
  /// @param name its name
  /// @param value its value
  /// @return this
  public TestRequest field(String name, String value) {
    return part(new FormPart(name, value));
  }

  /// Adds a file to a form in parts.
  ///
  /// @param name the name of its field
  /// @param fileName its own name
  /// @param type the type of its content, such as `image/png`
  /// @param content the content
  /// @return this
  public TestRequest file(String name, String fileName, String type, byte[] content) {
    return part(new FormPart(name, fileName, type, content));
  }

  private TestRequest part(FormPart part) {
    formParts.add(part);
    return typed(FormPart.TYPE, FormPart.encode(formParts));
  }

  private TestRequest typed(String type, byte[] bytes) {
    if (!headers.contains("Content-Type")) {
      var _ = headers.set("Content-Type", type);
    }
    body = bytes;
    return this;
  }

  /// Sends it and waits for the whole response.
  ///
  /// @return the response
  /// @throws IOException if the response was cut off
  public TestResponse send() throws IOException {
    return client.send(this);
  }

  /// Sends it and waits for the head of the response only.
  ///
  /// @return the response, whose body is to be taken; to be closed
  public TestStream open() {
    return client.open(this);
  }

  Receiver<byte[]> input() {
    Receiver<byte[]> coming = parts;
    if (coming != null) {
      return coming;
    }
    Channel<byte[]> whole = Channel.unlimited();
    if (body.length > 0) {
      whole.send(body);
    }
    whole.close();
    return whole;
  }
}
