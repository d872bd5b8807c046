package dev.thrum.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a class whose tests have left a buffer of Netty's to the garbage collector. It is around
/// every class of this module.
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
  private static final List<String> FOUND = new CopyOnWriteArrayList<>();

  /// For JUnit.
  public NoLeaks() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    ByteBufUtil.setLeakListener((_, records) -> FOUND.add(records));
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    System.gc();
    for (int i = 0; i < 5; i++) {
      Thread.sleep(5); // the collector's finds are handed over by a thread of its own
      PooledByteBufAllocator.DEFAULT.directBuffer().release(); // Netty looks when it allocates
    }
    List<String> found = List.copyOf(FOUND);
    FOUND.clear();
    assertEquals(List.of(), found, "buffers that nobody released");
  }
}
