package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.VoidBody;
import dev.thrum.http.Exchange;
import dev.thrum.http.HttpException;
import dev.thrum.http.internal.RequestId;
import dev.thrum.web.internal.DebugPage;
import dev.thrum.web.internal.FailureSink;
import dev.thrum.web.internal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request from its beginning to its end: route, response, what is closed, what comes after.
final class Answering {
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /// What logs and counters of others have, too, where no status could be sent any more.
  private static final int CLIENT_LEFT = 499;

  private final App app;
  private final Exchange exchange;
  private final Request request;
  private int status = CLIENT_LEFT;
  private long bytes;

  private Answering(App app, Exchange exchange) {
    this.app = app;
    this.exchange = exchange;
    this.request = new Request(app, exchange);
  }

  static void answer(App app, Exchange exchange) throws Exception {
    Answering one;
    try {
      one = new Answering(app, exchange);
    } catch (HttpException malformed) {
      exchange.respond(
          malformed.status(),
          malformed.headers().set("Content-Type", "text/plain; charset=utf-8"),
          malformed.detail().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return;
    }
    Meters meters = app.meters();
    if (meters == null) {
      one.run();
    } else {
      one.run(meters);
    }
  }

  private void run(Meters meters) throws Exception {
    long begun = System.nanoTime();
    meters.began();
    Response sent;
    try {
      sent = answer();
    } finally {
      meters.ended(request, status, bytes, System.nanoTime() - begun);
    }
    if (sent != null) {
      after(sent);
    }
  }

  private void run() throws Exception {
    Response sent = answer();
    if (sent != null) {
      after(sent);
    }
  }

  /// Answers.
  ///
  /// @return what was sent; null if that has failed
  private @Nullable Response answer() throws Exception {
    try {
      Response response = respond();
      return send(response) ? response : null;
    } finally {
      List<AutoCloseable> closing = request.takeClosing();
      if (!closing.isEmpty()) {
        close(closing);
      }
    }
  }

  private Response respond() throws Exception {
    try {
      Router.Match match = app.router().find(request);
      request.match = match;
      return Router.chain(match).handle(request);
    } catch (Throwable e) {
      return unexpected(e);
    }
  }

  /// Answers what nobody has answered.
  private Response unexpected(Throwable failure) throws Exception {
    if (failure instanceof Exception e && Errors.isCancellation(e)) {
      throw e;
    }
    Async.checkpoint(); // of a task that is cancelled no failure is of interest
    request.dropAfter();
    report(failure);
    if (app.isDebug()) {
      return DebugPage.of(request, failure);
    }
    Router.Match match = request.match;
    try {
      Response own = match == null ? null : match.site.answerUnexpected(request);
      return own == null ? Errors.internal(request) : own;
    } catch (Exception e) {
      if (Errors.isCancellation(e)) {
        throw e;
      }
      report(e);
      return Errors.internal(request);
    }
  }

  private void report(Throwable failure) {
    if (exchange instanceof FailureSink sink) {
      sink.failed(failure);
    } else {
      Journal.error(request + " failed, id " + request.id(), failure);
    }
  }

  /// Sends a response, or another one if that fails before it has begun.
  private boolean send(Response response) throws Exception {
    try {
      transmit(response);
      return true;
    } catch (Sending.GoneException _) {
      exchange.abort();
      return false;
    } catch (Throwable e) {
      if (exchange.isBegun()) {
        breakOff(e);
      } else {
        transmit(e instanceof HttpException http ? answered(http) : unexpected(e));
      }
      return false;
    }
  }

  private void transmit(Response response) throws Exception {
    Response told = request.tellsId ? response.header(RequestId.HEADER, request.id()) : response;
    Response ready = Sending.resolved(exchange, told);
    status = ready.status();
    bytes = Sending.send(exchange, ready);
  }

  private Response answered(HttpException failure) throws Exception {
    Router.Match match = request.match;
    try {
      return match == null ? Errors.plain(request, failure) : match.site.answer(request, failure);
    } catch (Exception e) {
      return unexpected(e);
    }
  }

  private void breakOff(Throwable failure) throws Exception {
    exchange.abort();
    if (failure instanceof Exception e && Errors.isCancellation(e)) {
      throw e;
    }
    Async.checkpoint();
    report(failure);
  }

  private void close(List<AutoCloseable> closing) {
    Async.shield(
        CLOSING,
        () -> {
          for (AutoCloseable one : closing) {
            closeOne(one);
          }
        });
  }

  private void closeOne(AutoCloseable one) {
    try {
      one.close();
    } catch (Throwable e) {
      report(e);
    }
  }

  private void after(Response response) throws Exception {
    List<VoidBody<?>> bodies = request.after();
    if (bodies.isEmpty() && response.after().isEmpty()) {
      return;
    }
    List<VoidBody<?>> all = new ArrayList<>(bodies);
    all.addAll(response.after());
    @Nullable Running running = app.runningHere();
    if (running != null) {
      running.after(request.toString(), request.id(), all);
    } else {
      Running.runAll(request.toString(), request.id(), all);
    }
  }
}
