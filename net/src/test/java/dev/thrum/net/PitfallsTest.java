package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.Loop;
import dev.thrum.Task;
import dev.thrum.net.internal.Driver;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Field;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What goes wrong when virtual threads and a poller share a thread, one test for each known way.
final class PitfallsTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  /// A lock that is handed to a task while the poller waits for it.
  @ParameterizedTest
  @EnumSource
  void p1_aPollerThatWaitsForATasksLockDoesNotHoldTheLoop(Via via) throws Exception {
    via.run(() -> {
      if (!Loop.current().engineName().equals("confined")) {
        return; // there a lock is not held across a suspension point: its wait would hold the loop
      }
      ReentrantLock lock = new ReentrantLock();
      Object monitor = new Object();
      boolean[] polled = {false};
      scope(s -> {
        s.async(() -> {
          Driver driver = Driver.current();
          lock.lock();
          try {
            synchronized (monitor) {
              driver.execute(() -> {
                takeTurn(lock);
                synchronized (monitor) {
                  polled[0] = true;
                }
              });
              sleep(SHORT);
            }
          } finally {
            lock.unlock();
          }
        });
        s.async(() -> {
          checkpoint();
          takeTurn(lock); // in the queue with the poller
        });
      });
      while (!polled[0]) {
        sleep(Duration.ofMillis(1));
      }
    });
  }

  private static void takeTurn(ReentrantLock lock) {
    lock.lock();
    try {
      assertTrue(lock.isHeldByCurrentThread());
    } finally {
      lock.unlock();
    }
  }

  /// Each write as a task of the event loop, with a wake-up.
  @ParameterizedTest
  @EnumSource
  void p2_aTurnsWritesAreOneFlush(Via via) throws IOException {
    via.run(() -> {
      try (ServerSocket peer = new ServerSocket(0);
          Connection connection = Net.connect("127.0.0.1", peer.getLocalPort());
          Socket accepted = Async.blocking(peer::accept)) {
        Flushes flushes = new Flushes();
        Driver.current().execute(() -> channelOf(connection).pipeline().addFirst(flushes));
        while (!flushes.added) {
          checkpoint();
        }
        for (int i = 0; i < 100; i++) {
          connection.write("0123456789");
        }
        byte[] all = Async.blocking(() -> accepted.getInputStream().readNBytes(1000));
        assertEquals(1000, all.length);
        assertEquals(1, flushes.count, "flushes");
      }
    });
  }

  private static final class Flushes extends ChannelOutboundHandlerAdapter {
    int count;
    boolean added;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      added = true;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
      count++;
      context.flush();
    }
  }

  private static Channel channelOf(Connection connection) {
    try {
      Field wire = ConnectionImpl.class.getDeclaredField("wire");
      wire.setAccessible(true);
      Field channel = NettyWire.class.getDeclaredField("channel");
      channel.setAccessible(true);
      return (Channel) channel.get(wire.get(connection));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// A wake-up between the last look and the wait, and one that is not needed.
  @ParameterizedTest
  @EnumSource
  void p3_noWakeUpIsLostAndNoneIsMissed(Via via) throws Exception {
    try (NettyLog log = NettyLog.listen()) {
      via.run(() -> {
        try (Listener listener = Net.listen("127.0.0.1", 0)) {
          Task<?> waiting = async(listener::accept);
          Loop loop = Loop.current();
          Async.blocking(() -> {
            for (int i = 0; i < 20_000; i++) {
              assertEquals(42, loop.submit(() -> 42).get());
            }
          });
          assertTrue(waiting.cancel("enough"));
        }
      });
      assertEquals("", log.text());
    }
  }

  /// The JDK's timer threads, which wake a virtual thread from another thread.
  @Test
  void p4_waitsWithATimeAreTheLoopsOwn() throws Exception {
    Via.EPOLL.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0);
          Connection connection = Net.connect("127.0.0.1", listener.port())) {
        long before = timesOfTheJdk();
        for (int i = 0; i < 500; i++) {
          sleep(Duration.ofNanos(10_000));
          Async.timeoutOr(Duration.ofNanos(10_000), new byte[0], () -> connection.read(1));
        }
        long more = timesOfTheJdk() - before; // a few may be of threads that other tests have left
        assertTrue(more < 100, "waits that the JDK's timers have ended: " + more);
      }
    });
  }

  /// How many timed waits the JDK's timer threads have taken part in.
  private static long timesOfTheJdk() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long count = 0;
    for (ThreadInfo one : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (one != null && one.getThreadName().startsWith("VirtualThread-unpark")) {
        count += one.getWaitedCount();
      }
    }
    return count;
  }

  /// Thread caches of the allocator, one for each task.
  @ParameterizedTest
  @EnumSource
  void p6_shortTasksLeaveNoBuffersBehind(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        Task<?> server = async(() -> listener.serve(connection -> connection.readAll()));
        try (Connection connection = Net.connect("127.0.0.1", listener.port())) {
          long before = usedMemory();
          for (int i = 0; i < 10_000; i++) {
            await(async(() -> connection.write("a line of text\n")));
          }
          connection.flush();
          assertTrue(usedMemory() - before < 16 << 20, "bytes more: " + (usedMemory() - before));
        }
        listener.close();
        await(server);
      }
    });
  }

  private static long usedMemory() {
    var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /// Tasks that are always ready.
  @ParameterizedTest
  @EnumSource
  void p7_writesLeaveAndBytesComeWhileTasksAreAlwaysReady(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0);
          Connection connection = Net.connect("127.0.0.1", listener.port());
          Connection peer = listener.accept()) {
        scope(s -> {
          s.background(() -> {
            while (true) {
              checkpoint();
            }
          });
          s.background(() -> {
            while (true) {
              checkpoint();
            }
          });
          for (int i = 0; i < 100; i++) {
            connection.write("ping\n");
            assertEquals("ping", peer.readLine().orElseThrow());
            peer.write("pong\n");
            assertEquals("pong", connection.readLine().orElseThrow());
          }
        });
      }
    });
  }

  /// What is left when the loop ends.
  @ParameterizedTest
  @EnumSource
  void p10_whatWasWrittenBeforeTheEndOfTheLoopIsSent(Via via) throws Exception {
    try (ServerSocket peer = new ServerSocket(0)) {
      byte[][] received = {null};
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                try (Socket socket = peer.accept();
                    InputStream in = socket.getInputStream()) {
                  received[0] = in.readAllBytes();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      via.use();
      Async.run(() -> {
        Connection left = Net.connect("127.0.0.1", peer.getLocalPort());
        left.write(new byte[60_000]); // and never closed
      });
      reader.join();
      assertEquals(60_000, received[0].length);
    }
  }

  /// A loop that uses no I/O has no poller.
  @ParameterizedTest
  @EnumSource
  void aLoopThatUsesNoSocketsDoesNotPoll(Via via) throws Exception {
    via.run(() -> {
      checkpoint();
      Field polling = Loop.current().getClass().getDeclaredField("polling");
      polling.setAccessible(true);
      assertNull(polling.get(Loop.current()));
    });
  }
}
