package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.web.Middleware.Next;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Refuses requests for other hosts, with 400, so that links made of the host lead nowhere else.
public final class TrustedHosts implements Middleware {
  private final List<String> names;

  private TrustedHosts(List<String> names) {
    this.names = names;
  }

  /// Lets requests for some hosts pass.
  ///
  /// @param names hosts without ports, such as `example.org`, or `*.example.org` for all below that
  /// @return a middleware
  public static TrustedHosts of(String... names) {
    for (String one : names) {
      String name = one.startsWith("*.") ? one.substring(2) : one;
      if (name.isEmpty() || name.indexOf('*') >= 0 || name.indexOf('/') >= 0) {
        throw new IllegalArgumentException("\"" + one + "\" is no host");
      }
    }
    return new TrustedHosts(Arrays.stream(names).map(one -> one.toLowerCase(Locale.ROOT)).toList());
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    String host = request.host();
    if (names.stream().noneMatch(name -> fits(name, host))) {
      throw new HttpException(400, "invalid host");
    }
    return next.handle(request);
  }

  private static boolean fits(String name, String host) {
    return name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
  }
}
