package dev.thrum.net;

import dev.thrum.Async;
import dev.thrum.internal.Warnings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// How a connection is secured: one side's settings for TLS. It cannot be changed; each method
/// returns a new one. One serves any number of connections of any loops.
///
/// ```java
/// Net.connector().tls(Tls.client()).connect("example.org", 443);
/// Net.listener().tls(Tls.server(chain, key)).listen(8443);
/// ```
///
/// **Defaults.** Versions 1.2 and 1.3. A client trusts what the JDK trusts and demands that the
/// certificate is for the host it connects to. A handshake has ten seconds. A stream that ends
/// without TLS's `close_notify` is an error, since it may have been cut off.
///
/// **Engines.** OpenSSL does the work if the program has the library
/// `netty-tcnative-boringssl-static` of its platform, else the JDK; with an `SSLContext` always the
/// JDK. The heavy part of a handshake runs beside the loop, of OpenSSL's the check of certificates,
/// and so does reading the files. OpenSSL ends the output as soon as the peer has ended its own;
/// the JDK in version 1.3 does not.
///
/// **Files that change.** [#reload()] reads them again, for these settings and for all that were
/// made from the same `Tls.server(…)` or `Tls.client()`; [#reloadOnChange] does that whenever they
/// have changed. Connections that there are go on with what they have agreed on.
public final class Tls {
  private final TlsPlan plan;
  private final TlsContext context;

  private Tls(TlsPlan plan) {
    this.plan = plan;
    this.context = new TlsContext(plan);
  }

  private static Tls with(TlsPlan plan, Consumer<TlsPlan> change) {
    TlsPlan changed = plan.copy();
    change.accept(changed);
    return new Tls(changed);
  }

  private Tls with(Consumer<TlsPlan> change) {
    return with(plan, change);
  }

  /// A client that trusts what the JDK trusts.
  ///
  /// @return settings for the side that connects
  public static Tls client() {
    return new Tls(new TlsPlan(true));
  }

  /// A client with the keys and the trust of a context of the JDK.
  ///
  /// @param context ready to be used
  /// @return settings for the side that connects
  public static Tls client(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return with(new TlsPlan(true), plan -> plan.given = context);
  }

  /// A server with a certificate in PEM files. They are read when the first connection is made or
  /// the listener is opened.
  ///
  /// @param certificateChain its own certificate first
  /// @param privateKey in PKCS#8, not encrypted
  /// @return settings for the side that listens
  public static Tls server(Path certificateChain, Path privateKey) {
    return new Tls(new TlsPlan(false)).identity(certificateChain, privateKey);
  }

  /// A server with the keys and the trust of a context of the JDK.
  ///
  /// @param context ready to be used
  /// @return settings for the side that listens
  public static Tls server(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return with(new TlsPlan(false), plan -> plan.given = context);
  }

  // Who shows what, and who is trusted

  /// Has this side show a certificate.
  ///
  /// @param certificateChain its own certificate first, in PEM
  /// @param privateKey in PEM, PKCS#8, not encrypted
  /// @return the new settings
  /// @throws IllegalStateException if an `SSLContext` was given, which has its own
  public Tls identity(Path certificateChain, Path privateKey) {
    Objects.requireNonNull(certificateChain, "certificateChain");
    Objects.requireNonNull(privateKey, "privateKey");
    refuseWithContext("certificate");
    return with(changed -> changed.identity = new Pem.KeyFiles(certificateChain, privateKey));
  }

  /// Shows another certificate to clients that ask for some host. For a server, which shows its
  /// first one to those who ask for no name or for one that it does not know. Given twice for the
  /// same host, with keys of two kinds, the client decides.
  ///
  /// @param host a name, or `*.` and a name for every host right below it; a name comes before that
  /// @param certificateChain its own certificate first, in PEM
  /// @param privateKey in PEM, PKCS#8, not encrypted
  /// @return the new settings
  /// @throws IllegalArgumentException if it is no name of a host
  /// @throws IllegalStateException if an `SSLContext` was given, which has its own
  public Tls identityFor(String host, Path certificateChain, Path privateKey) {
    Objects.requireNonNull(certificateChain, "certificateChain");
    Objects.requireNonNull(privateKey, "privateKey");
    refuseFor(true, "identityFor(…)");
    refuseWithContext("certificate");
    var named =
        new HostIdentity.Files(
            HostIdentity.pattern(host), new Pem.KeyFiles(certificateChain, privateKey));
    return with(changed ->
        changed.named = Stream.concat(changed.named.stream(), Stream.of(named)).toList());
  }

  /// Trusts these certificates, and those signed by them, in place of what the JDK trusts.
  ///
  /// @param certificates in PEM
  /// @return the new settings
  /// @throws IllegalStateException if an `SSLContext` was given, which has its own
  public Tls trust(Path certificates) {
    Objects.requireNonNull(certificates, "certificates");
    refuseWithContext("trust");
    return with(changed -> changed.trusted = certificates);
  }

  private void refuseWithContext(String what) {
    if (plan.given != null) {
      throw new IllegalStateException("the SSLContext that was given has its own " + what);
    }
  }

  /// Demands a certificate of the client. For a server.
  ///
  /// @return the new settings
  public Tls requireClientCertificate() {
    refuseFor(true, "requireClientCertificate()");
    return with(changed -> changed.clientAuth = ClientAuth.REQUIRE);
  }

  /// Asks the client for a certificate, and goes on without. For a server.
  ///
  /// @return the new settings
  public Tls askForClientCertificate() {
    refuseFor(true, "askForClientCertificate()");
    return with(changed -> changed.clientAuth = ClientAuth.OPTIONAL);
  }

  private void refuseFor(boolean client, String what) {
    if (plan.client == client) {
      throw new IllegalStateException(
          what + " is for a " + (client ? "server" : "client") + ", and these settings are not");
    }
  }

  /// Accepts a certificate that is for another host. It must still be trusted. For a client.
  ///
  /// @return the new settings
  public Tls withoutHostnameVerification() {
    refuseFor(false, "withoutHostnameVerification()");
    return with(changed -> changed.verifiesHost = false);
  }

  /// The name to ask the server for, and that its certificate must be for, in place of the host
  /// that is connected to. For a client.
  ///
  /// @param host a name
  /// @return the new settings
  public Tls serverName(String host) {
    Objects.requireNonNull(host, "host");
    refuseFor(false, "serverName(…)");
    return with(changed -> changed.serverName = host);
  }

  // What is spoken

  /// The protocols to offer or to accept by ALPN, the best first. If the sides have none in common
  /// they go on without.
  ///
  /// @param protocols such as `h2` and `http/1.1`
  /// @return the new settings
  public Tls applicationProtocols(String... protocols) {
    List<String> all = List.of(protocols);
    return with(changed -> changed.applicationProtocols = all);
  }

  /// The versions that are allowed.
  ///
  /// @param versions such as `TLSv1.3`
  /// @return the new settings
  public Tls versions(String... versions) {
    List<String> all = List.of(versions);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("TLS of no version: give at least one");
    }
    return with(changed -> changed.versions = all);
  }

  /// The cipher suites that are allowed. OpenSSL takes those of version 1.3 all the same.
  ///
  /// @param suites their standard names
  /// @return the new settings
  public Tls cipherSuites(String... suites) {
    List<String> all = List.of(suites);
    return with(changed -> changed.ciphers = all);
  }

  /// How long a handshake may take; then the connection is aborted.
  ///
  /// @param limit more than zero
  /// @return the new settings
  public Tls handshakeTimeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("a handshake timeout of " + limit + ": give more than 0");
    }
    return with(changed -> changed.handshakeTimeout = limit);
  }

  /// Takes the end of the TCP stream for the end of the data, also without `close_notify`, as many
  /// HTTPS peers have it. Use it where the protocol on top says how long its messages are.
  ///
  /// @return the new settings
  public Tls httpsCompatible() {
    return with(changed -> changed.httpsCompatible = true);
  }

  /// Uses the JDK's TLS also where OpenSSL is there.
  ///
  /// @return the new settings
  public Tls jdkEngine() {
    return with(changed -> changed.jdkOnly = true);
  }

  // Files that change

  /// Reads the files again, beside the loop. If one of them is not as it should be, everything
  /// stays as it is. What has read nothing yet reads them when it is used.
  ///
  /// @throws IOException if a file cannot be read, or is wrong
  /// @throws IllegalStateException if an `SSLContext` was given, which has no files
  public void reload() throws IOException {
    refuseWithContext("certificates: there is no file to be read again");
    plan.family.reload();
  }

  /// Looks at the files from time to time, and reads them again when one has changed. What is wrong
  /// with them is a warning, and everything stays as it is. It does not end; have a task do it:
  ///
  /// ```java
  /// background(() -> tls.reloadOnChange(Duration.ofMinutes(1)));
  /// ```
  ///
  /// **Cancellation.** It ends by being cancelled.
  ///
  /// @param every how long it waits before it looks, more than zero
  /// @throws IllegalStateException if an `SSLContext` was given, which has no files
  public void reloadOnChange(Duration every) {
    refuseWithContext("certificates: there is no file to be looked at");
    if (every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException("to look every " + every + ": give more than zero");
    }
    TlsFiles files = new TlsFiles(plan.files());
    boolean refused = false;
    while (true) {
      boolean changed = false;
      try {
        changed = files.haveChanged();
        if (changed || refused) {
          plan.family.reload();
          refused = false;
        }
      } catch (IOException e) {
        refused = true; // who may read a file can change without a trace in it
        if (changed) {
          Warnings.warn("the files of " + this + " have changed and are not taken", e);
        }
      }
      Async.sleep(every);
    }
  }

  // For the wires

  boolean isClient() {
    return plan.client;
  }

  boolean isHttpsCompatible() {
    return plan.httpsCompatible;
  }

  Duration timeLimit() {
    return plan.handshakeTimeout;
  }

  /// Reads the files, if there are any to be read. It may wait.
  void prepare() throws IOException {
    context.prepare();
  }

  /// The handler of one connection, after [#prepare()].
  SslHandler handler(ByteBufAllocator allocator, String host, int port, Executor heavy)
      throws SSLException {
    return context.handler(allocator, host, port, heavy);
  }

  @Override
  public String toString() {
    return "TLS of a " + (plan.client ? "client" : "server");
  }
}
