package dev.thrum.opentelemetry;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.run;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.supervise;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Runner;
import dev.thrum.Task;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// Spans around the bodies of tasks.
class TaskSpansTest {
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build();
  private final TaskSpans around = TaskSpans.of(provider.get("test"));

  private SpanData span(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void assertParent(String child, String parent) {
    assertEquals(span(parent).getSpanId(), span(child).getParentSpanId());
    assertEquals(span(parent).getTraceId(), span(child).getTraceId());
  }

  @Test
  void aChildsSpanIsBelowThatOfTheTaskThatStartedIt() {
    int sum =
        run(
            around.around(
                "order",
                () -> {
                  var price = async("price", around.around("price", () -> await(rate()) * 2));
                  var stock = async("stock", () -> blocking(around.around("stock", () -> 4)));
                  checkpoint();
                  return await(price) + await(stock);
                }));
    assertEquals(10, sum);
    assertEquals(4, spans.getFinishedSpanItems().size());
    assertParent("price", "order");
    assertParent("stock", "order");
    assertParent("rate", "price");
  }

  private Task<Integer> rate() {
    return async("rate", around.around("rate", () -> 3));
  }

  @Test
  void aFailureIsAnErrorAndACancellationIsNone() {
    Runner runner = Runner.builder().exceptionHandler((_, _) -> {}).build();
    runner.run(() ->
        supervise(s -> {
          var failing =
              s.async(
                  "failing",
                  around.around(
                      "failing",
                      () -> {
                        throw new IOException("no");
                      }));
          var sleeper = s.async("sleeper", around.around("sleeper", () -> sleep(ofSeconds(100))));
          checkpoint();
          checkpoint();
          sleeper.cancel("enough");
          assertEquals("no", failing.exceptionNow().getMessage());
        }));
    assertEquals(StatusCode.ERROR, span("failing").getStatus().getStatusCode());
    assertEquals("exception", span("failing").getEvents().getFirst().getName());
    assertEquals(StatusCode.UNSET, span("sleeper").getStatus().getStatusCode());
    assertTrue(span("sleeper").getAttributes().get(AttributeKey.booleanKey("thrum.cancelled")));
  }
}
