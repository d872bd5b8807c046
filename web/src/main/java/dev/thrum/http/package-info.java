/// HTTP: its words, a server, and the seam between the server and what answers requests.
///
/// A [dev.thrum.http.Server] speaks HTTP/1.1 and HTTP/2 and calls an [dev.thrum.http.Application]
/// with an [dev.thrum.http.Exchange] for each request. Whoever wants routes, records and pages uses
/// the framework in `dev.thrum.web`, which is such an application.
@NullMarked
package dev.thrum.http;

import org.jspecify.annotations.NullMarked;
