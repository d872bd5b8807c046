package dev.thrum.opentelemetry.internal;

import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.ContextStorageProvider;

/// Found by OpenTelemetry, with a `ServiceLoader`.
public final class TaskContextProvider implements ContextStorageProvider {

  /// For the `ServiceLoader`.
  public TaskContextProvider() {}

  @Override
  public ContextStorage get() {
    return new TaskContexts();
  }
}
