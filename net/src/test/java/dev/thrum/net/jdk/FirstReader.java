package dev.thrum.net.jdk;

import dev.thrum.Async;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A program in which a task is the first to wait for a socket. The JDK's pollers start then, and
/// inherit what the task's thread has to bequeath. After that the loop is busy.
final class FirstReader {
  private static final int MORE_THAN_BUFFERS = 16 << 20;

  private final CountDownLatch busy = new CountDownLatch(1);
  private volatile boolean enough;

  private FirstReader() {}

  public static void main(String[] args) throws Exception {
    new FirstReader().run();
    System.exit(0); // also where a thread was left in the lurch
  }

  private void run() throws Exception {
    say("pollers run: " + pollersRun());
    Thread loop = Thread.ofPlatform().name("the loop").start(() -> Async.run(() -> readAndSpin()));
    busy.await();
    say("pollers run: " + pollersRun());
    say("beside a busy loop: " + readAndWriteElsewhere());
    enough = true;
    loop.join();
    say("after its end: " + readAndWriteElsewhere());
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static boolean pollersRun() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .anyMatch(name -> name.startsWith("MasterPoller") || name.startsWith("Read-Poller"));
  }

  private void readAndSpin() {
    readAndWrite();
    busy.countDown();
    while (!enough) {
      Thread.onSpinWait();
    }
  }

  /// On a virtual thread that has nothing to do with the loop.
  private static String readAndWriteElsewhere() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Thread.startVirtualThread(() -> {
      readAndWrite();
      done.countDown();
    });
    return done.await(10, TimeUnit.SECONDS) ? "read and written" : "waits";
  }

  /// Both wait, since the other end only begins when they do.
  private static void readAndWrite() {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket there = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket here = server.accept()) {
      onceThisWaits(() -> there.getOutputStream().write(1));
      if (here.getInputStream().read() != 1) {
        throw new IOException("something else was read");
      }
      Thread drain = onceThisWaits(() -> there.getInputStream().skipNBytes(MORE_THAN_BUFFERS));
      here.getOutputStream().write(new byte[MORE_THAN_BUFFERS]);
      drain.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static Thread onceThisWaits(Step step) {
    Thread waiter = Thread.currentThread();
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          try {
            step.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
