package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.stream.Cursor;
import dev.thrum.stream.Publishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.reactivestreams.tck.flow.FlowSubscriberWhiteboxVerification;
import org.reactivestreams.tck.flow.support.TestException;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/// The Technology Compatibility Kit of Reactive Streams, for what [Publishers] makes.
///
/// Slow, because the kit waits to see that nothing comes. It skips what it calls `untested`.
@Tag("slow")
class ReactiveStreamsTckTest {
  private static final CompletableFuture<Void> OVER = new CompletableFuture<>();
  private static Loop loop;

  @BeforeAll
  static void startLoop() throws Exception {
    CompletableFuture<Loop> started = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("tck-loop")
        .start(() ->
            Async.run(() -> {
              started.complete(Loop.current());
              Async.await(OVER);
            }));
    loop = started.get();
  }

  @AfterAll
  static void endLoop() {
    OVER.complete(null);
  }

  @Test
  void theKitFindsNothing() {
    TestListenerAdapter results = new TestListenerAdapter();
    TestNG kit = new TestNG(false);
    kit.setVerbose(0);
    kit.setTestClasses(
        new Class<?>[] {OfIterable.class, OfBody.class, Blackbox.class, Whitebox.class});
    kit.addListener(results);
    kit.run();
    List<String> skipped = names(results.getSkippedTests());
    System.out.printf(
        "Reactive Streams TCK: %d passed, %d failed, %d skipped%n",
        results.getPassedTests().size(), results.getFailedTests().size(), skipped.size());
    assertEquals(List.of(), names(results.getFailedTests()));
    assertEquals(
        List.of(),
        skipped.stream().filter(name -> !name.startsWith("untested_")).toList(),
        "skipped by more than the kit itself");
    assertEquals(87, results.getPassedTests().size());
  }

  private static List<String> names(List<ITestResult> results) {
    return results.stream()
        .map(result ->
            result.getName()
                + " of "
                + result.getTestClass().getRealClass().getSimpleName()
                + ": "
                + result.getThrowable())
        .sorted()
        .toList();
  }

  private static TestEnvironment environment() {
    return new TestEnvironment(1000, 50, 50);
  }

  private static <T> T onLoop(Body<T, ?> body) {
    try {
      return loop.<T>submit(body).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// Publishers of the items of an iterable.
  public static final class OfIterable extends FlowPublisherVerification<Long> {
    public OfIterable() {
      super(environment());
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
      Iterable<Long> items = () -> LongStream.range(0, elements).iterator();
      return onLoop(() -> Publishers.of(items));
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
      Iterable<Long> failing =
          () -> {
            throw new IllegalStateException("no items");
          };
      return onLoop(() -> Publishers.of(failing));
    }
  }

  /// Publishers of what a body emits.
  public static final class OfBody extends FlowPublisherVerification<Long> {
    public OfBody() {
      super(environment());
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
      return onLoop(() ->
          Publishers.<Long>of(y -> {
            for (long i = 0; i < elements; i++) {
              if (i % 3 == 1) {
                Async.checkpoint();
              }
              y.emit(i);
            }
          }));
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
      return onLoop(() ->
          Publishers.<Long>of(_ -> {
            throw new IllegalStateException("no items");
          }));
    }
  }

  /// A subscriber as a publisher sees it, whose items a task takes.
  private static Flow.Subscriber<Long> subscriber() {
    CompletableFuture<Flow.Subscriber<? super Long>> made = new CompletableFuture<>();
    Flow.Publisher<Long> publisher = made::complete;
    var _ = loop.submit(() -> takeAll(publisher));
    @SuppressWarnings("unchecked")
    Flow.Subscriber<Long> subscriber = (Flow.Subscriber<Long>) made.join();
    return subscriber;
  }

  private static void takeAll(Flow.Publisher<Long> publisher) {
    try (Cursor<Long> cursor = Publishers.iterate(publisher, 4)) {
      cursor.forEachRemaining(_ -> {});
    } catch (TestException _) {
      // the kit's own, from onError
    }
  }

  /// The subscriber from outside.
  public static final class Blackbox extends FlowSubscriberBlackboxVerification<Long> {
    public Blackbox() {
      super(environment());
    }

    @Override
    public Flow.Subscriber<Long> createFlowSubscriber() {
      return subscriber();
    }

    @Override
    public Long createElement(int element) {
      return (long) element;
    }
  }

  /// The subscriber, told to request and to cancel.
  public static final class Whitebox extends FlowSubscriberWhiteboxVerification<Long> {
    public Whitebox() {
      super(environment());
    }

    @Override
    protected Flow.Subscriber<Long> createFlowSubscriber(WhiteboxSubscriberProbe<Long> probe) {
      return new Probed(subscriber(), probe);
    }

    @Override
    public Long createElement(int element) {
      return (long) element;
    }
  }

  /// Tells a probe of what a subscriber is told.
  private record Probed(Flow.Subscriber<Long> subscriber, WhiteboxSubscriberProbe<Long> probe)
      implements Flow.Subscriber<Long> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(subscription);
      probe.registerOnSubscribe(
          new SubscriberPuppet() {
            @Override
            public void triggerRequest(long elements) {
              subscription.request(elements);
            }

            @Override
            public void signalCancel() {
              subscription.cancel();
            }
          });
    }

    @Override
    public void onNext(Long item) {
      subscriber.onNext(item);
      probe.registerOnNext(item);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
      probe.registerOnError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
      probe.registerOnComplete();
    }
  }
}
