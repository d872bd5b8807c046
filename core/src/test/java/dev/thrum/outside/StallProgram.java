package dev.thrum.outside;

import static dev.thrum.Async.async;
import static dev.thrum.Async.sleep;

import dev.thrum.Loop;
import dev.thrum.Runner;
import dev.thrum.VoidBody;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

/// A program that `StallKindsTest` looks into. For each word of its input it starts a task of that
/// name, which calls the method of that name and so holds the loop, or would; at the word `end`
/// that goes on, and once it is done the program says `over` and the name. `end` may come at any
/// time, also before the method has got to what holds the loop. The program ends with its input,
/// and with a failure at what it cannot do.
public final class StallProgram {
  private static final Duration LONG = Duration.ofMinutes(10);

  /// A name without a dot, which the system's resolver looks up in the file of HOSTALIASES.
  private static final String HOST = "thrum-stall-host";

  /// Twice what a pipe of Linux holds by itself.
  private static final int MUCH = 131_072;

  private static Path fifo = Path.of("");
  private static volatile CountDownLatch gate = new CountDownLatch(1);
  private static volatile CompletableFuture<Thread> holder = new CompletableFuture<>();
  private static volatile CompletableFuture<Process> cat = new CompletableFuture<>();
  private static volatile VoidBody<Exception> end = () -> {};

  private StallProgram() {}

  /// Runs it.
  ///
  /// @param args the path of a FIFO that nobody has opened
  public static void main(String[] args) throws Exception {
    fifo = Path.of(args[0]);
    Runner.builder()
        .name("main-loop")
        .run(() -> {
          Loop loop = Loop.current();
          Thread.ofPlatform().daemon().start(() -> obey(loop));
          IO.println("ready");
          sleep(LONG);
        });
  }

  private static void obey(Loop loop) {
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String word = input.readLine(); word != null; word = input.readLine()) {
        if (word.equals("end")) {
          gate.countDown();
          end.run();
        } else {
          begin(loop, word);
        }
      }
      System.exit(0);
    } catch (Exception e) {
      fail(e);
    }
  }

  private static void fail(Exception e) {
    e.printStackTrace();
    Runtime.getRuntime().halt(1);
  }

  private static void begin(Loop loop, String name) {
    gate = new CountDownLatch(1);
    holder = new CompletableFuture<>();
    cat = new CompletableFuture<>();
    end = endOf(name);
    var _ =
        loop.submit(() -> {
          async(
              name,
              () -> {
                holder.complete(Thread.currentThread());
                try {
                  hold(name);
                  IO.println("over " + name);
                } catch (Exception e) {
                  fail(e);
                }
              });
        });
  }

  /// What else lets it go on, beside the gate.
  private static VoidBody<Exception> endOf(String name) {
    return switch (name) {
      case "reads", "opens", "loads", "looksUp", "foreign" -> StallProgram::open;
      case "prints", "logs" -> StallProgram::drain;
      case "pipe" -> () -> cat.get().toHandle().destroy(); // leaves its streams open
      case "sleep",
          "take",
          "acquire",
          "latch",
          "get",
          "join",
          "lock",
          "waitFor",
          "socket",
          "http" ->
          () -> holder.get().interrupt();
      default -> () -> {};
    };
  }

  private static void hold(String name) throws Exception {
    switch (name) {
      case "reads" -> reads();
      case "opens" -> opens();
      case "pipe" -> pipe();
      case "prints" -> prints();
      case "logs" -> logs();
      case "loads" -> loads();
      case "looksUp" -> looksUp();
      case "foreign" -> foreign();
      case "othersInitializer" -> othersInitializer();
      case "ownInitializer" -> FirstUse.now();
      case "classLoader" -> classLoader();
      case "monitor" -> monitor();
      case "pinnedMonitor" -> FirstMonitor.now();
      case "pinnedSleep" -> FirstSleep.now();
      case "computes" -> computes();
      case "starves" -> starves();
      case "stops" -> stops();
      default -> waits(name);
    }
  }

  // File I/O

  private static void reads() throws IOException {
    var _ = Files.readString(fifo);
  }

  private static void opens() throws IOException {
    new RandomAccessFile(fifo.toFile(), "r").close();
  }

  private static void pipe() throws IOException {
    Process started = new ProcessBuilder("cat").start();
    cat.complete(started);
    try (InputStream output = started.getInputStream()) {
      var _ = output.read();
    }
  }

  private static void prints() throws IOException {
    try (RandomAccessFile both = new RandomAccessFile(fifo.toFile(), "rw")) {
      new PrintStream(new FileOutputStream(both.getFD())).print("x".repeat(MUCH));
    }
  }

  private static void logs() throws IOException {
    try (RandomAccessFile both = new RandomAccessFile(fifo.toFile(), "rw")) {
      Logger logger = Logger.getAnonymousLogger();
      logger.setUseParentHandlers(false);
      logger.addHandler(
          new StreamHandler(new FileOutputStream(both.getFD()), new SimpleFormatter()));
      logger.info("x".repeat(MUCH));
    }
  }

  private static void loads() throws IOException {
    URL place = Objects.requireNonNull(fifo.getParent()).toUri().toURL();
    String name = fifo.getFileName().toString().replace(".class", "");
    try (URLClassLoader loader = new URLClassLoader(new URL[] {place})) {
      loader.loadClass(name);
    } catch (ClassNotFoundException | ClassFormatError _) {
      // there was none in it
    }
  }

  /// Opens the other end, and writes nothing: who only waited to open it may have closed it since,
  /// which is a broken pipe to a writer.
  private static void open() throws IOException {
    new FileOutputStream(fifo.toFile()).close();
  }

  private static void drain() throws IOException {
    try (FileInputStream in = new FileInputStream(fifo.toFile())) {
      var _ = in.readNBytes(MUCH);
    }
  }

  // Names, and native code

  private static void looksUp() throws IOException {
    try {
      var _ = InetAddress.getAllByName(HOST);
    } catch (UnknownHostException _) {
      // nobody knows it
    }
  }

  @SuppressWarnings("restricted") // the JVM is started with --enable-native-access
  private static void foreign() throws Exception {
    Linker linker = Linker.nativeLinker();
    MethodHandle open =
        linker.downcallHandle(
            linker.defaultLookup().find("fopen").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      var _ = open.invoke(arena.allocateFrom(fifo.toString()), arena.allocateFrom("r"));
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  private static void othersInitializer() {
    CountDownLatch begun = new CountDownLatch(1);
    OthersFirstUse.begun = begun::countDown;
    Thread.ofPlatform().daemon().start(OthersFirstUse::now);
    spinUntilZero(begun);
    OthersFirstUse.now();
  }

  /// Where it can be reached without beginning to initialize [OthersFirstUse.Slow].
  private static final class OthersFirstUse {
    static volatile Runnable begun = () -> {};

    static void now() {
      Slow.now();
    }

    private static final class Slow {
      static {
        begun.run();
        awaitGate();
      }

      static void now() {}
    }
  }

  // Waits that cannot be suspended

  private static final class FirstUse {
    static {
      awaitGate();
    }

    static void now() {}
  }

  private static final class FirstSleep {
    static {
      sleep(Duration.ofMillis(1));
    }

    static void now() {}
  }

  private static final class FirstMonitor {
    static {
      monitor();
    }

    static void now() {}
  }

  /// The JVM itself asks a loader for what the class extends that it is given.
  private static void classLoader() throws Exception {
    Class.forName(Derived.class.getName(), true, new SlowLoader());
  }

  /// In a package of its own for the program, since another loader defines [Derived].
  public static class Base {}

  static final class Derived extends Base {}

  private static final class SlowLoader extends ClassLoader {
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals(Base.class.getName())) {
        awaitGate();
      }
      return name.equals(Derived.class.getName()) ? define(name) : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      try (InputStream in =
          Objects.requireNonNull(StallProgram.class.getClassLoader()).getResourceAsStream(file)) {
        byte[] bytes = Objects.requireNonNull(in).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static void monitor() {
    Object lock = new Object();
    CountDownLatch held = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          synchronized (lock) {
            held.countDown();
            awaitGate();
          }
        });
    spinUntilZero(held);
    synchronized (lock) {
      Objects.requireNonNull(lock); // has it
    }
  }

  private static void spinUntilZero(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // Processors

  private static void computes() {
    while (gate.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  /// Beside so many others that compute that less than half of a processor is left.
  private static void starves() {
    for (int i = 0; i < 3 * Runtime.getRuntime().availableProcessors(); i++) {
      Thread.ofPlatform().daemon().start(StallProgram::computes);
    }
    computes();
  }

  /// Is in one step while the whole JVM stands still.
  private static void stops() throws IOException {
    long pid = ProcessHandle.current().pid();
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "read go; kill -STOP " + pid + "; sleep 1; kill -CONT " + pid)
            .start();
    CountDownLatch done = new CountDownLatch(1);
    var _ = shell.onExit().thenRun(done::countDown);
    try (var input = shell.outputWriter()) {
      input.write("go\n");
    }
    spinUntilZero(done);
  }

  // Waits of the JDK, which the confined engine suspends

  private static void waits(String name) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      switch (name) {
        case "sleep" -> Thread.sleep(LONG);
        case "take" -> new LinkedBlockingDeque<String>().take();
        case "acquire" -> new Semaphore(0).acquire();
        case "latch" -> new CountDownLatch(1).await();
        case "get" -> new CompletableFuture<String>().get();
        case "join" -> Thread.ofPlatform().daemon().start(StallProgram::awaitGate).join();
        case "lock" -> lock();
        case "waitFor" -> waitFor();
        case "socket" -> read(silent);
        case "http" -> ask(silent);
        default -> throw new IllegalArgumentException(name);
      }
    } catch (InterruptedException | IOException _) {
      // that is how these end
    }
  }

  private static void lock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch held = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          lock.lock();
          held.countDown();
          awaitGate();
        });
    spinUntilZero(held);
    lock.lockInterruptibly();
  }

  private static void waitFor() throws IOException, InterruptedException {
    Process cat = new ProcessBuilder("cat").start();
    try {
      cat.waitFor();
    } finally {
      cat.destroy();
    }
  }

  private static void read(ServerSocket silent) throws IOException {
    try (Socket socket = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
      var _ = socket.getInputStream().read();
    }
  }

  private static void ask(ServerSocket silent) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());
    try (HttpClient client = HttpClient.newHttpClient()) {
      client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
