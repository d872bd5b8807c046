package dev.thrum.internal.process;

import dev.thrum.internal.process.Frame.Kind;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The program that a child JVM runs: takes bodies from its parent, one at a time, and ends with
/// it.
///
/// The main thread reads the socket, so that the end of the parent is seen at once, and another one
/// writes, since a write by a body's thread would be cut by an interrupt that was meant for the
/// body.
public final class ChildMain {
  /// How the JVM ends when it has no memory left even to say so.
  public static final int OUT_OF_MEMORY = 3;

  private static final int LOADERS = 16;
  private static final long PATIENCE_MILLIS = 2_000;

  /// A frame to be sent.
  record Letter(Kind kind, Content content) {}

  private final Wire wire;
  private final BlockingQueue<Letter> letters = new LinkedBlockingQueue<>();
  private final AtomicInteger questions = new AtomicInteger();
  private final Map<Integer, CompletableFuture<byte @Nullable []>> open = new ConcurrentHashMap<>();

  /// The latest ones; only the main thread looks here.
  private final Map<Integer, BorrowedClasses> loaders =
      new LinkedHashMap<>(LOADERS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, BorrowedClasses> eldest) {
          return size() > LOADERS;
        }
      };

  private ChildMain(Wire wire) {
    this.wire = wire;
  }

  /// Serves a parent until it ends.
  ///
  /// @param arguments where its socket is
  public static void main(String[] arguments) {
    leaveCtrlCToTheParent();
    Path socket = Path.of(arguments[0]);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      forget(socket);
      new ChildMain(new Wire(channel, null)).serve();
    } catch (IOException _) {
      forget(socket); // the parent has gone, or is about to
    } catch (OutOfMemoryError _) {
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
    end();
  }

  /// The parent removes the socket too, if it lives to see it connected.
  private static void forget(Path socket) {
    try {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(socket.resolveSibling(""));
    } catch (IOException _) {
      // the parent is at it
    }
  }

  /// Shutdown hooks get a moment.
  private static void end() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            Thread.sleep(PATIENCE_MILLIS);
          } catch (InterruptedException _) {
            // no reason to wait longer
          }
          Runtime.getRuntime().halt(1);
        });
    System.exit(0);
  }

  /// A terminal sends it to all of its processes; what becomes of the bodies is for the parent to
  /// say.
  private static void leaveCtrlCToTheParent() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object nothing =
          Proxy.newProxyInstance(
              handler.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> null);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), nothing);
    } catch (ReflectiveOperationException _) {
      // without the module jdk.unsupported Ctrl-C ends the children at once
    }
  }

  // The two threads of the socket

  private void serve() throws IOException {
    Thread.ofPlatform().daemon().name("thrum-child-writer").start(this::sendLetters);
    while (true) {
      Frame frame = wire.receive();
      switch (frame.kind()) {
        case SETTINGS -> {
          Settings.takeOver(frame.read());
          post(Kind.READY, Content.of(_ -> {}));
        }
        case BODY -> startBody(frame.read());
        case RESOURCE -> takeAnswer(frame.read());
        case EXIT -> {
          return;
        }
        default -> throw new IOException("a parent does not send " + frame.kind());
      }
    }
  }

  private void sendLetters() {
    try {
      while (true) {
        Letter letter = letters.take();
        wire.send(letter.kind, letter.content);
        if (letter.kind == Kind.OUT_OF_MEMORY) {
          Runtime.getRuntime().halt(OUT_OF_MEMORY);
        }
      }
    } catch (IOException | InterruptedException _) {
      // the main thread sees that the parent has gone
    } catch (OutOfMemoryError _) {
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
  }

  private void post(Kind kind, Content content) {
    letters.add(new Letter(kind, content));
  }

  // Classes of the parent

  private byte @Nullable [] ask(int loader, String path) {
    int question = questions.incrementAndGet();
    CompletableFuture<byte @Nullable []> answer = new CompletableFuture<>();
    open.put(question, answer);
    post(
        Kind.WANTED,
        Content.of(out -> {
          out.writeInt(question);
          out.writeInt(loader);
          Content.writeText(out, path);
        }));
    return answer.join();
  }

  private void takeAnswer(DataInputStream in) throws IOException {
    CompletableFuture<byte @Nullable []> asked = open.remove(in.readInt());
    byte[] found = in.readBoolean() ? in.readAllBytes() : null;
    if (asked != null) {
      asked.complete(found);
    }
  }

  // Bodies

  private void startBody(DataInputStream in) throws IOException {
    Parcel parcel = Parcel.read(in);
    ClassLoader loader =
        loaders.computeIfAbsent(parcel.loader(), number -> new BorrowedClasses(number, this::ask));
    post(Kind.BEGUN, Content.of(_ -> {}));
    Thread thread =
        Thread.ofPlatform().name("thrum-body").unstarted(new Job(parcel, loader, letters::add));
    thread.setContextClassLoader(loader);
    thread.start();
  }
}
