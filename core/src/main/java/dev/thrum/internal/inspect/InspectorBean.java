package dev.thrum.internal.inspect;

import dev.thrum.inspect.ThrumMXBean;
import dev.thrum.internal.Warnings;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/// Answers the tools.
public final class InspectorBean implements ThrumMXBean {

  /// The only one.
  public static final InspectorBean INSTANCE = new InspectorBean();

  private InspectorBean() {}

  /// Makes it known to the platform's MBean server. Where two copies of Thrum are loaded, the first
  /// has the name.
  static void register() {
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      ObjectName name = new ObjectName(NAME);
      if (!server.isRegistered(name)) {
        var _ = server.registerMBean(new StandardMBean(INSTANCE, ThrumMXBean.class, true), name);
      }
    } catch (JMException | SecurityException | LinkageError e) {
      Warnings.warn("tools cannot look into this program: its MBean could not be registered", e);
    }
  }

  @Override
  public int getLoopCount() {
    return Sampler.loops().size();
  }

  @Override
  public long getTaskCount() {
    return Sampler.loops().stream().mapToLong(Watched::taskCount).sum();
  }

  @Override
  public long getStallCount() {
    return StallLog.count();
  }

  @Override
  public String json(String view, String options) {
    return JsonViews.view(view, Options.of(options));
  }

  @Override
  public String text(String view, String options) {
    return TextViews.view(view, Options.of(options));
  }

  @Override
  public boolean cancel(String loop, long task, String reason) {
    return Picture.take(loop).findOnly(loop, task).task().cancel(reason);
  }
}
