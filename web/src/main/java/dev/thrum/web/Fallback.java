package dev.thrum.web;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Answers to requests that no route is for.
final class Fallback {
  private Fallback() {}

  static Response answer(Request request) {
    Router.Match match = Objects.requireNonNull(request.match);
    String method = request.method();
    if (request.path().equals("*") && method.equals("OPTIONS")) {
      return Response.of(204).header("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    if (!match.allowed.isEmpty()) {
      String allow = allow(match.allowed);
      if (method.equals("OPTIONS")) {
        return Response.of(204).header("Allow", allow);
      }
      throw new HttpException(405, "Method Not Allowed", Headers.of("Allow", allow));
    }
    if (match.isForWebSockets) {
      throw new HttpException(426, "Upgrade Required", Headers.of("Upgrade", "websocket"));
    }
    String other = otherForm(request);
    if (!other.isEmpty()) {
      return Response.redirect(request.app().rootPath + other).status(307);
    }
    throw new HttpException(404);
  }

  private static String allow(Set<String> methods) {
    Set<String> all = new TreeSet<>(methods);
    if (all.contains("GET")) {
      all.add("HEAD");
    }
    all.add("OPTIONS");
    return String.join(", ", all);
  }

  /// The target with a slash at the end of its path, or without, if that exists. What begins with
  /// two slashes is never a place to be sent to: a browser takes it for another host.
  private static String otherForm(Request request) {
    String raw = request.rawPath();
    if (raw.length() < 2 || raw.startsWith("//")) {
      return "";
    }
    boolean slash = raw.endsWith("/");
    String other = slash ? raw.substring(0, raw.length() - 1) : raw + "/";
    String query = request.target().substring(raw.length());
    String routed = request.routingPath();
    String path = slash ? routed.substring(0, routed.length() - 1) : routed + "/";
    return request.app().router().exists(request, path) ? other + query : "";
  }
}
