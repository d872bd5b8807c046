/// Asynchronous web applications: routes, requests and responses, middleware, errors, dependencies,
/// WebSockets.
///
/// ```java
/// import static dev.thrum.web.Web.*;
///
/// void main() {
///   var app = App.create();
///   app.get("/users/{id:int}", req -> users.find(req.path("id", Integer.class)));
///   app.post("/orders", Order.class, (req, order) -> created(orders.place(order)));
///   app.serve(8000);
/// }
/// ```
///
/// A handler is plain code that may wait: each request has a task of its own, which is cancelled
/// when its client goes away. An [dev.thrum.web.App] is a [dev.thrum.http.Application], so any
/// server of those can drive it, and [dev.thrum.web.test.TestClient] does so without one.
@NullMarked
package dev.thrum.web;

import org.jspecify.annotations.NullMarked;
