package dev.thrum.net;

import dev.thrum.internal.Offload;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
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
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
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
      Offload.call(
          "preparing TLS", Offload.OnCancel.WAIT, Offload.valued(() -> plan.family.prepare(this)));
    }
  }

  boolean isMade() {
    return made != null;
  }

  /// From now on connections are made with this.
  void become(SslContext next) {
    made = next;
  }

  /// Makes an engine too, since only that says whether it can be what the plan wants. It blocks.
  SslContext make() throws IOException {
    checkVersions();
    try {
      SslContext context = plan.given == null ? fromFiles() : fromGiven(plan.given);
      boolean _ = ReferenceCountUtil.release(context.newEngine(UnpooledByteBufAllocator.DEFAULT));
      return context;
    } catch (IllegalArgumentException e) {
      throw new SSLException("this TLS is not to be had here: " + e.getMessage(), e);
    }
  }

  /// OpenSSL's engine complains of one that it does not know when it is collected, too.
  private void checkVersions() throws SSLException {
    try {
      SSLContext jdk = plan.given != null ? plan.given : SSLContext.getDefault();
      List<String> known = List.of(jdk.getSupportedSSLParameters().getProtocols());
      if (!known.containsAll(plan.versions)) {
        throw new SSLException("of TLS in " + plan.versions + " there is only " + known + " here");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new SSLException("the JDK has no TLS", e);
    }
  }

  @SuppressWarnings("deprecation") // there is no other way to Netty for an SSLContext
  private SslContext fromGiven(SSLContext given) {
    return new JdkSslContext(
        given,
        plan.client,
        plan.ciphers.isEmpty() ? null : plan.ciphers,
        IdentityCipherSuiteFilter.INSTANCE,
        alpn(),
        plan.clientAuth,
        plan.versions.toArray(String[]::new),
        false);
  }

  private SslContext fromFiles() throws IOException {
    SslContextBuilder builder = plan.client ? ofClient() : ofServer();
    if (plan.trusted != null) {
      var _ = builder.trustManager(Pem.certificates(plan.trusted));
    }
    return builder
        .sslProvider(!plan.jdkOnly && OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
        .ciphers(plan.ciphers.isEmpty() ? null : plan.ciphers)
        .protocols(plan.versions)
        .clientAuth(plan.clientAuth)
        .applicationProtocolConfig(alpn())
        .build();
  }

  private SslContextBuilder ofClient() throws IOException {
    SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm(null);
    if (plan.identity == null) {
      return builder;
    }
    Pem.Identity own = plan.identity.read();
    return builder.keyManager(own.key(), own.chain());
  }

  private SslContextBuilder ofServer() throws IOException {
    Pem.Identity own = Objects.requireNonNull(plan.identity).read();
    if (plan.named.isEmpty()) {
      return SslContextBuilder.forServer(own.key(), own.chain());
    }
    List<HostIdentity> named = new ArrayList<>();
    for (HostIdentity.Files one : plan.named) {
      named.add(one.read());
    }
    return SslContextBuilder.forServer(new HostIdentities(own, named));
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

  SslHandler handler(ByteBufAllocator allocator, String host, int port, Executor heavy)
      throws SSLException {
    SslContext context = Objects.requireNonNull(made, "TLS was not prepared");
    String peer = plan.serverName.isEmpty() ? host : plan.serverName;
    if (plan.client && plan.verifiesHost && peer.isEmpty()) {
      throw new SSLException(
          "there is no host that the certificate could be for; give it to startTls,"
              + " or use Tls.serverName(…)");
    }
    SslHandler handler =
        plan.client
            ? context.newHandler(allocator, peer, port, heavy)
            : context.newHandler(allocator, heavy);
    if (plan.client) {
      var parameters = handler.engine().getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm(plan.verifiesHost ? "HTTPS" : null);
      handler.engine().setSSLParameters(parameters);
    }
    handler.setHandshakeTimeoutMillis(0); // the wire has a timer of its own
    return handler;
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
