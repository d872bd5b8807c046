package dev.thrum.net.jdk;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.Runner;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import dev.thrum.net.Listener;
import dev.thrum.net.Net;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The JDK's blocking sockets and channels in tasks, both ends on one loop.
final class JdkSocketsTest {
  private static final int CONNECTIONS = 50;

  static Stream<Arguments> waysAndLinks() {
    return Way.concurrent()
        .flatMap(way -> Stream.of(Link.values()).map(link -> Arguments.of(way, link)));
  }

  static Stream<Arguments> waysAndWaits() {
    return Way.concurrent()
        .flatMap(way -> Stream.of(Wait.values()).map(wait -> Arguments.of(way, wait)));
  }

  /// The server answers nobody until everybody has asked.
  private static final class Exchange {
    final Way way;
    final Link link;
    final CountDownLatch arrivals = new CountDownLatch(CONNECTIONS);
    final Set<String> carriers = new HashSet<>();

    Exchange(Way way, Link link) {
      this.way = way;
      this.link = link;
    }

    List<Integer> run() throws IOException {
      try (Link.Listener listener = link.listen(CONNECTIONS)) {
        Task<?> server = async(() -> serve(listener));
        List<Task<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
          int value = i;
          clients.add(async(() -> ask(listener, value)));
        }
        List<Integer> answers = awaitAll(clients);
        await(server);
        return answers;
      }
    }

    private void serve(Link.Listener listener) throws IOException {
      for (int i = 0; i < CONNECTIONS; i++) {
        Link.End end = way.call(listener::accept);
        async(() -> answer(end));
      }
    }

    private void answer(Link.End end) throws Exception {
      try (end) {
        int value = way.call(end::read);
        carriers.add(Jvm.carrier());
        arrivals.countDown();
        way.run(arrivals::await);
        carriers.add(Jvm.carrier());
        way.run(() -> end.write(value));
      }
    }

    private int ask(Link.Listener listener, int value) throws Exception {
      try (Link.End end = way.call(() -> link.connect(listener.address()))) {
        way.run(() -> end.write(value));
        int answer = way.call(end::read);
        carriers.add(Jvm.carrier());
        return answer;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("waysAndLinks")
  void connectionsOfOneLoopDoNotWaitForEachOther(Way way, Link link) throws Exception {
    Exchange exchange = new Exchange(way, link);
    List<Integer> answers =
        Runner.builder().blockingLimit(2 * CONNECTIONS + 1).run(() -> exchange.run());
    assertEquals(IntStream.range(0, CONNECTIONS).boxed().toList(), answers);
    if (Jvm.isConfined()) {
      assertEquals(Set.of(Thread.currentThread().getName()), exchange.carriers);
    }
  }

  @ParameterizedTest
  @MethodSource("waysAndWaits")
  void aWaitLetsTheTaskRunThatEndsIt(Way way, Wait wait) throws Exception {
    try (Wait.Pair pair = wait.open()) {
      List<String> trail = new ArrayList<>();
      VoidBody<Exception> waits =
          () -> {
            trail.add("waits");
            way.run(pair.waits());
            trail.add("goes on");
          };
      Runner.builder()
          .run(() -> {
            Task<?> waiter = async(waits);
            checkpoint();
            trail.add("is let go on");
            way.run(pair.ends());
            await(waiter);
          });
      assertEquals(List.of("waits", "is let go on", "goes on"), trail);
    }
  }

  /// A loop that has sockets of Thrum's waits in its own poller, which the JDK's have to wake.
  @ParameterizedTest
  @MethodSource("waysAndWaits")
  void aWaitEndsAlsoWhileTheLoopPollsForSocketsOfItsOwn(Way way, Wait wait) throws Exception {
    try (Wait.Pair pair = wait.open()) {
      Runner.builder()
          .run(() -> {
            try (Listener listener = Net.listen("127.0.0.1", 0)) {
              scope(s -> {
                s.background(() -> listener.accept());
                Task<?> waiter = s.async(() -> way.run(pair.waits()));
                checkpoint();
                way.run(pair.ends());
                await(waiter);
              });
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("waysAndWaits")
  void aCancelledWaitEndsAtOnce(Way way, Wait wait) throws Exception {
    try (Wait.Pair pair = wait.open()) {
      VoidBody<Exception> waits = () -> way.run(pair.waits());
      Runner.builder()
          .run(() -> {
            assertThrows(TimeoutException.class, () -> timeout(ofMillis(20), waits));
            checkpoint();
          });
    }
  }

  @Test
  void aReadTimeoutOfTheSocketIsAFailureLikeAnyOther() throws Exception {
    Runner.builder()
        .run(() -> {
          try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(20);
            assertThrows(SocketTimeoutException.class, server::accept);
            Task<?> task =
                async(() -> {
                  var _ = server.accept();
                });
            assertThrows(SocketTimeoutException.class, () -> await(task));
          }
        });
  }
}
