package dev.thrum.web.test;

import dev.thrum.Async;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Receiver;
import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpVersion;
import dev.thrum.http.Status;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.http.internal.RequestId;
import dev.thrum.net.TlsSession;
import dev.thrum.sync.Event;
import dev.thrum.web.internal.FailureSink;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request and its response in memory. The client waits for the head, and takes the body's parts
/// out of a channel, in which a writer waits for it if it is a stream.
final class MemoryExchange implements Exchange, FailureSink {
  private static final SocketAddress CLIENT = address("testclient", 50000);
  private static final SocketAddress SERVER = address("testserver", 80);
  private static final int PART = 1 << 16;

  final Event head = Event.create("head of a response");
  private final String method;
  private final String scheme;
  private final String target;
  private final Headers headers;
  private final Receiver<byte[]> input;
  private final Channel<byte[]> output;
  private final boolean wantsSocket;

  private byte[] rest = {};
  private long bodyLimit = Long.MAX_VALUE;
  private long bodyRead;

  private int status;
  private Headers answer = Headers.create();
  private long promised = -1;
  private long written;
  private boolean ended;
  private boolean gone;
  private @Nullable MemorySocket socket;
  private @Nullable String id;
  private @Nullable Throwable failure;

  MemoryExchange(
      String method,
      String scheme,
      String target,
      Headers headers,
      Receiver<byte[]> input,
      Channel<byte[]> output,
      boolean wantsSocket) {
    this.method = method;
    this.scheme = scheme;
    this.target = target;
    this.headers = headers;
    this.input = input;
    this.output = output;
    this.wantsSocket = wantsSocket;
  }

  /// An address of this machine.
  private static SocketAddress address(String name, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  // What the client sees

  int status() {
    return status;
  }

  Headers answer() {
    return answer;
  }

  Receiver<byte[]> output() {
    return output;
  }

  @Nullable MemorySocket socket() {
    return socket;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  void leave() {
    gone = true;
    output.cancel();
    MemorySocket open = socket;
    if (open != null) {
      open.lose();
    }
  }

  /// What a server does when the application has returned.
  void finish() {
    if (!isBegun()) {
      status = 500;
    }
    if (socket == null && !ended) {
      abort();
    }
    head.set();
  }

  @Override
  public void failed(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    } else if (failure != thrown) {
      failure.addSuppressed(thrown);
    }
  }

  // The request

  @Override
  public String id() {
    String known = id;
    if (known == null) {
      known = RequestId.of(headers);
      id = known;
    }
    return known;
  }

  @Override
  public void id(String other) {
    id = RequestId.checked(other);
  }

  @Override
  public boolean isFromTrustedProxy() {
    return false;
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public String authority() {
    return headers.get("Host", "");
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public SocketAddress remoteAddress() {
    return CLIENT;
  }

  @Override
  public SocketAddress localAddress() {
    return SERVER;
  }

  @Override
  public Optional<TlsSession> tls() {
    return Optional.empty();
  }

  @Override
  public byte[] read(int max) throws IOException {
    if (max < 1) {
      throw new IllegalArgumentException("at most " + max + " bytes: give at least 1");
    }
    checkHere();
    if (rest.length == 0) {
      rest = input.next().orElse(rest);
      checkHere();
      bodyRead += rest.length;
      if (bodyRead > bodyLimit) {
        throw new HttpException(413);
      }
    }
    byte[] part = rest.length <= max ? rest : Arrays.copyOf(rest, max);
    rest = Arrays.copyOfRange(rest, part.length, rest.length);
    return part;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, into.length);
    byte[] some = read(length);
    System.arraycopy(some, 0, into, from, some.length);
    return some.length == 0 ? -1 : some.length;
  }

  @Override
  public byte[] readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part = read(PART); part.length > 0; part = read(PART)) {
      all.write(part);
    }
    return all.toByteArray();
  }

  @Override
  public void bodyLimit(long bytes) {
    bodyLimit = bytes;
  }

  @Override
  public Headers trailers() {
    return Headers.create();
  }

  // The response

  @Override
  public boolean isBegun() {
    return status != 0;
  }

  @Override
  public boolean isEnded() {
    return ended;
  }

  @Override
  public void inform(int informal, Headers hints) {
    checkNotBegun();
  }

  @Override
  public void respond(int given, Headers made, byte[] body) {
    checkNotBegun();
    if (!Status.isWithoutBody(given)) {
      var _ = made.set("Content-Length", Integer.toString(body.length));
    }
    start(given, made);
    if (body.length > 0 && !hasNoBody() && !gone) {
      var _ = output.trySend(body); // it has room for one
    }
    finishBody();
  }

  @Override
  public void begin(int given, Headers made) {
    checkNotBegun();
    promised = made.get("Content-Length").map(Long::parseLong).orElse(-1L);
    start(given, made);
  }

  private void start(int given, Headers made) {
    if (given < 200 || given > 999) {
      throw new IllegalArgumentException("status " + given + ": give 200 to 999");
    }
    status = given;
    answer = made;
    head.set();
  }

  private boolean hasNoBody() {
    return method.equals("HEAD") || Status.isWithoutBody(status);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    checkOpen();
    written += bytes.length;
    if (promised >= 0 && written > promised) {
      throw new IllegalStateException("more than the " + promised + " bytes that were told");
    }
    if (bytes.length == 0 || hasNoBody()) {
      Async.checkpoint();
      return;
    }
    try {
      output.send(bytes);
    } catch (ChannelClosedException _) {
      throw goneAway();
    }
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    byte[] taken = new byte[bytes.remaining()];
    var _ = bytes.get(taken);
    write(taken);
  }

  @Override
  public void write(FileChannel file, long position, long count) throws IOException {
    long sent = 0;
    while (sent < count) {
      ByteBuffer part = ByteBuffer.allocate((int) Math.min(PART, count - sent));
      if (file.read(part, position + sent) < 0) {
        throw new EOFException("the file has become shorter");
      }
      sent += part.position();
      write(part.flip());
    }
  }

  @Override
  public void end(Headers after) {
    checkBegun();
    if (promised >= 0 && written < promised && !hasNoBody()) {
      throw new IllegalStateException(
          "only " + written + " of " + promised + " bytes were written");
    }
    finishBody();
  }

  private void finishBody() {
    ended = true;
    output.close();
  }

  @Override
  public void abort() {
    if (!ended) {
      ended = true;
      output.close(new EOFException("the response was cut off"));
    }
  }

  private void checkNotBegun() {
    if (isBegun()) {
      throw new IllegalStateException("the response has begun");
    }
  }

  private void checkBegun() {
    if (!isBegun() || ended) {
      throw new IllegalStateException(
          ended ? "the response is ended" : "the response has not begun");
    }
  }

  private void checkOpen() throws IOException {
    checkBegun();
    checkHere();
  }

  private void checkHere() throws IOException {
    if (gone) {
      Async.checkpoint();
      throw goneAway();
    }
  }

  private static IOException goneAway() {
    return new IOException("the client is gone");
  }

  // WebSocket

  @Override
  public boolean isWebSocket() {
    return wantsSocket;
  }

  @Override
  public WebSocket webSocket(WebSocketSettings settings) throws IOException {
    if (!wantsSocket) {
      throw new HttpException(426, "Upgrade Required", Headers.of("Upgrade", "websocket"));
    }
    checkNotBegun();
    checkHere();
    List<String> offered =
        headers.all("Sec-WebSocket-Protocol").stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .toList();
    String spoken =
        settings.subprotocols().stream().filter(offered::contains).findFirst().orElse("");
    MemorySocket made = MemorySocket.pair(spoken, settings.maxMessage());
    socket = made.peer();
    ended = true;
    status = 101;
    answer = settings.headers();
    head.set();
    return made;
  }
}
