package dev.thrum.http;

import static dev.thrum.Async.sleep;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.READ;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.RawClient.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Long bodies: who is slow holds the other side up, and nothing is kept that is not wanted yet.
final class StreamingTest {
  private static final int PIECE = 50_000;
  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  @TempDir Path folder;

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  /// What a counter comes to.
  private static int whenItStops(int[] counter) {
    int before = -1;
    while (counter[0] == 0 || counter[0] != before) {
      before = counter[0];
      sleep(Serving.MILLI.multipliedBy(100));
    }
    return before;
  }

  /// More of it than is kept for who reads piece by piece.
  @Test
  void aBodyThatWasThereBeforeItIsReadIsReadAsAWhole() throws Exception {
    byte[] bytes = new byte[3_000_000];
    Serving.with(
        exchange -> {
          sleep(Serving.MILLI.multipliedBy(100)); // meanwhile the client has been made to wait
          int length = exchange.readAll().length;
          exchange.respond(200, Headers.create(), Integer.toString(length).getBytes(ISO_8859_1));
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
            client.connection.write(bytes);
            client.connection.flush();
            assertEquals("3000000", client.response().body());
          }
        });
  }

  @Test
  void aClientThatReadsSlowlyHoldsTheWriterUp() throws Exception {
    int[] written = {0};
    Serving.with(
        exchange -> {
          exchange.begin(200, Headers.create());
          for (; written[0] < 400; written[0]++) {
            exchange.write(new byte[PIECE]);
          }
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.get("/");
            int before = whenItStops(written);
            assertTrue(before < 300, before + " pieces were taken though nobody reads");
            assertEquals(400 * PIECE, client.response().body().length());
          }
        });
  }

  @Test
  void aHandlerThatReadsSlowlyHoldsTheClientUp() throws Exception {
    boolean[] reads = {false};
    int[] sent = {0};
    Serving.with(
        exchange -> {
          while (!reads[0]) {
            sleep(Serving.MILLI);
          }
          long sum = 0;
          for (byte[] some = exchange.read(9999); some.length > 0; some = exchange.read(9999)) {
            assertTrue(some.length <= 9999);
            sum += some.length;
          }
          exchange.respond(200, Headers.create(), Long.toString(sum).getBytes(ISO_8859_1));
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(CHUNKED);
            var sending =
                dev.thrum.Async.async(() -> {
                  for (; sent[0] < 300; sent[0]++) {
                    client.send("c350\r\n").connection.write(new byte[PIECE]);
                    client.send("\r\n");
                  }
                  client.send("0\r\n\r\n");
                });
            int before = whenItStops(sent);
            assertTrue(before < 250, before + " pieces were taken though nobody reads");
            reads[0] = true;
            assertEquals("15000000", client.response().body());
            dev.thrum.Async.await(sending);
          }
        });
  }

  @Test
  void aBodyComesBackWhileItComes() throws Exception {
    Serving.with(
        exchange -> {
          exchange.begin(200, Headers.create());
          for (byte[] some = exchange.read(100); some.length > 0; some = exchange.read(100)) {
            exchange.write(ByteBuffer.wrap(some));
          }
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(CHUNKED);
            for (String word : new String[] {"one", "three", "eleven"}) {
              client.send(Integer.toHexString(word.length()) + "\r\n" + word + "\r\n");
              if (word.equals("one")) {
                assertEquals("HTTP/1.1 200 OK", client.connection.readLine().orElseThrow());
                while (!client.connection.readLine().orElseThrow().isEmpty()) {}
              }
              assertEquals(
                  Integer.toHexString(word.length()), client.connection.readLine().orElseThrow());
              assertEquals(word, client.connection.readLine().orElseThrow());
            }
            client.send("0\r\n\r\n");
            assertEquals("0", client.connection.readLine().orElseThrow());
          }
        });
  }

  @Test
  void aLongBodyIsReadAsAWhole() throws Exception {
    byte[] bytes = random(3_000_000);
    Serving.with(
        exchange -> {
          exchange.bodyLimit(bytes.length);
          assertArrayEquals(bytes, exchange.readAll());
          assertEquals(0, exchange.read(1).length);
          byte[] room = new byte[2];
          assertEquals(-1, exchange.read(room, 0, 2));
          assertThrows(IllegalArgumentException.class, () -> exchange.read(room, 1, 0));
          assertThrows(IndexOutOfBoundsException.class, () -> exchange.read(room, 1, 2));
          exchange.respond(200, Headers.create(), new byte[0]);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
            client.connection.write(bytes);
            assertEquals(200, client.response().status());
          }
        });
  }

  @Test
  void partsOfFilesAreSent() throws Exception {
    byte[] bytes = random(3_000_000);
    Path file = Files.write(folder.resolve("file"), bytes);
    try (FileChannel channel = FileChannel.open(file, READ)) {
      Serving.with(
          exchange -> {
            if (exchange.target().equals("/whole")) {
              exchange.begin(200, Headers.of("Content-Length", "3000000"));
              exchange.write(channel, 0, 3_000_000);
            } else {
              exchange.begin(200, Headers.create());
              exchange.write("<".getBytes(ISO_8859_1));
              exchange.write(channel, 1000, 2000);
              exchange.write(channel, 5, 0);
              exchange.write(">".getBytes(ISO_8859_1));
            }
          },
          server -> {
            try (RawClient client = Serving.connect(server)) {
              client.get("/whole").get("/parts").get("/whole");
              assertArrayEquals(bytes, client.response().body().getBytes(ISO_8859_1));
              String parts = new String(Arrays.copyOfRange(bytes, 1000, 3000), ISO_8859_1);
              assertEquals("<" + parts + ">", client.response().body());
              assertArrayEquals(bytes, client.response().body().getBytes(ISO_8859_1));
              client.send("HEAD /whole HTTP/1.1\r\nHost: a\r\n\r\n");
              assertEquals("3000000", client.response(false).header("content-length"));
              assertEquals(2002, client.get("/parts").response().body().length());
            }
          });
      assertEquals(0, channel.position());
    }
  }

  @Test
  void aFileThatIsTooShortCutsTheConnectionOff() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[1000]);
    try (FileChannel channel = FileChannel.open(file, READ);
        LogLines log = LogLines.listen()) {
      Serving.with(
          exchange -> {
            exchange.begin(200, Headers.of("Content-Length", "2000"));
            exchange.write(channel, 0, 2000);
          },
          server -> {
            try (RawClient client = Serving.connect(server)) {
              client.get("/");
              assertThrows(IOException.class, client::response);
            }
          });
      assertTrue(log.text().contains("GET /"), log.text());
    }
  }

  @Test
  void aClientThatLeavesWhileAFileIsSentIsNoMisfortune() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[5_000_000]);
    boolean[] ended = {false};
    try (FileChannel channel = FileChannel.open(file, READ)) {
      Serving.with(
          exchange -> {
            exchange.begin(200, Headers.create());
            try {
              exchange.write(channel, 0, 5_000_000);
            } finally {
              ended[0] = true;
            }
          },
          server -> {
            RawClient client = Serving.connect(server);
            client.get("/");
            client.connection.readExactly(1000);
            client.abort();
            while (!ended[0]) {
              sleep(Serving.MILLI);
            }
            try (RawClient other = Serving.connect(server)) {
              assertEquals(5_000_000, other.get("/").response().body().length());
            }
          });
    }
  }

  @Test
  void aSmallBodyThatNobodyReadsIsThrownAway() throws Exception {
    Serving.with(
        exchange -> exchange.respond(200, Headers.create(), new byte[0]),
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
            assertEquals("", client.response().header("connection"));
            client.connection.write(new byte[200_000]);
            assertEquals(200, client.get("/").response().status());
            client.send(CHUNKED + "5\r\nhello\r\n0\r\n\r\n");
            assertEquals(200, client.response().status());
            assertEquals(200, client.get("/").response().status());
          }
        });
  }

  /// The client is still writing; it gets to read the response all the same.
  @Test
  void aLargeBodyThatNobodyReadsEndsTheConnection() throws Exception {
    Serving.with(
        exchange -> exchange.respond(403, Headers.create(), "no".getBytes(ISO_8859_1)),
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\n\r\n");
            for (int i = 0; i < 100; i++) {
              client.connection.write(new byte[100_000]);
            }
            Response response = client.response();
            assertEquals(403, response.status());
            assertEquals("no", response.body());
            assertEquals("close", response.header("connection"));
            assertEquals("", client.rest());
          }
          try (RawClient client = Serving.connect(server)) {
            client.send(CHUNKED);
            assertEquals("no", client.response().body());
            for (int i = 0; i < 100; i++) {
              client.send("c350\r\n").connection.write(new byte[PIECE]);
              client.send("\r\n");
            }
            assertEquals("", client.rest());
          }
        });
  }
}
