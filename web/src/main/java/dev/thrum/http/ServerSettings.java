package dev.thrum.http;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a server treats its clients.
///
/// @param maxLine the longest request line, in bytes
/// @param maxHeader all headers of a request together, in bytes
/// @param maxBody the longest body of a request, in bytes
/// @param maxStreams how many requests of one HTTP/2 connection are answered at a time
/// @param headerTimeout how long the head of a request may take to come
/// @param bodyTimeout how long nothing of a body may come while somebody waits for it
/// @param keepAlive how long a connection may be idle between two requests
/// @param writeTimeout how long a client may take nothing while somebody waits for it
/// @param proxyProtocol whether a proxy says first whose connection it is
/// @param trusted the proxies whose headers are believed
/// @param accessLog is told of requests, if there is one
record ServerSettings(
    int maxLine,
    int maxHeader,
    long maxBody,
    int maxStreams,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration keepAlive,
    Duration writeTimeout,
    boolean proxyProtocol,
    List<Network> trusted,
    @Nullable AccessLog accessLog) {}
