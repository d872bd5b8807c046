package dev.thrum.web;

/// What is to be open while an application runs.
///
/// ```java
/// app.lifespan(serve -> {
///   try (var pool = open()) {
///     app.set(POOL, pool);
///     serve.run();
///   }
/// });
/// ```
///
/// It runs once, before the first request, and goes on when the last request and the last task
/// after a response have ended, also where several loops serve the application: it runs on the
/// first of them, and what it gives the application is there for all. What it starts, it owns.
/// Several are put into each other in the order of registration.
///
/// **Errors.** What it throws before `serve.run()` is thrown by whoever wanted to serve.
@FunctionalInterface
public interface Lifespan {

  /// Opens, serves, closes.
  ///
  /// @param serve to be run once
  /// @throws Exception if it cannot
  void run(Serve serve) throws Exception;

  /// The application's work.
  @FunctionalInterface
  interface Serve {

    /// Serves until the server is to end.
    ///
    /// @throws Exception if serving fails
    void run() throws Exception;
  }
}
