package dev.thrum.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request of HTTP/1 has to be beyond what its parser checks.
final class Http1Rules {
  private Http1Rules() {}

  /// What is wrong with a request.
  ///
  /// @return a sentence, or null; it begins with `HTTP/` if the version is none that is spoken
  static @Nullable String wrongIn(HttpRequest request) {
    io.netty.handler.codec.http.HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1 || version.minorVersion() > 1) {
      return version + " is not spoken on this connection";
    }
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && version.minorVersion() == 1)) {
      return "the request has " + hosts.size() + " Host headers, and needs one";
    }
    return isTarget(request.uri()) ? null : "the target of the request is malformed";
  }

  private static boolean isTarget(String target) {
    if (target.isEmpty()) {
      return false;
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return false;
      }
    }
    return true;
  }
}
