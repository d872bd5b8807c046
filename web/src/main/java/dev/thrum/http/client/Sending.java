package dev.thrum.http.client;

import dev.thrum.http.Headers;
import dev.thrum.http.client.HttpClientException.ClosedEarly;
import dev.thrum.http.client.HttpClientException.Malformed;
import dev.thrum.http.client.HttpClientException.Redirects;
import dev.thrum.internal.wait.Party;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request on its way: sent, sent again where that is right, and followed where it leads.
final class Sending {
  private static final int MOST_TRIES = 4;

  private final HttpClientImpl client;
  private final HttpRequest wanted;
  private final Target.Origin first;
  private Target target;
  private String method;
  private @Nullable HttpBody body;
  private boolean astray;
  private List<HttpResponse> history = List.of();

  Sending(HttpClientImpl client, HttpRequest wanted, Target target) {
    this.client = client;
    this.wanted = wanted;
    this.target = target;
    this.first = target.origin();
    this.method = wanted.method();
    this.body = wanted.body();
  }

  HttpResponse open() throws IOException {
    while (true) {
      HttpResponse response = once();
      boolean done = false;
      try {
        String location = redirectOf(response);
        if (location == null) {
          done = true;
          return response;
        }
        follow(response, location);
      } finally {
        if (!done) {
          response.close();
        }
      }
    }
  }

  private String what() {
    return method + " " + target;
  }

  // One request

  private HttpResponse once() throws IOException {
    client.checkHere();
    Party me = Party.current();
    me.enter();
    DefaultHttpRequest request = request();
    boolean fresh = false;
    for (int tries = 1; ; tries++) {
      try {
        return once(me, request, fresh);
      } catch (Lost e) {
        if (tries == MOST_TRIES || !mayRepeat(e)) {
          throw told(e, what(), "before its response");
        }
        fresh = e.kind() == Lost.Kind.STALE;
      }
    }
  }

  private HttpResponse once(Party me, DefaultHttpRequest request, boolean fresh)
      throws IOException {
    ClientChannel channel = client.pool().channel(me, target.origin(), fresh);
    Call call = channel.begin(request);
    boolean done = false;
    try {
      call.send(me, body, wanted.expects() && body != null);
      var head = call.awaitHead(me);
      HttpResponse response = new HttpResponse(call, head, target, history, wanted.maxBody());
      CookieJar jar = client.jar();
      if (jar != null) {
        jar.take(target, head.headers().getAll(HttpHeaderNames.SET_COOKIE));
      }
      done = true;
      return response;
    } finally {
      if (!done) {
        call.over();
      }
    }
  }

  private boolean mayRepeat(Lost why) {
    boolean harmless =
        switch (method) {
          case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
          default -> false;
        };
    boolean untouched =
        why.kind() == Lost.Kind.UNPROCESSED || (why.kind() == Lost.Kind.STALE && harmless);
    return untouched && (body == null || body.isReplayable());
  }

  /// What is lost, for who has asked.
  static HttpClientException told(Lost why, String what, String when) {
    return why.kind() == Lost.Kind.MALFORMED
        ? new Malformed(
            what + " was answered with what is no response of HTTP: " + why.getMessage(), why)
        : new ClosedEarly(what + " was broken off " + when + ": " + why.getMessage(), why);
  }

  // Its head

  DefaultHttpRequest request() throws IOException {
    Target.Origin origin = target.origin();
    Target proxy = Dialer.proxyFor(client.settings(), origin);
    boolean absolute = proxy != null && !origin.secure();
    String line = absolute ? origin + target.path() : target.path();
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    var _ = headers.set(HttpHeaderNames.HOST, origin.authority());
    var _ = headers.set(HttpHeaderNames.USER_AGENT, "thrum");
    var _ = headers.set(HttpHeaderNames.ACCEPT, "*/*");
    var _ = headers.set(HttpHeaderNames.ACCEPT_ENCODING, Unpacking.understood());
    put(headers, client.settings().headers());
    if (isElsewhere(origin)) {
      var _ = headers.remove(HttpHeaderNames.AUTHORIZATION);
    }
    put(headers, wanted.headers());
    if (method.equals("GET") && !wanted.method().equals("GET")) {
      var _ = headers.remove(HttpHeaderNames.CONTENT_TYPE); // of the body that was left behind
    }
    if (!target.userInfo().isEmpty() && !headers.contains(HttpHeaderNames.AUTHORIZATION)) {
      var _ = headers.set(HttpHeaderNames.AUTHORIZATION, Dialer.basic(target.userInfo()));
    }
    if (absolute && proxy != null && !proxy.userInfo().isEmpty()) {
      var _ = headers.set(HttpHeaderNames.PROXY_AUTHORIZATION, Dialer.credentials(proxy));
    }
    removePrivate(headers, origin);
    addCookies(headers);
    frame(headers);
    return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), line, headers);
  }

  private static void put(HttpHeaders all, Headers more) {
    for (String name : more.names()) {
      var _ = all.set(name, more.all(name));
    }
  }

  /// Whether this is not the server that the client's credentials are for.
  private boolean isElsewhere(Target.Origin origin) {
    Target base = client.settings().base();
    return base != null && !base.origin().equals(origin);
  }

  /// What is for one server only is not told to another.
  private void removePrivate(HttpHeaders headers, Target.Origin origin) {
    if (astray) {
      var _ = headers.remove(HttpHeaderNames.AUTHORIZATION);
      var _ = headers.remove(HttpHeaderNames.COOKIE);
      var _ = headers.set(HttpHeaderNames.HOST, origin.authority());
    }
  }

  private void addCookies(HttpHeaders headers) {
    CookieJar jar = client.jar();
    String cookies = jar == null ? "" : jar.header(target);
    if (!cookies.isEmpty()) {
      String own = headers.get(HttpHeaderNames.COOKIE);
      var _ = headers.set(HttpHeaderNames.COOKIE, own == null ? cookies : own + "; " + cookies);
    }
  }

  /// How long the body is, is for nobody else to say.
  private void frame(HttpHeaders headers) throws IOException {
    for (var one : List.of(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.TRANSFER_ENCODING)) {
      var _ = headers.remove(one);
    }
    HttpBody own = body;
    if (own == null) {
      boolean usual =
          switch (method) {
            case "POST", "PUT", "PATCH" -> true;
            default -> false;
          };
      if (usual) {
        var _ = headers.set(HttpHeaderNames.CONTENT_LENGTH, "0");
      }
      return;
    }
    long length = own.length();
    if (length >= 0) {
      var _ = headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
    } else {
      var _ = headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    if (!own.contentType().isEmpty() && !headers.contains(HttpHeaderNames.CONTENT_TYPE)) {
      var _ = headers.set(HttpHeaderNames.CONTENT_TYPE, own.contentType());
    }
    if (wanted.expects()) {
      var _ = headers.set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
    }
  }

  // Redirects

  private @Nullable String redirectOf(HttpResponse response) {
    boolean redirect =
        switch (response.status()) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
    return redirect && wanted.follows() ? response.header("Location").orElse(null) : null;
  }

  private void follow(HttpResponse response, String location) throws Redirects {
    history = HttpResponse.with(history, response);
    int most = client.settings().maxRedirects();
    if (history.size() > most) {
      throw new Redirects(
          wanted + " was redirected more than " + most + " times, at last to " + location, null);
    }
    Target next;
    try {
      next = target.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new Redirects(what() + " was redirected to where nobody can follow: " + location, e);
    }
    int status = response.status();
    boolean asGet = status == 303 ? !method.equals("HEAD") : status <= 302 && method.equals("POST");
    if (asGet) {
      method = "GET";
      body = null;
    } else if (body != null && !body.isReplayable()) {
      throw new Redirects(
          what() + " was redirected to " + next + ", and its body cannot be sent again", null);
    }
    astray |= !next.origin().equals(first);
    target = next.withoutUser();
  }
}
