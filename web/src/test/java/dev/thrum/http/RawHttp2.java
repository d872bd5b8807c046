package dev.thrum.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.net.Connection;
import dev.thrum.net.IncompleteReadException;
import dev.thrum.net.Net;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/// A client of HTTP/2 that sends any frames. It knows as much of the packing of headers as it takes
/// to write them, and to see a status.
final class RawHttp2 implements Closeable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  final Connection connection;
  private final Queue<Frame> put = new ArrayDeque<>();

  /// A frame.
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean ends() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /// The number of an error, in a frame that ends something.
    int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    /// The status in the first headers of a response.
    int status() {
      int first = payload[0] & 0xff;
      int[] known = {200, 204, 206, 304, 400, 404, 500};
      if (first >= 0x88 && first <= 0x8e) {
        return known[first - 0x88];
      }
      int length = payload[1] & 0x7f;
      if ((payload[1] & 0x80) == 0) {
        return Integer.parseInt(new String(payload, 2, length, US_ASCII));
      }
      return digits(payload, length);
    }

    /// Three digits in Huffman's code: the common ones have 5 bits, the others 6.
    private static int digits(byte[] payload, int length) {
      long bits = 0;
      for (int i = 0; i < length; i++) {
        bits = (bits << 8) | (payload[2 + i] & 0xff);
      }
      int at = length * 8;
      int number = 0;
      for (int i = 0; i < 3; i++) {
        int five = (int) (bits >> (at - 5)) & 31;
        if (five < 3) {
          number = number * 10 + five;
          at -= 5;
        } else {
          number = number * 10 + ((int) (bits >> (at - 6)) & 63) - 0x19 + 3;
          at -= 6;
        }
      }
      return number;
    }
  }

  private RawHttp2(Connection connection) {
    this.connection = connection;
  }

  /// A connection on which both sides have said that they speak HTTP/2.
  static RawHttp2 connect(Server server) throws IOException {
    return over(Net.connect("127.0.0.1", server.port()));
  }

  /// The same on a connection that there is.
  static RawHttp2 over(Connection connection) throws IOException {
    RawHttp2 client = new RawHttp2(connection);
    client.connection.write(PREFACE);
    client.send(SETTINGS, 0, 0).send(SETTINGS, 1, 0);
    return client;
  }

  RawHttp2 send(int type, int flags, int stream, byte... payload) throws IOException {
    connection.write(frame(type, flags, stream, payload));
    connection.flush();
    return this;
  }

  static byte[] frame(int type, int flags, int stream, byte... payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /// Packed headers of a request for `http://a/…`.
  static byte[] request(String method, String path, String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    literal(out, ":method", method);
    literal(out, ":scheme", "http");
    literal(out, ":path", path);
    literal(out, ":authority", "a");
    return headers(out, more);
  }

  /// Packed headers.
  static byte[] headers(String... more) {
    return headers(new ByteArrayOutputStream(), more);
  }

  private static byte[] headers(ByteArrayOutputStream out, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      literal(out, more[i], more[i + 1]);
    }
    return out.toByteArray();
  }

  private static void literal(ByteArrayOutputStream out, String name, String value) {
    out.write(0);
    string(out, name);
    string(out, value);
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    if (bytes.length < 127) {
      out.write(bytes.length);
    } else {
      out.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        out.write((rest & 127) | 128);
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }

  /// A whole request without a body.
  RawHttp2 get(int stream, String path) throws IOException {
    return send(HEADERS, END_HEADERS | END_STREAM, stream, request("GET", path));
  }

  /// The beginning of a request with a body.
  RawHttp2 post(int stream, String path, String... more) throws IOException {
    return send(HEADERS, END_HEADERS, stream, request("POST", path, more));
  }

  /// The next frame of all.
  Frame frame() throws IOException {
    byte[] head = connection.readExactly(9);
    int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
    int stream = ByteBuffer.wrap(head).getInt(5);
    return new Frame(head[3], head[4], stream, connection.readExactly(length));
  }

  /// The next frame of a stream, or the next `GOAWAY` with 0; those of other streams are put away.
  Frame frame(int stream) throws IOException {
    for (Frame one : put) {
      if (isFor(one, stream)) {
        put.remove(one);
        return one;
      }
    }
    while (true) {
      Frame next = frame();
      if (isFor(next, stream)) {
        return next;
      }
      put.add(next);
    }
  }

  private static boolean isFor(Frame frame, int stream) {
    return frame.stream() == stream
        && frame.type() != WINDOW_UPDATE
        && (stream != 0 || frame.type() == GOAWAY);
  }

  /// The body of a response whose status is 200.
  String body(int stream) throws IOException {
    Frame head = frame(stream);
    if (head.type() != HEADERS || head.status() != 200) {
      throw new IOException("no response: " + head);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Frame one = head; !one.ends(); ) {
      one = frame(stream);
      if (one.type() == DATA) {
        body.writeBytes(one.payload());
      } else if (one.type() != HEADERS) {
        throw new IOException("it was cut off: " + one);
      }
    }
    return body.toString(US_ASCII);
  }

  /// Reads until the server closes.
  ///
  /// @return the number of the error that it has told, or -1
  int error() throws IOException {
    int error = -1;
    try {
      while (true) {
        Frame next = frame();
        if (next.type() == GOAWAY) {
          error = next.error();
        }
      }
    } catch (IncompleteReadException _) {
      return error;
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
