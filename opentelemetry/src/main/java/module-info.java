import dev.thrum.opentelemetry.internal.TaskContextProvider;
import io.opentelemetry.context.ContextStorageProvider;
import org.jspecify.annotations.NullMarked;

/// OpenTelemetry's context in tasks, and spans of tasks.
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.thrum.opentelemetry {
  requires transitive dev.thrum.core;
  requires transitive io.opentelemetry.api;
  requires transitive io.opentelemetry.context;
  requires static org.jspecify;

  exports dev.thrum.opentelemetry;

  provides ContextStorageProvider with
      TaskContextProvider;
}
