package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.client.Clients.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What comes packed, and how much of it.
final class ContentTest {
  private static final String TEXT = "as it was ".repeat(5000);

  private static byte[] packed(String coding, byte[] bytes) throws IOException {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (coding) {
          case "gzip" -> new GZIPOutputStream(made);
          case "deflate" -> new DeflaterOutputStream(made);
          case "zstd" -> new ZstdOutputStream(made);
          case "br" -> new BrotliOutputStream(made);
          default -> new DeflaterOutputStream(made, new Deflater(6, true));
        }) {
      out.write(bytes);
    }
    return made.toByteArray();
  }

  private static void answer(Exchange exchange) throws IOException {
    byte[] text = TEXT.getBytes(UTF_8);
    switch (exchange.target()) {
      case "/gzip" -> respond(exchange, "gzip", packed("gzip", text));
      case "/deflate" -> respond(exchange, "deflate", packed("deflate", text));
      case "/raw" -> respond(exchange, "deflate", packed("raw", text));
      case "/zstd" -> respond(exchange, "zstd", packed("zstd", text));
      case "/br" -> respond(exchange, "br", packed("br", text));
      case "/br-bomb" -> respond(exchange, "br", packed("br", new byte[5_000_000]));
      case "/zstd-bomb" -> respond(exchange, "zstd", packed("zstd", new byte[5_000_000]));
      case "/twice" -> respond(exchange, "deflate, gzip", packed("gzip", packed("deflate", text)));
      case "/members" -> {
        byte[] one = packed("gzip", text);
        byte[] two = java.util.Arrays.copyOf(one, one.length * 2);
        System.arraycopy(one, 0, two, one.length, one.length);
        respond(exchange, "gzip", two);
      }
      case "/unknown" -> respond(exchange, "compress", "as it is".getBytes(UTF_8));
      case "/empty" -> respond(exchange, "gzip", new byte[0]);
      case "/cut" -> respond(exchange, "gzip", java.util.Arrays.copyOf(packed("gzip", text), 50));
      case "/broken" -> respond(exchange, "gzip", "no gzip at all".getBytes(UTF_8));
      case "/many" -> respond(exchange, "gzip,gzip,gzip,gzip,gzip", packed("gzip", text));
      case "/bomb" -> respond(exchange, "gzip", packed("gzip", new byte[5_000_000]));
      case "/large" -> respond(exchange, "identity", new byte[2_000_000]);
      default -> {
        exchange.begin(200, Headers.create());
        for (int i = 0; i < 20; i++) {
          exchange.write(new byte[100_000]);
        }
      }
    }
  }

  private static void respond(Exchange exchange, String coding, byte[] bytes) {
    exchange.respond(
        200, Headers.of("Content-Encoding", coding, "Content-Type", "text/plain"), bytes);
  }

  @ParameterizedTest
  @EnumSource
  void contentIsUnpacked(Way way) throws Exception {
    Clients.with(
        way,
        ContentTest::answer,
        client -> {
          assertEquals(TEXT, client.get("/gzip").text());
          assertEquals(TEXT, client.get("/deflate").text());
          assertEquals(TEXT, client.get("/raw").text());
          assertEquals(TEXT, client.get("/zstd").text());
          assertEquals(TEXT, client.get("/br").text());
          assertEquals(TEXT, client.get("/twice").text());
          assertEquals(TEXT + TEXT, client.get("/members").text());
          assertEquals("as it is", client.get("/unknown").text());
          assertEquals("", client.get("/empty").text());
          assertEquals("", client.head("/gzip").text());
          try (HttpResponse response = client.request("GET", "/gzip").open()) {
            assertEquals(TEXT, new String(response.stream().readAllBytes(), UTF_8));
          }
          assertEquals(1, client.connections());
        });
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeUnpackedIsMalformed(Way way) throws Exception {
    Clients.with(
        way,
        ContentTest::answer,
        client -> {
          for (String path : new String[] {"/cut", "/broken", "/many"}) {
            assertThrows(HttpClientException.Malformed.class, () -> client.get(path), path);
          }
          assertEquals(TEXT, client.get("/gzip").text());
        });
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTooLongIsRefused(Way way) throws Exception {
    Clients.with(
        way,
        settings -> settings.maxBody(1_000_000),
        ContentTest::answer,
        client -> {
          for (String path :
              new String[] {"/bomb", "/br-bomb", "/zstd-bomb", "/large", "/streamed"}) {
            assertThrows(HttpClientException.TooLarge.class, () -> client.get(path), path);
          }
          assertEquals(
              2_000_000, client.request("GET", "/large").maxBody(2_000_000).send().bytes().length);
          try (HttpResponse response = client.request("GET", "/streamed").open()) {
            assertEquals(2_000_000, response.stream().readAllBytes().length);
          }
        });
  }

  @Test
  void aTextIsReadInItsCharset() throws Exception {
    Clients.with(
        Way.HTTP_1,
        exchange ->
            exchange.respond(
                200,
                Headers.of("Content-Type", exchange.headers().get("X-Type", "")),
                new byte[] {(byte) 0xE4}),
        client -> {
          assertEquals(
              "ä",
              client
                  .request("GET", "/")
                  .header("X-Type", "a/b; charset=\"iso-8859-1\"")
                  .send()
                  .text());
          assertEquals(
              "\uFFFD",
              client.request("GET", "/").header("X-Type", "a/b; charset=x?y").send().text());
        });
  }
}
