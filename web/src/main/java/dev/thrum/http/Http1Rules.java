package dev.thrum.http;

import dev.thrum.http.internal.Tokens;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a request has to be beyond what its parser checks.
final class Http1Rules {
  private static final String IN_HOSTS = "-._~%!$&'()*+,;=:[]";

  private Http1Rules() {}

  /// What is wrong with a request of HTTP/1.
  ///
  /// @return how it is to be refused, or null
  static @Nullable HttpException wrongIn(HttpRequest request) {
    io.netty.handler.codec.http.HttpVersion version = request.protocolVersion();
    if (!version.protocolName().equals("HTTP")) {
      return new HttpException(400, "the version of the request is malformed");
    }
    if (version.majorVersion() != 1 || version.minorVersion() > 1) {
      return new HttpException(505, version + " is not spoken on this connection");
    }
    HttpHeaders headers = request.headers();
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && version.minorVersion() == 1)) {
      return new HttpException(
          400, "the request has " + hosts.size() + " Host headers, and needs one");
    }
    if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)) {
      return new HttpException(400, "a WebSocket of a draft, with a body that nothing announces");
    }
    String encoding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    if (encoding != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encoding)) {
      return new HttpException(501, "the transfer encoding " + encoding + " is not known here");
    }
    String host = hosts.isEmpty() ? "" : hosts.getFirst();
    String wrong = wrongIn(request.method(), request.uri(), host);
    return wrong == null ? null : new HttpException(400, wrong);
  }

  /// What is wrong with what a request is for.
  ///
  /// @return a sentence, or null
  static @Nullable String wrongIn(HttpMethod method, String target, String host) {
    if (!Tokens.isToken(method.name())) {
      return "the method of the request is malformed";
    }
    if (!isHost(host)) {
      return "the Host of the request is malformed";
    }
    if (!isTarget(method, target)) {
      return "the target of the request is malformed";
    }
    String told = authorityIn(target);
    return told.isEmpty() || told.equalsIgnoreCase(host)
        ? null
        : "the target of the request is for " + told + ", its Host header for another one";
  }

  /// The host that an absolute target names, empty if it is none.
  private static String authorityIn(String target) {
    int begin = target.startsWith("/") ? -1 : target.indexOf("://");
    if (begin < 0) {
      return "";
    }
    int end = begin + 3;
    while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    return target.substring(begin + 3, end);
  }

  private static boolean isTarget(HttpMethod method, String target) {
    if (target.isEmpty()) {
      return false;
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return false;
      }
    }
    if (method.equals(HttpMethod.CONNECT)) {
      return isHost(target) && target.indexOf(':') > 0;
    }
    if (target.charAt(0) == '/') {
      return true;
    }
    if (target.equals("*")) {
      return method.equals(HttpMethod.OPTIONS);
    }
    String lower = target.toLowerCase(Locale.ROOT);
    return (lower.startsWith("http://") || lower.startsWith("https://"))
        && !authorityIn(target).isEmpty()
        && isHost(authorityIn(target));
  }

  static boolean isHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (!Tokens.isLetterOrDigit(c) && IN_HOSTS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
