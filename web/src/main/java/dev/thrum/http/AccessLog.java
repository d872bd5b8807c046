package dev.thrum.http;

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;

/// Is told of every request that an application has answered, and of what the server has refused by
/// itself: see [Server.Builder#accessLog].
///
/// It is called by a thread of its own, one request after the other, so it may block; the loop
/// never waits for it. If it is too slow, requests are left out, and a warning says how many.
@FunctionalInterface
public interface AccessLog {

  /// A request and its response.
  ///
  /// @param time when the request came
  /// @param took from then to the end of the response, as far as the application is concerned
  /// @param remoteAddress where it came from, as [Exchange#remoteAddress()] has it
  /// @param method the method, empty if what has come was no request
  /// @param target the target, as the client has said; empty if what has come was no request
  /// @param version what was spoken
  /// @param status the status, 0 if the client left before there was one
  /// @param bytes the length of the response's body
  /// @param referer the header of that name, empty if there was none
  /// @param userAgent the header of that name, empty if there was none
  /// @param id its name in logs, if one was sent or somebody has asked for it by [Exchange#id()];
  ///   empty if not, and if the server has refused it
  record Entry(
      Instant time,
      Duration took,
      SocketAddress remoteAddress,
      String method,
      String target,
      HttpVersion version,
      int status,
      long bytes,
      String referer,
      String userAgent,
      String id) {}

  /// Notes a request.
  ///
  /// @param entry the request
  /// @throws Exception if it cannot; a warning says so, and the next request is noted again
  void log(Entry entry) throws Exception;

  /// Writes lines in the combined format of Apache and nginx. What could be taken for another line
  /// or another field is written as `\xhh`.
  ///
  /// @param out gets whole lines, and is flushed after each; it stays open
  /// @return a log
  static AccessLog combined(java.io.Writer out) {
    return entry -> {
      out.write(CombinedFormat.line(entry));
      out.flush();
    };
  }
}
