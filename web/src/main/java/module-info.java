import org.jspecify.annotations.NullMarked;

/// Asynchronous web applications: HTTP for servers, and a framework on top of it.
@NullMarked
@SuppressWarnings({"module", "requires-automatic", "requires-transitive-automatic"})
module dev.thrum.web {
  requires transitive dev.thrum.core;
  requires transitive dev.thrum.net;
  requires static com.aayushatharva.brotli4j;
  requires static com.github.luben.zstd_jni;
  requires static com.nimbusds.jose.jwt;
  requires static io.pebbletemplates;
  requires static org.jspecify;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.compression;
  requires io.netty.codec.haproxy;
  requires io.netty.codec.http;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires org.apache.commons.fileupload2.core;
  requires transitive tools.jackson.databind;
  requires jakarta.validation;
  requires org.hibernate.validator;

  exports dev.thrum.http;
  exports dev.thrum.http.client;
  exports dev.thrum.web;
  exports dev.thrum.web.auth;
  exports dev.thrum.web.bind;
  exports dev.thrum.web.openapi;
  exports dev.thrum.web.session;
  exports dev.thrum.web.test;

  // To Thrum's own modules only.
  exports dev.thrum.web.internal to
      dev.thrum.cli;
}
