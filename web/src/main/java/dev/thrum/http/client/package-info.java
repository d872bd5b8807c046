/// A client of HTTP/1.1, HTTP/2 and WebSocket for the tasks of a loop: [dev.thrum.http.client.Http]
/// for a request here and there, [dev.thrum.http.client.HttpClient] for more.
package dev.thrum.http.client;
