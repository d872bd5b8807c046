package dev.thrum.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/// The counter `thrum.stalls`: how often a task has held up its loop, in the whole JVM. It asks
/// Thrum's MXBean when it is read, and is 0 as long as there is none.
public final class StallMetrics implements MeterBinder {

  /// The counter, to be bound to a registry.
  public StallMetrics() {}

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder(
            "thrum.stalls", ManagementFactory.getPlatformMBeanServer(), StallMetrics::count)
        .description("how often a task has held up its loop")
        .register(registry);
  }

  private static double count(MBeanServer server) {
    try {
      Object count =
          server.getAttribute(ObjectName.getInstance("dev.thrum:type=Inspector"), "StallCount");
      return ((Number) count).doubleValue();
    } catch (JMException _) {
      return 0;
    }
  }
}
