package dev.thrum;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.engine.Carrier;
import dev.thrum.internal.engine.Engine;
import dev.thrum.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a runner was told.
record RunnerOptions(
    @Nullable String name,
    Runner.EngineChoice choice,
    boolean debug,
    Runner.CtrlC ctrlC,
    int blockingLimit,
    Duration cancelGrace,
    @Nullable Duration stallLimit,
    ExceptionHandler handler,
    List<Instrument> instruments,
    @Nullable TimeSource time) {

  static RunnerOptions defaults() {
    return new RunnerOptions(
        null,
        Runner.EngineChoice.AUTO,
        DebugStack.isDefault(),
        Runner.CtrlC.ON_MAIN_THREAD,
        64,
        Duration.ofSeconds(5),
        null,
        Log::unhandled,
        List.of(),
        null);
  }

  Engine engine(Carrier carrier) {
    return switch (choice.orConfigured()) {
      case CONFINED -> {
        if (!Engine.confinedIsAvailable()) {
          throw new IllegalStateException(
              "the confined engine needs this flag of the JVM: " + EngineNote.FLAG);
        }
        yield Engine.confined(carrier);
      }
      case PORTABLE -> Engine.portable(carrier);
      case AUTO -> {
        if (Engine.confinedIsAvailable()) {
          yield Engine.confined(carrier);
        }
        EngineNote.sayOnce();
        yield Engine.portable(carrier);
      }
    };
  }
}
