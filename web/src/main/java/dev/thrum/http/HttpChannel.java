package dev.thrum.http;

import dev.thrum.http.internal.PolledChannel;
import dev.thrum.net.internal.RawChannel;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// The end of a pipeline on which requests come and responses leave: an HTTP/1.1 connection, or a
/// stream of an HTTP/2 one.
abstract class HttpChannel extends PolledChannel {
  final LoopServer server;
  final RawChannel raw;

  HttpChannel(LoopServer server, RawChannel raw) {
    super(server.driver, server.settings.writeTimeout());
    this.server = server;
    this.raw = raw;
  }

  /// A response before the response, without headers.
  static Object interim(int status) {
    return new DefaultFullHttpResponse(
        io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(status),
        Unpooled.EMPTY_BUFFER);
  }

  /// Whether the system can copy a file into the connection.
  abstract boolean canSendFile(FileChannel file);

  /// Completes the headers of a response. By a task.
  abstract void framed(ExchangeImpl exchange, HttpHeaders headers);

  /// The length of a response is not known when it begins. By a task.
  abstract void unframed(ExchangeImpl exchange, HttpHeaders headers);

  /// The exchange is over: its response is complete or given up. By its task.
  ///
  /// @return what is to be answered next
  abstract @Nullable ExchangeImpl over(ExchangeImpl exchange);

  /// Tells a client to send the body that it has asked about. By a task.
  final void sendContinue() {
    send(interim(100), 0);
  }
}
