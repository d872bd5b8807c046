package dev.thrum.http.client;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponse;

/// What a connection of HTTP/1.1 becomes when its server agrees. By the poller.
interface Upgrade {

  /// Whether a response agrees to it.
  boolean agrees(HttpResponse head);

  /// The server has agreed.
  void begin();

  /// Whether the server has agreed.
  boolean isBegun();

  /// Takes the connection over.
  ///
  /// @param decoder the last of HTTP in the pipeline, to be removed when there is somebody to get
  ///   what it has not read
  void run(ChannelPipeline pipeline, ChannelHandler decoder);
}
