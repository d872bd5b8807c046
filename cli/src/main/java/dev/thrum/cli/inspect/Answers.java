package dev.thrum.cli.inspect;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.rmi.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.InstanceNotFoundException;
import javax.management.ReflectionException;

/// Asks a JVM, and puts into words why there is no answer.
record Answers(Address address) {

  /// Asks, and waits no longer than given.
  <T> T within(Duration patience, Callable<T> question) throws TargetException {
    var answer = new FutureTask<>(question);
    Thread.ofPlatform().daemon().name("thrum-ask").start(answer);
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new TargetException(Attachment.doesNotAnswer(address));
    } catch (ExecutionException e) {
      throw explain(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The reason of a failure.
  TargetException explain(Throwable failure) {
    return switch (unwrapped(failure)) {
      case TargetException e -> e;
      case InstanceNotFoundException _ ->
          new TargetException("the Thrum in " + address + " is no longer there");
      case ReflectionException _ -> otherVersion();
      case IllegalArgumentException e -> refusal(e);
      case SecurityException e ->
          new TargetException(address + " does not let you in: " + e.getMessage());
      case IOException e -> new TargetException(lost(e));
      default -> new TargetException(address + " could not answer: " + unwrapped(failure));
    };
  }

  private static Throwable unwrapped(Throwable failure) {
    boolean wraps =
        failure instanceof ExecutionException || failure instanceof UndeclaredThrowableException;
    return wraps
        ? Optional.ofNullable(failure.getCause()).map(Answers::unwrapped).orElse(failure)
        : failure;
  }

  private TargetException otherVersion() {
    return new TargetException(
        address + " runs a Thrum of another version, which does not know this");
  }

  /// The verbs ask only for what there is, in the version that they belong to.
  private TargetException refusal(IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    boolean unknown =
        message.startsWith("there is no view") || message.startsWith("there is no option");
    return unknown ? otherVersion() : TargetException.refusal(message);
  }

  private String lost(IOException e) {
    if (address instanceof Address.Pid(long pid)) {
      return ProcessHandle.of(pid).isPresent()
          ? "the connection to %d broke: %s".formatted(pid, root(e))
          : Attachment.hasEnded(pid);
    }
    return refused(e)
        ? "nothing listens at " + address
        : "no connection to %s: %s".formatted(address, root(e));
  }

  private static boolean refused(IOException e) {
    return root(e) instanceof java.net.ConnectException || e instanceof ConnectException;
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
