package dev.thrum.net.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Virtual threads that are no tasks: those that code in a task starts, and those of the rest of
/// the program. The loop has no part in their waits.
final class BesideTheLoopTest {
  private static final String CARRIER_OF_THE_JDK = "ForkJoinPool-";

  /// A way to start a virtual thread.
  record Start(String name, Consumer<Runnable> start) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Start> starts() {
    return Stream.of(
        new Start("Thread.ofVirtual()", body -> Thread.ofVirtual().name("stranger").start(body)),
        new Start("Thread.startVirtualThread", Thread::startVirtualThread),
        new Start(
            "a factory",
            body -> Thread.ofVirtual().name("stranger-", 0).factory().newThread(body).start()),
        new Start(
            "an executor",
            body -> {
              var executor = Executors.newVirtualThreadPerTaskExecutor();
              executor.execute(body);
              executor.shutdown();
            }),
        new Start(
            "another such thread",
            body -> Thread.startVirtualThread(() -> Thread.startVirtualThread(body))));
  }

  /// Waits in the JDK in several ways, and says where it ran.
  private static List<String> waitInTheJdk() throws Exception {
    String first = Jvm.carrier();
    Thread.sleep(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket there = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket here = server.accept()) {
      Thread.startVirtualThread(() -> writeSoon(there));
      assertEquals(1, here.getInputStream().read());
    }
    return List.of(first, Jvm.carrier());
  }

  private static void writeSoon(Socket socket) {
    try {
      Thread.sleep(1);
      socket.getOutputStream().write(1);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void complete(CompletableFuture<List<String>> carriers) {
    try {
      carriers.complete(waitInTheJdk());
    } catch (Throwable e) {
      carriers.completeExceptionally(e);
    }
  }

  /// Nothing else runs on the loop meanwhile.
  private static void holdTheLoopUntil(CompletableFuture<?> done) throws Exception {
    if (Jvm.isConfined()) {
      long start = System.nanoTime();
      while (!done.isDone() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30)) {
        Thread.onSpinWait();
      }
    } else {
      done.get(30, TimeUnit.SECONDS); // spinning would take a carrier of the JDK's
    }
  }

  private static void assertRanOnTheJdksScheduler(List<String> carriers) {
    assertEquals(2, carriers.size());
    for (String carrier : carriers) {
      assertTrue(carrier.startsWith(CARRIER_OF_THE_JDK), carrier);
    }
  }

  @ParameterizedTest
  @MethodSource("starts")
  void aVirtualThreadThatATaskStartsRunsWhileTheLoopIsHeld(Start start) throws Exception {
    CompletableFuture<List<String>> carriers = new CompletableFuture<>();
    Async.run(() -> {
      start.start().accept(() -> complete(carriers));
      holdTheLoopUntil(carriers);
      assertTrue(carriers.isDone());
    });
    assertRanOnTheJdksScheduler(carriers.get());
  }

  @Test
  void aVirtualThreadThatATaskStartsGoesOnAfterTheLoopsEnd() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture<List<String>> carriers = new CompletableFuture<>();
    Async.run(() -> {
      Thread.startVirtualThread(() -> {
        try {
          over.await();
        } catch (InterruptedException e) {
          carriers.completeExceptionally(e);
        }
        complete(carriers);
      });
    });
    assertFalse(carriers.isDone());
    over.countDown();
    assertRanOnTheJdksScheduler(carriers.get(30, TimeUnit.SECONDS));
  }

  /// The JDK starts its pollers when the first socket is waited for, in a fresh JVM here.
  @ParameterizedTest
  @Tag("slow") // starts JVMs
  @ValueSource(strings = {"SYSTEM_THREADS", "VTHREAD_POLLERS"})
  void whoeverReadsTheFirstSocketOthersReadTheirsWithoutItsLoop(String mode) throws Exception {
    assertEquals(
        List.of(
            "pollers run: false",
            "pollers run: true",
            "beside a busy loop: read and written",
            "after its end: read and written"),
        Jvm.run(
            FirstReader.class,
            "-Djdk.pollerMode=" + mode,
            // On the portable engine a busy loop takes one of the JDK's carriers.
            "-Djdk.virtualThreadScheduler.parallelism=2"));
  }
}
