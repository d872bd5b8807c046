package dev.thrum.net.internal;

import dev.thrum.Loop;
import dev.thrum.internal.DebugStack;
import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.Poller;
import dev.thrum.internal.PollerHost;
import dev.thrum.internal.Warnings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A loop's sockets: Netty's event loop, driven by the loop's own turns.
///
/// A task touches no channel but to set an option. It leaves an action here, or data in an outbox
/// that is marked as dirty; the poller carries both out at the beginning of its next turn, before
/// it looks for what has come in. So a turn's writes to a connection become one, and nothing is
/// handed to another thread.
///
/// **Sleeping.** Netty's handler says that it is going to wait and asks `canBlock` once more;
/// whoever sends something from outside puts it into the loop's inbox and then calls [#wakeUp].
public final class Driver implements Poller {
  /// The size of the largest buffer.
  public static final int LARGEST_BUFFER = Spares.LARGE;

  private static final long CLOSE_NANOS = 1_000_000_000L;

  static {
    // A sample of a buffer's life takes a stack trace; this library's own tests look at each
    // buffer.
    if (System.getProperty("io.netty.leakDetection.level") == null
        && System.getProperty("io.netty.leakDetectionLevel") == null
        && ResourceLeakDetector.getLevel() == ResourceLeakDetector.Level.SIMPLE) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  /// Something that has data for the poller to send.
  public interface Outbox {

    /// Sends it. By the poller.
    void flush();
  }

  /// Something open that the end of the loop closes.
  public interface Open {

    /// Whether it has sent everything. By the poller.
    ///
    /// @return false if closing it now would lose data
    boolean isSent();

    /// Where the program has opened it, in debug mode.
    ///
    /// @return the place, or null if that is not known
    @Nullable DebugStack openedAt();

    /// Closes it for good. By the poller.
    void closeAtEnd();

    /// Whether somebody should have closed it before.
    ///
    /// @return false if it belongs to the loop itself
    default boolean isSomebodys() {
      return true;
    }
  }

  private final PollerHost host;
  private final Transport transport = Transport.ofThisJvm();
  private final Set<Open> open = new LinkedHashSet<>();
  private final Map<Class<?>, Object> onlyOnes = new HashMap<>(2);
  private ArrayDeque<Runnable> actions = new ArrayDeque<>();
  private ArrayDeque<Runnable> spareActions = new ArrayDeque<>();
  private ArrayDeque<Outbox> dirty = new ArrayDeque<>();
  private ArrayDeque<Outbox> spareDirty = new ArrayDeque<>();
  private final Spares spares = new Spares();
  private final Events events = new Events();
  private boolean begun;

  private Driver(PollerHost host) {
    this.host = host;
  }

  /// The driver of the running task's loop.
  ///
  /// @return the driver, made at the first call
  /// @throws IOException if the system has no more of what it takes to wait for sockets
  /// @throws IllegalStateException outside a task
  public static Driver current() throws IOException {
    try {
      return (Driver) ((PollerHost) Loop.current()).poller(Driver::new);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private IoHandlerFactory handlers() {
    IoHandlerFactory made = transport.handlers();
    return executor -> {
      try {
        return made.newHandler(executor);
      } catch (RuntimeException e) {
        throw new UncheckedIOException(
            new IOException(
                "the loop cannot wait for sockets with " + transport + ": " + e.getMessage(), e));
      }
    };
  }

  /// How it waits for sockets.
  ///
  /// @return the transport
  public Transport transport() {
    return transport;
  }

  /// Has the poller do something in its next turn. On the loop.
  ///
  /// @param action what to do
  public void execute(Runnable action) {
    actions.add(action);
  }

  /// Has the poller flush an outbox in its next turn. On the loop; once until it is flushed.
  ///
  /// @param outbox what has something to send
  public void flushLater(Outbox outbox) {
    dirty.add(outbox);
  }

  /// A buffer for what a task writes, to be put back by [#giveBack]. On the loop.
  ///
  /// @param size how many bytes, at most [#LARGEST_BUFFER]
  /// @return an empty buffer
  public ByteBuf buffer(int size) {
    return spares.take(size);
  }

  /// Puts a buffer back. On the loop.
  ///
  /// @param buffer one of [#buffer] that nobody else uses
  public void giveBack(ByteBuf buffer) {
    spares.giveBack(buffer);
  }

  /// The loop.
  ///
  /// @return what the loop lets its poller know
  public PollerHost host() {
    return host;
  }

  /// Puts a channel under the poller's care. By the poller.
  ///
  /// @param channel a new channel
  /// @param then what to do with it
  /// @param otherwise gets the reason if it cannot be done
  @SuppressWarnings("deprecation") // the new way is for handles, which a channel keeps to itself
  public void register(Channel channel, Runnable then, Consumer<Throwable> otherwise) {
    follow(events.register(channel), then, otherwise);
  }

  /// Goes on when something of Netty's is done. By the poller.
  ///
  /// @param done what is under way
  /// @param then what to do if it succeeds
  /// @param otherwise gets the reason if it fails
  public static void follow(ChannelFuture done, Runnable then, Consumer<Throwable> otherwise) {
    var _ =
        done.addListener(over -> {
          if (over.isSuccess()) {
            then.run();
          } else {
            otherwise.accept(over.cause());
          }
        });
  }

  /// What a protocol has one of in each loop.
  ///
  /// @param type its type
  /// @param maker makes it at the first call
  /// @param <T> its type
  /// @return the only one
  public <T> T only(Class<T> type, Supplier<T> maker) {
    return type.cast(onlyOnes.computeIfAbsent(type, _ -> maker.get()));
  }

  /// Notes what the end of the loop has to close.
  ///
  /// @param resource what has been opened
  public void opened(Open resource) {
    open.add(resource);
  }

  /// It is closed.
  ///
  /// @param resource what was noted
  public void closed(Open resource) {
    open.remove(resource);
  }

  // The poller's turns

  @Override
  public void runIn(Runnable life) {
    FastThreadLocalThread.runWithFastThreadLocal(life);
  }

  @Override
  public void poll(long nanos) {
    if (!begun) {
      begun = true;
      events.setOwningThread(Thread.currentThread());
    }
    long earliest = host.timers().earliest();
    sendAll();
    if (nanos == 0 || host.timers().earliest() < earliest) {
      events.run(-1); // with an earlier timer the loop has to find out anew how long it may wait
    } else {
      events.run(nanos == Long.MAX_VALUE ? 0 : nanos);
    }
  }

  /// What a task has written before it asked for something is sent before that is done, also if the
  /// poller is blocked in between and tasks go on: so both queues are taken at the same time.
  private void sendAll() {
    while (!actions.isEmpty() || !dirty.isEmpty()) {
      ArrayDeque<Outbox> full = dirty;
      dirty = spareDirty;
      spareDirty = full;
      ArrayDeque<Runnable> due = actions;
      actions = spareActions;
      spareActions = due;
      for (Outbox one = full.poll(); one != null; one = full.poll()) {
        carryOut(one::flush);
      }
      for (Runnable one = due.poll(); one != null; one = due.poll()) {
        carryOut(one);
      }
    }
  }

  /// One that fails is no reason to leave the others.
  private static void carryOut(Runnable one) {
    try {
      one.run();
    } catch (Throwable e) {
      Warnings.warn("an action of the I/O failed", e);
    }
  }

  @Override
  public boolean isDue() {
    return !actions.isEmpty() || !dirty.isEmpty();
  }

  @Override
  public void wakeUp() {
    events.wakeup();
  }

  /// Sends what is left, for a second at the most; then closes what tasks have left open.
  @Override
  public void close() {
    long end = System.nanoTime() + CLOSE_NANOS;
    poll(0);
    while (System.nanoTime() < end && !open.stream().allMatch(Open::isSent)) {
      events.closing = true;
      sendAll();
      events.run(Math.max(1, end - System.nanoTime()));
    }
    for (Open one : Set.copyOf(open)) {
      if (host.debug() && one.isSomebodys()) {
        LeftOpen.report(one, one.openedAt());
      }
      one.closeAtEnd();
    }
    sendAll();
    events.runNow();
    var _ = events.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    while (!events.isTerminated()) {
      events.runNow();
    }
    spares.close();
  }

  /// Netty's event loop. What it needs of the system is opened when it is made; its thread is known
  /// when that polls for the first time.
  private final class Events extends ManualIoEventLoop {
    boolean closing;

    Events() {
      super(null, null, handlers());
    }

    /// With an interrupt there is no waiting: Netty would take it for an error of a handler's and
    /// clear it, where it asks the loop to end.
    @Override
    protected boolean canBlock() {
      return !Thread.currentThread().isInterrupted()
          && actions.isEmpty()
          && dirty.isEmpty()
          && (closing || host.mayBlock());
    }
  }
}
