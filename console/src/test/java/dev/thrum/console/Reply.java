package dev.thrum.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/// What a server answers to a request that is written by hand, so that it can have any `Host`.
record Reply(int status, List<String> headers, String body) {

  static Reply to(int port, String method, String path, String body, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, path));
    if (Arrays.stream(headers).noneMatch(header -> header.startsWith("Host:"))) {
      request.append("Host: 127.0.0.1:%d\r\n".formatted(port));
    }
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    request.append("Connection: close\r\nContent-Length: %d\r\n\r\n".formatted(body.length()));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.append(body).toString().getBytes(UTF_8));
      return parse(new String(socket.getInputStream().readAllBytes(), UTF_8));
    }
  }

  private static Reply parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    List<String> head = text.substring(0, end).lines().toList();
    int status = Integer.parseInt(head.getFirst().substring(9, 12));
    return new Reply(status, head.subList(1, head.size()), text.substring(end + 4));
  }

  /// The value of a header; empty if it is not there.
  String header(String name) {
    return headers.stream()
        .filter(header -> header.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(header -> header.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
