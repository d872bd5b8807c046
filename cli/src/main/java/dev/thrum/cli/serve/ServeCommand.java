package dev.thrum.cli.serve;

import java.nio.file.FileSystems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What `thrum serve` understands; [ServeRun] does it. The script `thrum` acts on `--cp`, `-J` and
/// `--env-file`.
@Command(
    name = "serve",
    description = "Serve the web application of a Java source file.",
    customSynopsis = "thrum serve [OPTIONS] FILE [OPTIONS] [ARGS...]",
    separator = " ",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "  -JFLAG          Give the JVM a flag: -J-Xmx1g.",
      "",
      "FILE calls app.serve(8000) in its main, to which ARGS go; what is said here",
      "counts before what it says. If it does not, its App app() is served, or its",
      "field of the type App. Arguments that begin with - come after --.",
      "",
      "Examples:",
      "  thrum serve app.java",
      "  thrum serve app.java --reload --debug --port 8080",
      "  thrum serve app.java --host 0.0.0.0 --loops 4 --no-access-log",
      "  thrum serve app.java --tls-cert cert.pem --tls-key key.pem -- --verbose"
    })
public final class ServeCommand implements Runnable {
  /// Of a server and of an application that say nothing of it.
  private static final Duration USUAL_GRACES = Duration.ofSeconds(30 + 10);

  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec
  private CommandSpec spec;

  @Mixin private final WebFile web = new WebFile();

  @Option(names = "--host", paramLabel = "HOST", description = "Where to listen: 0.0.0.0 is all.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "N", description = "The port; 0 is any that is free.")
  private @Nullable Integer port;

  @Option(names = "--uds", paramLabel = "PATH", description = "A Unix socket to listen on instead.")
  private @Nullable String uds;

  @Option(names = "--loops", paramLabel = "N", description = "How many loops, each with a thread.")
  private @Nullable Integer loops;

  @Option(names = "--reload", description = "Start again when a source or template changes.")
  private boolean reload;

  @Option(
      names = "--reload-dir",
      paramLabel = "DIR",
      description = "What to watch, if not FILE's folder; several.")
  private final List<String> reloadDirs = new ArrayList<>();

  @Option(
      names = "--reload-include",
      paramLabel = "GLOB",
      description = "Others to watch than sources and templates: '*.json'; several.")
  private final List<String> reloadIncludes = new ArrayList<>();

  @Option(names = "--debug", description = "Show failures to clients, with the source.")
  private boolean debug;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warning, info, debug or trace.")
  private @Nullable LogLevel logLevel;

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description = "Where requests are noted; - is standard output, as without this.")
  private @Nullable String accessLog;

  @Option(names = "--no-access-log", description = "Note no requests.")
  private boolean noAccessLog;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Speak TLS, with this certificate in PEM;")
  private @Nullable String tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "and with its key.")
  private @Nullable String tlsKey;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Let only clients in with a certificate of these.")
  private @Nullable String tlsClientCa;

  @Option(
      names = "--header",
      paramLabel = "NAME:VALUE",
      description = "A header for every response; several.")
  private final List<String> headers = new ArrayList<>();

  @Option(
      names = "--root-path",
      paramLabel = "PATH",
      description = "Where a proxy shows the application: /shop.")
  private @Nullable String rootPath;

  @Option(
      names = "--forwarded-allow-ips",
      paramLabel = "IPS",
      description = "Proxies to be believed, by commas; * is all.")
  private @Nullable String forwardedAllowIps;

  @Option(names = "--proxy-protocol", description = "Proxies say first who their client is.")
  private boolean proxyProtocol;

  @Option(
      names = "--limit-connections",
      paramLabel = "N",
      description = "Connections at a time; others wait.")
  private @Nullable Integer limitConnections;

  @Option(
      names = "--limit-concurrency",
      paramLabel = "N",
      description = "Requests at a time; others get a 503.")
  private @Nullable Integer limitConcurrency;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "The longest body of a request: 413.")
  private @Nullable Long maxBody;

  @Option(
      names = "--max-header",
      paramLabel = "BYTES",
      description = "The most that its headers may have: 431.")
  private @Nullable Integer maxHeader;

  @Option(
      names = "--keep-alive",
      paramLabel = "SECONDS",
      description = "How long connections may be idle.")
  private @Nullable Double keepAlive;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description = "How long requests may go on after Ctrl-C.")
  private @Nullable Double grace;

  private boolean asked;

  /// Made by [dev.thrum.cli.Main].
  public ServeCommand() {}

  @Override
  public void run() {
    refuse(isBeyond(port, 0, 0xffff), "--port is from 0 to 65535");
    refuse(isBeyond(loops, 1, 4096), "--loops is from 1 to 4096");
    refuse(isBeyond(limitConnections, 1, Integer.MAX_VALUE), "--limit-connections is at least 1");
    refuse(isBeyond(limitConcurrency, 1, Integer.MAX_VALUE), "--limit-concurrency is at least 1");
    refuse(maxBody != null && maxBody < 0, "--max-body is zero or more");
    refuse(isBeyond(maxHeader, 64, Integer.MAX_VALUE), "--max-header is at least 64");
    refuse(isNegative(keepAlive), "--keep-alive is more than zero");
    refuse(keepAlive != null && keepAlive == 0, "--keep-alive is more than zero");
    refuse(isNegative(grace), "--grace is zero or more");
    refuse((tlsCert == null) != (tlsKey == null), "--tls-cert and --tls-key go together");
    refuse(tlsClientCa != null && tlsCert == null, "--tls-client-ca needs --tls-cert");
    refuse(uds != null && (host != null || port != null), "--uds is without --host and --port");
    refuse(uds != null && loops != null && loops > 1, "a Unix socket is for one loop");
    refuse(noAccessLog && accessLog != null, "--access-log and --no-access-log exclude each other");
    refuse(
        !reload && !(reloadDirs.isEmpty() && reloadIncludes.isEmpty()),
        "--reload-dir and --reload-include need --reload");
    refuse(reload && web.file().equals("-"), "--reload needs a file");
    for (String glob : reloadIncludes) {
      refuse(!isGlob(glob), "--reload-include is like '*.css', not '" + glob + "'");
    }
    refuse(rootPath != null && !rootPath.startsWith("/"), "--root-path begins with a slash: /shop");
    for (String header : headers) {
      refuse(header.indexOf(':') < 1, "--header is like 'Name: value', not '" + header + "'");
    }
    web.check(spec);
    asked = true;
  }

  private void refuse(boolean wrong, String sentence) {
    if (wrong) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }

  private static boolean isBeyond(@Nullable Integer value, int least, int most) {
    return value != null && (value < least || value > most);
  }

  private static boolean isNegative(@Nullable Double value) {
    return value != null && !(value >= 0 && value < Duration.ofDays(10_000).toSeconds());
  }

  private static boolean isGlob(String text) {
    try {
      var _ = FileSystems.getDefault().getPathMatcher("glob:" + text);
      return true;
    } catch (PatternSyntaxException _) {
      return false;
    }
  }

  /// Whether there is something to be served.
  ///
  /// @return not after `--help`
  public boolean isAsked() {
    return asked;
  }

  WebFile web() {
    return web;
  }

  boolean reloads() {
    return reload;
  }

  /// How long a program may take to end: its requests have the grace, and then what runs after
  /// responses has it.
  Duration longestEnd() {
    long graces = grace == null ? USUAL_GRACES.toMillis() : Math.round(grace * 2000);
    return Duration.ofMillis(graces).plusSeconds(5);
  }

  boolean takesAnyPort() {
    return port != null && port == 0;
  }

  boolean listensOnFile() {
    return uds != null;
  }

  List<String> reloadDirs() {
    return reloadDirs;
  }

  List<String> reloadIncludes() {
    return reloadIncludes;
  }

  @Nullable LogLevel logLevel() {
    return logLevel;
  }

  /// The system properties that say it to the module `dev.thrum.web`.
  Map<String, String> properties() {
    Map<String, String> all = new LinkedHashMap<>();
    put(all, "host", host);
    put(all, "port", port);
    put(all, "uds", uds);
    put(all, "loops", loops);
    put(all, "debug", debug ? true : null);
    put(all, "access-log", noAccessLog ? "off" : accessLog);
    put(all, "access-log-default", "-");
    put(all, "tls-cert", tlsCert);
    put(all, "tls-key", tlsKey);
    put(all, "tls-client-ca", tlsClientCa);
    put(all, "headers", headers.isEmpty() ? null : String.join("\n", headers));
    put(all, "root-path", rootPath);
    put(all, "forwarded-allow-ips", forwardedAllowIps);
    put(all, "proxy-protocol", proxyProtocol ? true : null);
    put(all, "limit-connections", limitConnections);
    put(all, "limit-concurrency", limitConcurrency);
    put(all, "max-body", maxBody);
    put(all, "max-header", maxHeader);
    put(all, "keep-alive", keepAlive);
    put(all, "grace", grace);
    return all;
  }

  private static void put(Map<String, String> all, String name, @Nullable Object value) {
    if (value != null) {
      var _ = all.put("thrum.serve." + name, value.toString());
    }
  }
}
