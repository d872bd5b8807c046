package dev.thrum.console;

import static dev.thrum.Async.blocking;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.CancelledException;
import dev.thrum.http.HttpException;
import dev.thrum.inspect.ThrumMXBean;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What the page's script asks for: the views of the program, as they are, and the one thing that
/// it can do.
final class Api {

  private static final Pattern VIEW = Pattern.compile("[a-z]{1,30}");
  private static final int LONGEST_FORM = 8 * 1024;

  private final ThrumMXBean source;
  private final boolean mayCancel;

  Api(ThrumMXBean source, boolean mayCancel) {
    this.source = source;
    this.mayCancel = mayCancel;
  }

  Answer answer(Asked asked, String what) throws IOException {
    if (what.equals("cancel")) {
      return asked.method().equals("POST") ? cancel(asked) : Answer.notAllowed("POST");
    }
    if (!asked.onlyReads()) {
      return Answer.notAllowed("GET, HEAD");
    }
    if (what.equals("console")) {
      return Answer.json("{\"mayCancel\":%s}".formatted(mayCancel));
    }
    if (!VIEW.matcher(what).matches()) {
      return Answer.error(404, "There is no view of that name.");
    }
    String options = asked.query().without("token");
    return ask(() -> source.json(what, options));
  }

  private Answer cancel(Asked asked) throws IOException {
    if (!mayCancel) {
      return Answer.error(
          403, "This console may only look; it was not started with leave to cancel tasks.");
    }
    byte[] body;
    try {
      asked.exchange().bodyLimit(LONGEST_FORM);
      body = asked.exchange().readAll();
    } catch (HttpException e) {
      return Answer.error(e.status(), e.status() == 413 ? "The reason is too long." : e.detail());
    }
    return ask(() -> cancel(Query.of(new String(body, UTF_8))));
  }

  private String cancel(Query form) {
    String loop = form.get("loop");
    String reason = form.get("reason").strip();
    if (loop.isEmpty() || reason.isEmpty()) {
      throw new IllegalArgumentException("To cancel takes a loop, a task and a reason.");
    }
    long task;
    try {
      task = Long.parseLong(form.get("task"));
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("The task is given by its number.");
    }
    return "{\"cancelled\":%s}".formatted(source.cancel(loop, task, reason));
  }

  /// Beside the loop of the console: the program answers when it comes to it.
  private static Answer ask(Supplier<String> question) {
    try {
      return Answer.json(blocking(() -> question.get()));
    } catch (IllegalArgumentException e) {
      return Answer.error(400, String.valueOf(e.getMessage()));
    } catch (UndeclaredThrowableException e) {
      return Answer.gone("The program cannot be reached any more: " + e.getCause());
    } catch (CancelledException e) {
      throw e;
    } catch (RuntimeException e) {
      return Answer.error(500, "The program could not answer: " + e);
    }
  }
}
