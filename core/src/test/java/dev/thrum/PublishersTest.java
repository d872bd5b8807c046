package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.stream.Cursor;
import dev.thrum.stream.Generator;
import dev.thrum.stream.GeneratorClosedException;
import dev.thrum.stream.Publishers;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Publishers, beside what the kit of Reactive Streams checks.
@ParameterizedClass(name = "{0}")
@EnumSource
class PublishersTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  PublishersTest(Tidy tidy) {
    this.tidy = tidy;
  }

  /// Takes down what it is told, and requests only when the test does.
  private class Listener implements Flow.Subscriber<Object> {
    private final String name;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private Flow.Subscription subscription;

    Listener(String name) {
      this.name = name;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(Object item) {
      trail.add(name + item);
    }

    @Override
    public void onError(Throwable thrown) {
      trail.add(name + "failed");
      failure.complete(thrown);
    }

    @Override
    public void onComplete() {
      trail.add(name + "completed");
    }

    /// Requests, and lets the publisher run until it waits.
    void take(long count) {
      subscription.request(count);
      sleep(ofMillis(1));
    }
  }

  private Listener subscribed(Flow.Publisher<?> publisher) {
    Listener listener = new Listener("");
    publisher.subscribe(listener);
    sleep(ofMillis(1));
    return listener;
  }

  private Flow.Publisher<Integer> numbers() {
    return Publishers.of(y -> {
      try {
        for (int i = 1; ; i++) {
          trail.add("emit " + i);
          y.emit(i);
        }
      } catch (GeneratorClosedException e) {
        sleep(ofSeconds(1));
        trail.add("cleaned up");
        throw e;
      }
    });
  }

  private static void refused(Class<? extends Throwable> kind, String text, Body<?, ?> call) {
    Throwable thrown = assertThrows(kind, call::call);
    assertTrue(String.valueOf(thrown.getMessage()).contains(text), thrown::toString);
  }

  // From a body to subscribers

  @Test
  void emitWaitsUntilTheSubscriberWantsAnItem() throws Exception {
    tidy.run(() -> {
      Listener listener = subscribed(numbers());
      trail.add("wants 2");
      listener.take(2);
      trail.add("wants 1");
      listener.take(1);
      listener.subscription.cancel();
      sleep(ofSeconds(2));
      listener.take(5);
    });
    trail.expect(
        "emit 1", "wants 2", "1", "emit 2", "2", "emit 3", "wants 1", "3", "emit 4", "cleaned up");
  }

  @Test
  void aBodyThatReturnsCompletesAndOneThatThrowsFails() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      subscribed(Publishers.of(y -> y.emit("one"))).take(9);
      Listener listener =
          subscribed(
              Publishers.of(y -> {
                y.emit("two");
                throw boom;
              }));
      listener.take(1);
      assertSame(boom, listener.failure.getNow(null));
      subscribed(Publishers.of(List.of()));
    });
    trail.expect("one", "completed", "two", "failed", "completed");
  }

  @Test
  void eachSubscriberHasARunOfItsOwn() throws Exception {
    tidy.run(() -> {
      Flow.Publisher<Integer> publisher = Publishers.of(List.of(1, 2));
      Listener a = new Listener("a");
      Listener b = new Listener("b");
      publisher.subscribe(a);
      publisher.subscribe(b);
      sleep(ofMillis(1));
      a.take(1);
      b.take(9);
      a.take(1);
    });
    trail.expect("a1", "b1", "b2", "bcompleted", "a2", "acompleted");
  }

  @Test
  void aGeneratorHasOneSubscriber() throws Exception {
    tidy.run(() -> {
      Generator<Integer> once = Generator.of(y -> y.emit(1));
      Flow.Publisher<Integer> publisher = Publishers.of(once);
      subscribed(publisher).take(9);
      Listener late = subscribed(publisher);
      assertTrue(late.failure.getNow(null).getMessage().contains("iterated already"));
    });
    trail.expect("1", "completed", "failed");
  }

  @Test
  void cancelClosesAGeneratorToo() throws Exception {
    tidy.run(() -> {
      Generator<Integer> slow =
          Generator.of(y -> {
            try {
              y.emit(1);
              y.emit(2);
            } finally {
              sleep(ofSeconds(1));
              trail.add("cleaned up");
            }
          });
      Listener listener = subscribed(Publishers.of(slow));
      listener.take(1);
      listener.subscription.cancel();
      sleep(ofSeconds(2));
    });
    trail.expect("1", "cleaned up");
  }

  @Test
  void cancelWhileTheBodyWaitsElsewhereCancelsIt() throws Exception {
    tidy.run(() -> {
      Listener listener =
          subscribed(
              Publishers.of(_ -> {
                try {
                  sleep(ofHours(1));
                } catch (CancelledException e) {
                  trail.add(e.reason());
                  throw e;
                }
              }));
      listener.subscription.cancel();
      listener.subscription.cancel();
      sleep(ofSeconds(1));
    });
    trail.expect("the subscriber cancelled");
  }

  @Test
  void aSubscriberThatCancelsInOnNextIsToldNothingMore() throws Exception {
    tidy.run(() -> {
      numbers()
          .subscribe(
              new Listener("") {
                @Override
                public void onSubscribe(Flow.Subscription given) {
                  super.onSubscribe(given);
                  given.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(Object item) {
                  super.onNext(item);
                  super.subscription.cancel();
                }
              });
      sleep(ofSeconds(2));
    });
    trail.expect("emit 1", "1", "cleaned up");
  }

  @Test
  void demandWithoutEndDoesNotKeepTheLoopFromOthers() throws Exception {
    tidy.run(() -> {
      int[] count = {0};
      Flow.Publisher<Integer> forever =
          Publishers.of(y -> {
            while (true) {
              y.emit(++count[0]);
            }
          });
      Listener listener =
          new Listener("") {
            @Override
            public void onNext(Object item) {}
          };
      forever.subscribe(listener);
      sleep(ofMillis(1));
      listener.subscription.request(Long.MAX_VALUE);
      listener.subscription.request(Long.MAX_VALUE);
      Async.checkpoint();
      Async.checkpoint();
      listener.subscription.cancel();
      assertTrue(count[0] > 10 && count[0] < 10_000, "items: " + count[0]);
    });
  }

  @Test
  void aRequestForNothingIsAnErrorAndClosesTheBody() throws Exception {
    tidy.run(() -> {
      Listener listener = subscribed(numbers());
      listener.subscription.request(0);
      sleep(ofSeconds(2));
      assertInstanceOf(IllegalArgumentException.class, listener.failure.getNow(null));
    });
    trail.expect("emit 1", "cleaned up", "failed");
  }

  @Test
  void whatNobodyCanBeToldGoesToTheHandler() throws Exception {
    IOException boom = new IOException("boom");
    List<Throwable> reported = new ArrayList<>();
    Runner.builder()
        .time(new VirtualTime())
        .exceptionHandler((_, e) -> reported.add(e))
        .run(() -> {
          Flow.Publisher<Integer> fails =
              Publishers.of(y -> {
                try {
                  y.emit(1);
                } finally {
                  throwIt(boom);
                }
              });
          subscribed(fails).subscription.cancel();
          sleep(ofMillis(1));
          assertEquals(List.of(boom), reported);

          UnsupportedOperationException broken = new UnsupportedOperationException();
          Listener listener =
              new Listener("") {
                @Override
                public void onNext(Object item) {
                  throw broken;
                }
              };
          numbers().subscribe(listener);
          sleep(ofMillis(1));
          listener.take(1);
          sleep(ofSeconds(2));
          assertEquals(List.of(boom, broken), reported);
        });
    trail.expect("emit 1", "cleaned up");
  }

  private static void throwIt(Exception exception) throws Exception {
    throw exception;
  }

  @Test
  void theEndOfTheLoopIsAnErrorForItsSubscribers() throws Exception {
    Listener waiting = new Listener("");
    List<Flow.Publisher<Integer>> kept = new ArrayList<>();
    tidy.run(() -> {
      Flow.Publisher<Integer> publisher = Publishers.of(y -> y.emit(1));
      kept.add(publisher);
      publisher.subscribe(waiting);
      sleep(ofMillis(1));
    });
    assertInstanceOf(CancellationException.class, waiting.failure.getNow(null));
    assertFalse(waiting.failure.getNow(null) instanceof CancelledException);

    Listener late = new Listener("late ");
    kept.getFirst().subscribe(late);
    assertInstanceOf(RejectedExecutionException.class, late.failure.getNow(null));
    late.subscription.request(1);
    late.subscription.cancel();
    trail.expect("failed", "late failed");
  }

  @Test
  void onlyTheBodyEmits() throws Exception {
    tidy.run(() -> {
      Flow.Publisher<Integer> careless =
          Publishers.of(y -> {
            await(
                async(() ->
                    refused(
                        IllegalStateException.class,
                        "only the publisher's body itself",
                        () -> {
                          y.emit(1);
                          return 0;
                        })));
            y.emit(2);
          });
      subscribed(careless).take(1);
    });
    trail.expect("2", "completed");
  }

  @Test
  void subscribersOnOtherThreadsAreServed() throws Exception {
    tidy.run(() -> {
      Flow.Publisher<Integer> publisher =
          Publishers.of(IntStream.rangeClosed(1, 1000).boxed().toList());
      int sum =
          blocking(() -> {
            CompletableFuture<Integer> total = new CompletableFuture<>();
            publisher.subscribe(
                new Flow.Subscriber<>() {
                  private Flow.Subscription subscription;
                  private int sum;

                  @Override
                  public void onSubscribe(Flow.Subscription given) {
                    subscription = given;
                    requestOne();
                  }

                  private void requestOne() {
                    Thread.ofVirtual().start(() -> subscription.request(1));
                  }

                  @Override
                  public void onNext(Integer item) {
                    sum += item;
                    requestOne();
                  }

                  @Override
                  public void onError(Throwable failure) {
                    total.completeExceptionally(failure);
                  }

                  @Override
                  public void onComplete() {
                    total.complete(sum);
                  }
                });
            return total.get();
          });
      assertEquals(500_500, sum);
    });
  }

  @Test
  void cancelOfAnotherThreadLetsACleanupInEmitWait() throws Exception {
    Async.run(() -> {
      for (int round = 0; round < 50; round++) {
        CompletableFuture<String> cleanup = new CompletableFuture<>();
        Flow.Publisher<Integer> busy =
            Publishers.of(y -> {
              try {
                while (true) {
                  y.emit(1);
                }
              } catch (GeneratorClosedException e) {
                sleep(ofMillis(1));
                cleanup.complete("waited");
                throw e;
              } catch (CancelledException e) {
                cleanup.complete("cut short");
                throw e;
              }
            });
        CompletableFuture<Flow.Subscription> begun = new CompletableFuture<>();
        busy.subscribe(
            new Listener("") {
              @Override
              public void onSubscribe(Flow.Subscription given) {
                super.onSubscribe(given);
                given.request(Long.MAX_VALUE);
              }

              @Override
              public void onNext(Object item) {
                begun.complete(super.subscription);
              }
            });
        blocking(() -> begun.get().cancel());
        assertEquals("waited", await(cleanup));
      }
    });
  }

  // From a publisher to a task

  @Test
  void aTaskTakesTheItemsOfAnotherLibrarysPublisher() throws Exception {
    tidy.run(() -> {
      List<Integer> got = new ArrayList<>();
      SubmissionPublisher<Integer> source = new SubmissionPublisher<>();
      try (Cursor<Integer> cursor = Publishers.iterate(source, 4)) {
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 1; i <= 500; i++) {
                source.submit(i);
              }
              source.close();
            });
        for (int i : cursor) {
          got.add(i);
        }
      }
      assertEquals(IntStream.rangeClosed(1, 500).boxed().toList(), got);
    });
  }

  /// A publisher that the test plays by hand.
  private static final class ByHand implements Flow.Publisher<Integer>, Flow.Subscription {
    private Flow.Subscriber<? super Integer> subscriber;
    private long requested;
    private boolean cancelled;
    private int cancels;

    @Override
    public void subscribe(Flow.Subscriber<? super Integer> given) {
      subscriber = given;
      given.onSubscribe(this);
    }

    @Override
    public void request(long count) {
      requested += count;
    }

    @Override
    public void cancel() {
      cancelled = true;
      cancels++;
    }
  }

  @Test
  void neverMoreIsRequestedThanHasRoom() throws Exception {
    tidy.run(() -> {
      for (int prefetch : List.of(1, 2, 3, 4, 16, 100)) {
        ByHand source = new ByHand();
        Cursor<Integer> cursor = Publishers.iterate(source, prefetch);
        assertEquals(prefetch, source.requested);
        int sent = 0;
        for (int taken = 0; taken < 500; taken++) {
          while (sent < source.requested) {
            source.subscriber.onNext(sent++);
          }
          assertEquals(taken, cursor.next());
          assertTrue(source.requested <= taken + 1 + prefetch, "requested: " + source.requested);
          assertTrue(source.requested > taken + 1, "it never runs dry");
        }
        cursor.close();
        assertTrue(source.cancelled);
      }
    });
  }

  @Test
  void anErrorComesOutAsItselfAfterTheItemsBeforeIt() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      ByHand source = new ByHand();
      Cursor<Integer> cursor = Publishers.iterate(source, 4);
      source.subscriber.onNext(1);
      source.subscriber.onNext(2);
      source.subscriber.onError(boom);
      source.subscriber.onNext(3);
      assertEquals(1, cursor.next());
      assertTrue(cursor.hasNext());
      assertEquals(2, cursor.next());
      assertSame(boom, assertThrows(IOException.class, cursor::hasNext));
      assertFalse(cursor.hasNext());
      assertThrows(NoSuchElementException.class, cursor::next);
      assertFalse(source.cancelled, "it has ended by itself");
    });
  }

  @Test
  void whoAwaitsAPublisherTakesOneItemAndCancelsOnce() throws Exception {
    tidy.run(() -> {
      ByHand source = new ByHand();
      Task<Integer> first = async(() -> await((Flow.Publisher<Integer>) source));
      Async.checkpoint();
      assertEquals(1, source.requested);
      source.subscriber.onNext(1);
      source.subscriber.onNext(2);
      assertEquals(1, source.cancels);
      assertEquals(1, await(first));
    });
  }

  @Test
  void leavingTheScopeCancelsTheSubscription() throws Exception {
    tidy.run(() -> {
      ByHand source = new ByHand();
      List<Cursor<Integer>> kept = new ArrayList<>();
      scope(_ -> {
        Cursor<Integer> cursor = Publishers.iterate(source, 4);
        kept.add(cursor);
        source.subscriber.onNext(1);
        source.subscriber.onNext(2);
        for (int i : cursor) {
          assertEquals(1, i);
          break;
        }
        sleep(ofSeconds(1));
        assertFalse(source.cancelled);
      });
      assertTrue(source.cancelled);
      refused(CancellationException.class, "scope in which it began", kept.getFirst()::hasNext);
    });
  }

  @Test
  void closeCancelsTheSubscriptionOnceAndDropsTheBuffer() throws Exception {
    tidy.run(() -> {
      ByHand source = new ByHand();
      Cursor<Integer> cursor = Publishers.iterate(source, 4);
      source.subscriber.onNext(1);
      cursor.close();
      assertTrue(source.cancelled);
      source.cancelled = false;
      cursor.close();
      source.subscriber.onNext(2);
      source.subscriber.onError(new IOException());
      assertFalse(source.cancelled);
      assertFalse(cursor.hasNext());
      assertThrows(NoSuchElementException.class, cursor::next);
    });
  }

  @Test
  void aTimeoutAroundNextLosesNoItem() throws Exception {
    tidy.run(() -> {
      Flow.Publisher<Integer> slow =
          Publishers.of(y -> {
            for (int i = 1; i <= 5; i++) {
              sleep(ofMillis(10));
              y.emit(i);
            }
          });
      List<Integer> got = new ArrayList<>();
      int timeouts = 0;
      try (Cursor<Integer> cursor = Publishers.iterate(slow, 2)) {
        while (true) {
          try {
            if (!timeout(ofMillis(4), cursor::hasNext)) {
              break;
            }
            got.add(cursor.next());
          } catch (TimeoutException _) {
            timeouts++;
          }
        }
      }
      assertEquals(List.of(1, 2, 3, 4, 5), got);
      assertTrue(timeouts > 5, timeouts + " timeouts");
    });
  }

  @Test
  void anItemThatComesFromAThreadTogetherWithATimeoutIsNotLost() throws Exception {
    List<Integer> got = new ArrayList<>();
    Async.run(() -> {
      SubmissionPublisher<Integer> source = new SubmissionPublisher<>();
      try (Cursor<Integer> cursor = Publishers.iterate(source, 2)) {
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; i < 300; i++) {
                source.submit(i);
                Thread.onSpinWait();
              }
              source.close();
            });
        boolean more = true;
        while (more) {
          try {
            more = timeout(java.time.Duration.ofNanos(20_000), cursor::hasNext);
            if (more) {
              got.add(cursor.next());
            }
          } catch (TimeoutException _) {
            Async.checkpoint();
          }
        }
      }
    });
    assertEquals(IntStream.range(0, 300).boxed().toList(), got);
  }

  @Test
  void aPublisherThatSendsTooMuchIsAnError() throws Exception {
    tidy.run(() -> {
      ByHand source = new ByHand();
      Cursor<Integer> cursor = Publishers.iterate(source, 2);
      for (int i = 1; i <= 4; i++) {
        source.subscriber.onNext(i);
      }
      assertTrue(source.cancelled);
      assertEquals(1, cursor.next());
      assertEquals(2, cursor.next());
      refused(IllegalStateException.class, "more than the 2 items", cursor::next);
    });
  }

  @Test
  void aPublisherThatRefusesIsRefusedAtOnce() throws Exception {
    tidy.run(() -> {
      refused(
          UnsupportedOperationException.class,
          "no",
          () ->
              Publishers.<Integer>iterate(
                  _ -> {
                    throw new UnsupportedOperationException("no");
                  },
                  1));
    });
  }

  @Test
  void aPublisherOnAnotherLoopIsTakenWithBackPressure() throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    CompletableFuture<Flow.Publisher<Integer>> made = new CompletableFuture<>();
    int[] emitted = {0};
    Thread other =
        Thread.ofPlatform()
            .start(() ->
                Async.run(() -> {
                  Flow.Publisher<Integer> publisher =
                      Publishers.of(y -> {
                        for (int i = 1; i <= 100; i++) {
                          y.emit(i);
                          emitted[0] = i;
                        }
                      });
                  made.complete(publisher);
                  await(over);
                }));
    Async.run(() -> {
      Instant began = now();
      try (Cursor<Integer> cursor = Publishers.iterate(await(made), 3)) {
        for (int i = 1; i <= 100; i++) {
          assertEquals(i, cursor.next());
          assertTrue(emitted[0] <= i + 3, "it has run ahead");
        }
        assertFalse(cursor.hasNext());
      }
      assertTrue(between(began, now()).toSeconds() < 10);
    });
    over.complete(null);
    other.join();
  }

  // Wrong use

  @Test
  void outsideATaskTheySaySo() throws Exception {
    refused(IllegalStateException.class, "only inside a task", () -> Publishers.of(List.of()));
    ByHand source = new ByHand();
    refused(IllegalStateException.class, "only inside a task", () -> Publishers.iterate(source, 1));
    tidy.run(() -> {
      Cursor<Integer> cursor = Publishers.iterate(source, 1);
      await(
          async(
              () -> refused(IllegalStateException.class, "belongs to task main", cursor::hasNext)));
      cursor.close();
    });
  }

  @Test
  void wrongArgumentsAreRefused() throws Exception {
    tidy.run(() -> {
      ByHand source = new ByHand();
      refused(IllegalArgumentException.class, "at least 1: 0", () -> Publishers.iterate(source, 0));
      refused(NullPointerException.class, "publisher", () -> Publishers.iterate(null, 1));
      refused(NullPointerException.class, "items", () -> Publishers.of((Iterable<Integer>) null));
      Flow.Publisher<Integer> publisher = Publishers.of(List.of(1));
      assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
    });
  }
}
