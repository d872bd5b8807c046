package dev.thrum.data.run;

import dev.thrum.data.graph.Operator;
import dev.thrum.sync.RateLimiter;

/// Lets not more than so many pass in a time.
final class RateStage extends Stage {
  private final RateLimiter limiter;

  RateStage(String name, Stage next, Operator.RateLimit how) {
    super(name, next);
    this.limiter = RateLimiter.create(how.count(), how.period());
  }

  @Override
  void accept(Object element) throws Exception {
    long before = System.nanoTime();
    limiter.acquire();
    waited(System.nanoTime() - before);
    give(element);
  }
}
