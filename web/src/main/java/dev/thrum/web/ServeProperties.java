package dev.thrum.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.AccessLog;
import dev.thrum.http.Application;
import dev.thrum.http.Headers;
import dev.thrum.http.Server;
import dev.thrum.net.Tls;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.net.UnixDomainSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What whoever starts a program says about how its applications are served. It counts before what
/// the program says: system properties, which `thrum serve` sets from its options.
///
/// | property | |
/// | --- | --- |
/// | `thrum.serve.host`, `.port` | where to listen |
/// | `thrum.serve.uds` | the path of a Unix socket to listen on instead |
/// | `thrum.serve.loops` | how many loops |
/// | `thrum.serve.tls-cert`, `.tls-key` | PEM files; both or none |
/// | `thrum.serve.tls-client-ca` | a PEM file: only clients with a certificate of these get in |
/// | `thrum.serve.grace`, `.keep-alive` | seconds, with a fraction if need be |
/// | `thrum.serve.limit-connections` | how many connections at a time |
/// | `thrum.serve.limit-concurrency` | how many requests at a time; others get a 503 |
/// | `thrum.serve.max-body`, `.max-header` | bytes of a request |
/// | `thrum.serve.forwarded-allow-ips` | proxies to be believed, by commas; `*` is all |
/// | `thrum.serve.proxy-protocol` | `true` |
/// | `thrum.serve.root-path` | the path below which a proxy shows the application |
/// | `thrum.serve.debug` | `true` shows failures to clients |
/// | `thrum.serve.headers` | lines `name: value` for every response |
/// | `thrum.serve.access-log` | a file, `-` for standard output, or `off` |
/// | `thrum.serve.access-log-default` | the same, if the program says nothing of it |
/// | `thrum.serve.reuse-port` | `first` or `next` of processes that take over from each other |
final class ServeProperties {
  private static final String PREFIX = "thrum.serve.";
  private static final String EVERYBODY = "*";
  private static final String TOO_MANY = "503 too many requests at a time\n";
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

  private final Function<String, @Nullable String> properties;
  private @Nullable Tls tls;

  ServeProperties(Function<String, @Nullable String> properties) {
    this.properties = properties;
  }

  static ServeProperties ofSystem() {
    return new ServeProperties(System::getProperty);
  }

  // Where they count

  int loops(int ofProgram) {
    String given = get("loops");
    int loops = given == null ? ofProgram : (int) number("loops", given, 1, 4096);
    if (loops > 1 && get("uds") != null) {
      throw wrong(
          "loops", String.valueOf(loops), "one loop, since it is to listen on a Unix socket");
    }
    return loops;
  }

  boolean reusesPort() {
    return get("reuse-port") != null && get("uds") == null;
  }

  /// Nobody of ours has the port yet.
  boolean isFirst() {
    return "first".equals(get("reuse-port"));
  }

  void change(App app) {
    String grace = get("grace");
    app.launched(isTrue("debug"), grace == null ? null : seconds("grace", grace), rootPath());
  }

  void change(Server.Builder server) throws IOException {
    address(server);
    with("tls-cert", value -> server.tls(tls(value)));
    for (String other : List.of("tls-key", "tls-client-ca")) {
      String value = get(other);
      if (value != null && get("tls-cert") == null) {
        throw wrong(other, value, "a thrum.serve.tls-cert too");
      }
    }
    with("grace", value -> server.grace(seconds("grace", value)));
    with("keep-alive", value -> server.keepAlive(seconds("keep-alive", value)));
    with("limit-connections", value -> server.maxConnections(count("limit-connections", value)));
    with("max-body", value -> server.maxBody(number("max-body", value, 0, Long.MAX_VALUE)));
    with("max-header", value -> server.maxHeader(count("max-header", value)));
    with("forwarded-allow-ips", value -> server.trustForwarded(networks(value)));
    if (isTrue("proxy-protocol")) {
      var _ = server.proxyProtocol();
    }
    accessLog(server);
  }

  private void address(Server.Builder server) {
    with("host", server::host);
    with("port", value -> server.port((int) number("port", value, 0, 0xffff)));
    with("uds", value -> server.at(UnixDomainSocketAddress.of(value)));
  }

  private Tls tls(String certificate) {
    String key = get("tls-key");
    if (key == null) {
      throw wrong("tls-cert", certificate, "a thrum.serve.tls-key too");
    }
    Tls made = Tls.server(Path.of(certificate), Path.of(key));
    String clients = get("tls-client-ca");
    if (clients != null) {
      made = made.trust(Path.of(clients)).requireClientCertificate();
    }
    tls = made;
    return made;
  }

  /// Takes certificates that have changed, until it is cancelled.
  void reloadCertificates() {
    Tls known = tls;
    if (known != null) {
      known.reloadOnChange(BETWEEN_LOOKS);
    }
  }

  private void accessLog(Server.Builder server) throws IOException {
    String asked = get("access-log");
    String otherwise = get("access-log-default");
    if (asked == null && otherwise != null) {
      var _ = server.accessLogByDefault(log(otherwise));
    } else if ("off".equals(asked)) {
      var _ = server.withoutAccessLog();
    } else if (asked != null) {
      var _ = server.accessLog(log(asked));
    }
  }

  /// It stays open as long as the process lives.
  private static AccessLog log(String where) throws IOException {
    if (where.equals("-")) {
      return AccessLog.combined(new OutputStreamWriter(System.out, System.out.charset()));
    }
    try {
      return AccessLog.combined(
          Files.newBufferedWriter(
              Path.of(where), UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new IOException("the access log " + where + " cannot be written: " + reason(e), e);
    }
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such folder";
      case AccessDeniedException _ -> "that is not permitted";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> String.valueOf(failure.getMessage());
    };
  }

  /// What the server asks.
  Application around(App app) {
    Headers more = headers();
    String most = get("limit-concurrency");
    Application limited = most == null ? app : limited(count("limit-concurrency", most), app);
    return app.rootPath.isEmpty() && more.isEmpty()
        ? limited
        : exchange -> limited.handle(new LaunchedExchange(exchange, app.rootPath, more));
  }

  /// Answers so many requests at a time, on all loops together, and refuses the others.
  private static Application limited(int most, Application application) {
    AtomicInteger requests = new AtomicInteger();
    return exchange -> {
      try {
        if (requests.incrementAndGet() <= most) {
          application.handle(exchange);
        } else {
          exchange.respond(
              503,
              Headers.of("Retry-After", "1", "Content-Type", "text/plain; charset=utf-8"),
              TOO_MANY.getBytes(UTF_8));
        }
      } finally {
        int _ = requests.decrementAndGet();
      }
    };
  }

  private Headers headers() {
    Headers all = Headers.create();
    String given = get("headers");
    if (given != null) {
      given.lines().filter(line -> !line.isBlank()).forEach(line -> add(all, line));
    }
    return all;
  }

  private static void add(Headers all, String line) {
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw wrong("headers", line, "lines such as Name: value");
    }
    try {
      var _ = all.add(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    } catch (IllegalArgumentException _) {
      throw wrong("headers", line, "lines such as Name: value");
    }
  }

  private String rootPath() {
    String given = get("root-path");
    if (given == null) {
      return "";
    }
    String path = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    if (!path.isEmpty() && !path.startsWith("/")) {
      throw wrong("root-path", given, "a path that begins with a slash");
    }
    return path;
  }

  // Reading

  private @Nullable String get(String name) {
    String value = properties.apply(PREFIX + name);
    return value == null || value.isEmpty() ? null : value;
  }

  private boolean isTrue(String name) {
    return Boolean.parseBoolean(get(name));
  }

  private void with(String name, Function<String, Server.Builder> use) {
    String value = get(name);
    if (value != null) {
      try {
        var _ = use.apply(value);
      } catch (IllegalArgumentException e) {
        String reason = String.valueOf(e.getMessage());
        throw new IllegalArgumentException(
            reason.startsWith(PREFIX) ? reason : PREFIX + name + ": " + reason, e);
      }
    }
  }

  private static int count(String name, String value) {
    return (int) number(name, value, 1, Integer.MAX_VALUE);
  }

  private static long number(String name, String value, long least, long most) {
    String wanted = "a number from " + least + " to " + most;
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // It is told below.
    }
    throw wrong(name, value, wanted);
  }

  private static Duration seconds(String name, String value) {
    try {
      double seconds = Double.parseDouble(value);
      if (seconds >= 0 && seconds < 1e9) {
        return Duration.ofMillis(Math.round(seconds * 1000));
      }
    } catch (NumberFormatException _) {
      // It is told below.
    }
    throw wrong(name, value, "seconds, zero or more");
  }

  private static String[] networks(String value) {
    return Arrays.stream(value.split(","))
        .map(String::strip)
        .flatMap(one -> one.equals(EVERYBODY) ? Stream.of("0.0.0.0/0", "::/0") : Stream.of(one))
        .toArray(String[]::new);
  }

  private static IllegalArgumentException wrong(String name, String value, String wanted) {
    return new IllegalArgumentException(
        PREFIX + name + " is '" + value + "'; it has to be " + wanted);
  }
}
