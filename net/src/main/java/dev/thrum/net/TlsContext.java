package dev.thrum.net;

import dev.thrum.internal.Durations;
import dev.thrum.internal.Offload;
import dev.thrum.internal.engine.Engine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// A plan for TLS, made into what Netty needs, once.
final class TlsContext {
  private final TlsPlan plan;
  private volatile @Nullable SslContext made;

  TlsContext(TlsPlan plan) {
    this.plan = plan;
  }

  void prepare() throws IOException {
    if (made == null) {
      made = Offload.call("preparing TLS", Offload.OnCancel.WAIT, this::make);
    }
  }

  private SslContext make() throws IOException {
    SslContext known = made;
    if (known != null) {
      return known;
    }
    return plan.given == null ? fromFiles() : fromGiven();
  }

  @SuppressWarnings("deprecation") // there is no other way to Netty for an SSLContext
  private SslContext fromGiven() {
    return new JdkSslContext(
        Objects.requireNonNull(plan.given),
        plan.client,
        plan.ciphers.isEmpty() ? null : plan.ciphers,
        IdentityCipherSuiteFilter.INSTANCE,
        alpn(),
        plan.clientAuth,
        plan.versions.toArray(String[]::new),
        false);
  }

  private SslContext fromFiles() throws IOException {
    Path chain = plan.chain;
    Path key = plan.key;
    check(chain, "certificate chain");
    check(key, "private key");
    check(plan.trusted, "file of trusted certificates");
    try {
      SslContextBuilder builder;
      if (plan.client) {
        builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm(null);
        if (chain != null && key != null) {
          var _ = builder.keyManager(chain.toFile(), key.toFile());
        }
      } else {
        builder =
            SslContextBuilder.forServer(
                Objects.requireNonNull(chain).toFile(), Objects.requireNonNull(key).toFile());
      }
      if (plan.trusted != null) {
        var _ = builder.trustManager(plan.trusted.toFile());
      }
      return builder
          .sslProvider(
              !plan.jdkOnly && OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
          .ciphers(plan.ciphers.isEmpty() ? null : plan.ciphers)
          .protocols(plan.versions)
          .clientAuth(plan.clientAuth)
          .applicationProtocolConfig(alpn())
          .build();
    } catch (IllegalArgumentException e) {
      throw new SSLException(
          "no TLS from "
              + files()
              + ": "
              + e.getMessage()
              + (e.getCause() == null ? "" : ", " + e.getCause().getMessage()),
          e);
    }
  }

  private String files() {
    return String.join(
        ", ",
        java.util.stream.Stream.of(plan.chain, plan.key, plan.trusted)
            .filter(Objects::nonNull)
            .map(String::valueOf)
            .toList());
  }

  private static void check(@Nullable Path file, String what) throws IOException {
    if (file != null && !Files.isReadable(file)) {
      throw new NoSuchFileException(file.toString(), null, "the " + what + " cannot be read");
    }
  }

  private ApplicationProtocolConfig alpn() {
    return plan.applicationProtocols.isEmpty()
        ? ApplicationProtocolConfig.DISABLED
        : new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            plan.applicationProtocols);
  }

  SslHandler handler(ByteBufAllocator allocator, String host, int port) {
    SslContext context = Objects.requireNonNull(made, "TLS was not prepared");
    String peer = plan.serverName.isEmpty() ? host : plan.serverName;
    SslHandler handler =
        plan.client
            ? context.newHandler(allocator, peer, port, TlsContext::runBesideTheLoop)
            : context.newHandler(allocator, TlsContext::runBesideTheLoop);
    if (plan.client) {
      var parameters = handler.engine().getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm(plan.verifiesHost ? "HTTPS" : null);
      handler.engine().setSSLParameters(parameters);
    }
    long millis = Durations.nanos(plan.handshakeTimeout) / 1_000_000;
    handler.setHandshakeTimeoutMillis(Math.max(1, millis)); // 0 would be none
    return handler;
  }

  private static void runBesideTheLoop(Runnable work) {
    Engine.outsideThread("thrum-tls", work).start();
  }

  static TlsSession describe(SslHandler handler) {
    SSLSession session = handler.engine().getSession();
    String protocol = handler.applicationProtocol();
    return new TlsSession(
        session.getProtocol(),
        session.getCipherSuite(),
        protocol == null ? "" : protocol,
        peerOf(session));
  }

  private static List<Certificate> peerOf(SSLSession session) {
    try {
      return List.of(session.getPeerCertificates());
    } catch (SSLPeerUnverifiedException _) {
      return List.of();
    }
  }
}
