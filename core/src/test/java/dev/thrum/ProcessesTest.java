package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.mapAll;
import static dev.thrum.Async.parallel;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.process.ProcessBody;
import dev.thrum.process.Processes;
import dev.thrum.process.Subprocess;
import dev.thrum.process.TransferException;
import dev.thrum.process.VoidProcessBody;
import dev.thrum.process.WorkerFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Bodies in child JVMs, which are real ones.
@Tag("slow") // starts JVMs
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // some waits bear interrupts
class ProcessesTest {
  private static final String[] QUICK = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"};

  private static final CountDownLatch UNPACKING = new CountDownLatch(1);
  private static final CountDownLatch UNPACKED = new CountDownLatch(1);

  private static Processes pool;
  private static Set<Path> before;

  @TempDir Path folder;

  private static Processes.Builder quick() {
    return Processes.builder().jvmArgs(QUICK);
  }

  @BeforeAll
  static void openPool() {
    before = sockets();
    pool = quick().workers(2).build();
  }

  @AfterAll
  static void closePool() {
    List<ProcessHandle> workers = pool.workers();
    pool.close();
    assertEquals(List.of(), pool.workers());
    assertFalse(workers.stream().anyMatch(ProcessHandle::isAlive), "children that live on");
    Set<Path> left = sockets();
    left.removeAll(before);
    assertEquals(Set.of(), left, "folders that are left");
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static Set<Path> sockets() {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("thrum-"))
          .filter(file -> Files.exists(file.resolve("socket")))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Says in a file which process it is, and never ends.
  private static VoidProcessBody<Exception> endless(Path note) {
    String file = note.toString();
    return () -> {
      Path unfinished = Path.of(file + ".new");
      Files.writeString(unfinished, String.valueOf(pid()));
      Files.move(unfinished, Path.of(file));
      while (true) {
        try {
          Thread.sleep(100_000);
        } catch (InterruptedException _) {
          // whatever one says
        }
      }
    };
  }

  private static ProcessHandle awaitNote(Path note) throws Exception {
    for (int i = 0; !Files.exists(note); i++) {
      assertTrue(i < 4_000, "the body never began");
      Thread.sleep(5);
    }
    return ProcessHandle.of(Long.parseLong(Files.readString(note))).orElseThrow();
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static void awaitEnd(ProcessHandle process) throws Exception {
    var _ = process.onExit().get(10, TimeUnit.SECONDS);
  }

  private static <X extends Throwable> TransferException refused(VoidBody<X> call) {
    return assertThrows(TransferException.class, call::run);
  }

  private static void assertSays(Throwable thrown, String... texts) {
    for (String text : texts) {
      assertTrue(String.valueOf(thrown.getMessage()).contains(text), thrown::toString);
    }
  }

  // Values and exceptions

  @Test
  void aBodyRunsInAnotherJvmAndItsValueComesBack() throws Exception {
    int number = 6;
    List<String> words = new ArrayList<>(List.of("a", "b"));
    VirtualTime.run(() -> {
      background(() -> sleep(ofMinutes(10)));
      checkpoint();
      Instant before = Async.now();
      assertNotEquals(pid(), (long) pool.run(() -> pid()));
      assertEquals(42, pool.run(() -> number * 7));
      assertEquals(List.of("a", "b", "c"), pool.run(() -> joined(words, "c")));
      assertEquals(before, Async.now(), "time does not jump while a process is waited for");
    });
    assertEquals(List.of("a", "b"), words, "what it captures is a copy");
  }

  private static List<String> joined(List<String> words, String more) {
    words.add(more);
    return words;
  }

  @Test
  void aBodyWithoutAValueRunsToo() throws Exception {
    String file = folder.resolve("written").toString();
    Async.run(() -> {
      pool.run(() -> {
        Files.writeString(Path.of(file), "there");
      });
      assertEquals("there", Files.readString(Path.of(file)));
      Integer nothing = pool.run(() -> null);
      assertEquals(null, nothing);
    });
  }

  @Test
  void valuesOfTheJdkComeBackAsTheyAre() throws Exception {
    Map<String, Object> values = values();
    assertEquals(values, pool.run(() -> values()));
    assertEquals(values, pool.run(() -> values), "and go there");
    assertEquals(List.of(3, 2, 1), List.copyOf(pool.run(() -> backwards()).keySet()));
    assertEquals(5_000_000, pool.run(() -> new byte[5_000_000]).length);
    assertEquals(new ArrayList<>(List.of(1, 2)), new ArrayList<>(pool.run(() -> deque())));
    assertEquals("[[1, 2], [3]]", Arrays.deepToString(pool.run(() -> new int[][] {{1, 2}, {3}})));
  }

  private static Map<String, Object> values() {
    Map<String, Object> values = new HashMap<>();
    values.put("decimal", new BigDecimal("1.25"));
    values.put("date", LocalDate.of(2025, 9, 16));
    values.put("list", List.of(1, 2L, 3.0, 'c', "s", true));
    values.put("set", Set.of("one", "two", "three"));
    values.put("map", Map.of(1, List.of(), 2, Map.of("k", "v")));
    values.put("arrays", Arrays.asList("x", null));
    values.put("enums", EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS));
    values.put("enum map", new EnumMap<>(Map.of(TimeUnit.HOURS, 1)));
    values.put("concurrent", new ConcurrentHashMap<>(Map.of("a", 1)));
    values.put("copied", new CopyOnWriteArrayList<>(List.of(1)));
    values.put("uuid", new UUID(1, 2));
    values.put("unmodifiable", java.util.Collections.unmodifiableMap(new TreeMap<>(Map.of(1, 2))));
    values.put("entry", new java.util.AbstractMap.SimpleEntry<>("k", 1));
    return values;
  }

  private static Map<Integer, String> backwards() {
    Map<Integer, String> map = new TreeMap<>(Comparator.reverseOrder());
    map.putAll(Map.of(1, "a", 2, "b", 3, "c"));
    return map;
  }

  private static ArrayDeque<Integer> deque() {
    return new ArrayDeque<>(List.of(1, 2));
  }

  @Test
  void whatWasSentAndWhatIsNestedWithTheBodyComesBack() throws Exception {
    Foreign.Point point = new Foreign.Point(1, Foreign.Color.BLUE, List.of());
    List<Object> more = List.of(point, Foreign.Color.RED);
    Foreign.Point outer = new Foreign.Point(2, Foreign.Color.RED, more);
    assertEquals(outer, pool.run(() -> (Object) outer));
    assertEquals(
        List.of(new Spot(1, Shade.DARK), new Spot(1, Shade.DARK)),
        pool.run(() -> {
          Spot fresh = new Spot(1, Shade.DARK);
          return List.of(fresh, fresh);
        }));
  }

  private enum Shade {
    DARK
  }

  private record Spot(int x, Shade shade) {}

  private record Leading(Foreign.Circle where) {}

  @Test
  void whatTheFieldsOfSuchClassesAreDeclaredAsComesBackToo() throws Exception {
    Object value = pool.run(() -> (Object) new Leading(new Foreign.Circle()));
    assertInstanceOf(Foreign.Circle.class, assertInstanceOf(Leading.class, value).where());
  }

  @Test
  void classLiteralsComeBackIfTheirClassesMayOrHaveNoObjects() throws Exception {
    List<Class<?>> literals = List.of(Object.class, int.class, Runnable.class, int[].class);
    assertEquals(literals, pool.run(() -> List.of(literals.toArray())));
    assertEquals(Object.class, pool.run(() -> (Object) Object.class));
    assertSays(
        refused(() -> pool.run(() -> (Object) Foreign.Trap.class)), "dev.thrum.Foreign$Trap");
  }

  @Test
  void anExceptionComesOutAsItselfWithBothStacks() throws Exception {
    Async.run(() -> {
      IOException thrown = assertThrows(IOException.class, () -> pool.run(() -> failing("boom")));
      assertEquals("boom", thrown.getMessage());
      assertEquals(IllegalStateException.class, thrown.getCause().getClass());
      List<String> stack = Arrays.stream(thrown.getStackTrace()).map(Object::toString).toList();
      assertTrue(stack.getFirst().contains("ProcessesTest.failing"), stack::toString);
      int there = indexOf(stack, "in child JVM ");
      int awaited = indexOf(stack, "awaited by main");
      int here = indexOf(stack, "anExceptionComesOutAsItselfWithBothStacks");
      assertTrue(0 < there && there < awaited && awaited < here, stack::toString);
      assertEquals(-1, indexOf(stack, "dev.thrum.internal."), stack::toString);
    });
  }

  private static int indexOf(List<String> stack, String text) {
    for (int i = 0; i < stack.size(); i++) {
      if (stack.get(i).contains(text)) {
        // the body's own frame is a lambda of the test
        if (!stack.get(i).contains("lambda") || text.startsWith("in ")) {
          return i;
        }
        if (i > 2) {
          return i;
        }
      }
    }
    return -1;
  }

  private static int failing(String text) throws IOException {
    throw new IOException(text, new IllegalStateException("why"));
  }

  @Test
  void anExceptionOfTheProgramTakesItsFieldsAlong() {
    Foreign.Failure thrown =
        assertThrows(
            Foreign.Failure.class,
            () ->
                pool.run(() -> {
                  throw new Foreign.Failure("boom", new Foreign.Plain("detail"));
                }));
    assertEquals("detail", thrown.detail.text);
  }

  @Test
  void anExceptionThatTheBodyDoesNotDeclareComesAsText() {
    ProcessBody<Integer, RuntimeException> body = () -> Foreign.unasked("boom");
    TransferException told = refused(() -> pool.run(body));
    assertSays(told, "failed with dev.thrum.Foreign$Unasked: boom", "throws", "allow");
    Throwable cause = told.getCause();
    assertEquals("dev.thrum.Foreign$Unasked: boom", cause.toString());
    assertEquals("boom", cause.getMessage());
    assertTrue(cause.getStackTrace()[0].toString().contains("Foreign.unasked"));
    try (Processes open = quick().workers(1).allow(Foreign.Unasked.class).build()) {
      assertThrows(Foreign.Unasked.class, () -> open.run(body));
    }
    assertThrows(Foreign.Unasked.class, () -> pool.run(Foreign::unasked));
    assertThrows(Nested.class, () -> pool.run(() -> failingNested()));
  }

  private static final class Nested extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static int failingNested() {
    throw new Nested();
  }

  private static final class Speechless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new AssertionError("no message");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new AssertionError("no stack");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new AssertionError("no cause");
    }
  }

  private static final class Unwritable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Object writeReplace() {
      throw new AssertionError("not to be written");
    }
  }

  @Test
  void anExceptionWhoseOwnMethodsFailIsToldAllTheSame() {
    TransferException told =
        refused(() ->
            pool.run(() -> {
              throw new Speechless();
            }));
    assertSays(told, "ProcessesTest$Speechless");
    TransferException unwritable =
        refused(() ->
            pool.run(() -> {
              throw new Unwritable();
            }));
    assertSays(unwritable, "ProcessesTest$Unwritable", "not to be written");
    assertSays(refused(() -> pool.run(() -> new Unwritable())), "not to be written");
  }

  private static final class Clogged extends PrintStream {
    Clogged() {
      super(OutputStream.nullOutputStream());
    }

    @Override
    public void flush() {
      throw new AssertionError("no flush");
    }
  }

  @Test
  void anOutputThatFailsDoesNotKeepTheValue() {
    try (Processes one = quick().workers(1).build()) {
      int value =
          one.run(() -> {
            System.setOut(new Clogged());
            return 1;
          });
      assertEquals(1, value);
    }
  }

  @Test
  void aCancellationInTheChildIsNoneOfTheCaller() throws Exception {
    Async.run(() -> {
      CancellationException thrown =
          assertThrows(
              CancellationException.class,
              () ->
                  pool.run(() ->
                      Async.run(() -> {
                        Async.current().cancel("enough of it");
                        checkpoint();
                      })));
      assertFalse(thrown instanceof CancelledException, thrown::toString);
      assertSays(thrown, "enough of it");
      checkpoint();
    });
  }

  @Test
  void aBodyMayRunALoopOfItsOwn() throws Exception {
    List<String> answers =
        Async.run(() ->
            pool.run(() ->
                Async.run(() ->
                    gather(
                        () -> parallel(() -> "parallel"),
                        () -> {
                          sleep(ofMillis(1));
                          return Loop.current().engineName();
                        }))));
    assertEquals(List.of("parallel", Engines.name()), answers);
  }

  @Test
  void anInterruptThatABodyLeavesHurtsNobody() throws Exception {
    String done =
        pool.run(() -> {
          Thread.currentThread().interrupt();
          return "done";
        });
    assertEquals("done", done);
    assertFalse(pool.run(() -> Thread.currentThread().isInterrupted()));
  }

  // What cannot go over

  private final int field = 3;

  @Test
  void aBodyThatCannotBeSentIsRefusedBeforeAnyProcessIsTouched() {
    try (Processes idle = quick().build()) {
      TransferException instance = refused(() -> idle.run(() -> field + 1));
      assertSays(instance, "dev.thrum.ProcessesTest", "static");
      Thread thread = Thread.currentThread();
      TransferException captured = refused(() -> idle.run(() -> thread.threadId()));
      assertSays(captured, "java.lang.Thread", "captures");
      List<Object> deep = List.of(Map.of("key", new Object[] {new Loaded(thread)}));
      TransferException nested = refused(() -> idle.run(() -> deep.size()));
      assertSays(nested, "java.lang.Thread", "field thread of dev.thrum.ProcessesTest$Loaded");
      assertEquals(List.of(), idle.workers());
    }
  }

  private record Loaded(Thread thread) implements Serializable {}

  @Test
  void aValueThatCannotBeSentNamesItsClass() {
    TransferException value = refused(() -> pool.run(() -> Optional.of(1)));
    assertSays(value, "value", "java.util.Optional");
    TransferException nested =
        refused(() -> pool.run(() -> List.of(new Loaded(Thread.currentThread()))));
    assertSays(nested, "java.lang.Thread", "field thread");
  }

  private static final class Odd extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"}) // what the test is about
    private final Object thing = new Object();

    Odd(String message) {
      super(message, new IOException("behind it"));
    }
  }

  @Test
  void anExceptionThatCannotBeSentTellsAllTheSame() {
    TransferException told =
        refused(() ->
            pool.run(() -> {
              throw new Odd("boom");
            }));
    assertSays(told, "ProcessesTest$Odd: boom", "java.lang.Object", "field thing");
    Throwable cause = told.getCause();
    assertEquals("dev.thrum.ProcessesTest$Odd: boom", cause.toString());
    assertTrue(cause.getStackTrace()[0].toString().contains("ProcessesTest"));
    assertEquals("java.io.IOException: behind it", cause.getCause().toString());
  }

  @Test
  void aClassThatNobodyAskedForIsRefusedAndNothingOfItRuns() throws Exception {
    TransferException plain = refused(() -> pool.run(() -> Foreign.trap()));
    assertSays(plain, "dev.thrum.Foreign$Trap", "allow");
    TransferException inside = refused(() -> pool.run(() -> List.of(1, Foreign.trap())));
    assertSays(inside, "dev.thrum.Foreign$Trap");
    TransferException smuggled = refused(() -> pool.run(() -> new Foreign.Smuggler()));
    assertSays(smuggled, "dev.thrum.Foreign$Trap");
    TransferException hidden =
        refused(() ->
            pool.run(() -> {
              throw new IllegalStateException(new Carrier(Foreign.trap()));
            }));
    assertSays(hidden, "dev.thrum.Foreign$Trap", "Carrier");
    TransferException lambda =
        refused(() -> pool.run(() -> (Comparator<String> & Serializable) String::compareTo));
    assertSays(lambda, "lambda");
    assertEquals(List.of(), Foreign.SPRUNG);
    assertEquals(1, pool.run(() -> 1), "and the pool goes on");
  }

  @Test
  void nothingThatAnAnswerNamesLetsAnythingElseIn() {
    List<ProcessBody<Object, RuntimeException>> bodies =
        List.of(
            () -> new Object[] {Foreign.Trapper.class, Foreign.trap()},
            () -> Foreign.trapper(),
            () -> Foreign.loudRecord(),
            () -> Foreign.loudEnum());
    for (ProcessBody<Object, RuntimeException> body : bodies) {
      assertSays(refused(() -> pool.run(body)), "dev.thrum.Foreign$");
    }
    assertEquals(List.of(), Foreign.SPRUNG);
  }

  private static final class Carrier extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"}) // what the test is about
    private final Object load;

    Carrier(Object load) {
      super("with " + load.getClass());
      this.load = load;
    }
  }

  @Test
  void whatTheBodyDeclaresOrSendsOrIsAllowedComesIn() throws Exception {
    assertEquals("inside", pool.run(() -> Foreign.holder()).inside.getFirst().text);
    assertInstanceOf(Foreign.Square.class, pool.run(Foreign::holder).shape);
    assertEquals("two", pool.run(Foreign::plains).get(1).text, "from the method's signature");
    assertEquals("sack", pool.run(Foreign::sacks).getFirst().load().text, "a record that holds it");
    assertEquals("new", pool.run(() -> new Foreign.Plain("new")).text);
    Foreign.Plain sent = new Foreign.Plain("sent");
    assertEquals("sent", pool.run(() -> List.of(sent)).getFirst().text);
    assertSays(refused(() -> pool.run(() -> Foreign.plains())), "dev.thrum.Foreign$Plain");
    try (Processes open = quick().allow(Foreign.Plain.class).build()) {
      assertEquals("one", open.run(() -> Foreign.plains()).getFirst().text);
    }
  }

  // Ends that nobody wanted

  @Test
  void aChildThatEndsIsAnExceptionAndThePoolGoesOn() throws Exception {
    Async.run(() -> {
      WorkerFailedException exit =
          assertThrows(WorkerFailedException.class, () -> pool.run(() -> System.exit(7)));
      assertEquals(7, exit.exitStatus());
      assertSays(exit, "exit status 7", "System.exit", String.valueOf(exit.pid()));
      assertTrue(
          Arrays.stream(exit.getStackTrace())
              .anyMatch(frame -> frame.getClassName().startsWith("dev.thrum.ProcessesTest")));
      Path note = folder.resolve("killed");
      Task<?> killed = async(() -> pool.run(endless(note)));
      checkpoint();
      assertTrue(awaitNoteInLoop(note).destroyForcibly());
      WorkerFailedException kill = assertThrows(WorkerFailedException.class, killed::await);
      assertEquals(128 + 9, kill.exitStatus());
      assertSays(kill, "SIGKILL");
      assertEquals(1, pool.run(() -> 1));
    });
  }

  private static ProcessHandle awaitNoteInLoop(Path note) throws Exception {
    return Async.blocking(() -> awaitNote(note));
  }

  @Test
  void aChildWithoutMemoryIsAnExceptionWithTheWayOut() throws Exception {
    WorkerFailedException full =
        assertThrows(WorkerFailedException.class, () -> pool.run(() -> fill().size()));
    assertSays(full, "out of memory", "heap", "-Xmx");
    assertEquals(1, pool.run(() -> 1));
  }

  private static final List<long[]> FULL = new ArrayList<>();

  private static List<long[]> fill() {
    while (!FULL.isEmpty() || FULL.add(new long[0])) {
      FULL.add(new long[100_000]);
    }
    return FULL;
  }

  @Test
  void aChildThatIsKilledWhileIdleIsNoneOfTheNextCaller() throws Exception {
    try (Processes one = quick().workers(1).build()) {
      long first = one.run(() -> pid());
      ProcessHandle child = ProcessHandle.of(first).orElseThrow();
      assertTrue(child.destroyForcibly());
      assertNotEquals(first, (long) one.run(() -> pid()));
    }
  }

  @Test
  void theLastLinesOfStandardErrorAreToldIfTheyAreRead() {
    try (Processes read = quick().workers(1).stderr(Redirect.PIPE).build()) {
      WorkerFailedException ended =
          assertThrows(
              WorkerFailedException.class,
              () ->
                  read.run(() -> {
                    System.err.println("a fatal reason");
                    System.exit(1);
                  }));
      assertSays(ended, "exit status 1", "a fatal reason");
    }
    try (Processes broken = quick().workers(1).stderr(Redirect.PIPE).jvmArgs("-XX:Nope").build()) {
      WorkerFailedException cold = assertThrows(WorkerFailedException.class, broken::warmUp);
      assertSays(cold, "status 1", "-XX:Nope", "VM option");
      WorkerFailedException call =
          assertThrows(WorkerFailedException.class, () -> broken.run(() -> 1));
      assertSays(call, "did not become ready");
      assertEquals(1, call.exitStatus());
    }
  }

  @Test
  void aChildThatTakesTooLongToStartIsGivenUp() {
    try (Processes slow = quick().workers(1).startTimeout(ofMillis(1)).build()) {
      WorkerFailedException late =
          assertThrows(WorkerFailedException.class, () -> slow.run(() -> 1));
      assertSays(late, "too long");
    }
  }

  @Test
  void aChildThatTalksNonsenseIsKilled() throws Exception {
    String nonsense =
        """
        say(0, 0, 0, 0, 'R');
        awaitBody();
        say(0, 0, 0, 0, 'B');
        say(0, 0, 0, 0, '?');
        """;
    compileChild(nonsense);
    try (Processes strange = quick().workers(1).classPath(folder.toString()).build()) {
      WorkerFailedException killed =
          assertThrows(WorkerFailedException.class, () -> strange.run(() -> 1));
      assertSays(killed, "could not be understood, and was killed");
      assertFalse(isAlive(killed.pid()));
    }
  }

  /// Another program in the place of the child's, which does that and then nothing.
  private void compileChild(String script) throws IOException {
    String text =
        """
        package dev.thrum.internal.process;

        public class ChildMain {
          static java.nio.channels.SocketChannel channel;

          static void say(int... bytes) throws Exception {
            for (int one : bytes) {
              channel.write(java.nio.ByteBuffer.wrap(new byte[] {(byte) one}));
            }
          }

          static void awaitBody() throws Exception {
            var in = new java.io.DataInputStream(java.nio.channels.Channels.newInputStream(channel));
            int kind = 0;
            while (kind != 'b') {
              int length = in.readInt();
              kind = in.read();
              in.skipNBytes(length);
            }
          }

          /** Whether this is the first time that a child does it. */
          static boolean isFirst(String name) throws Exception {
            return new java.io.File("FOLDER", name).createNewFile();
          }

          public static void main(String[] arguments) throws Exception {
            var address = java.net.UnixDomainSocketAddress.of(arguments[0]);
            channel = java.nio.channels.SocketChannel.open(address);
            SCRIPT
            Thread.sleep(100_000);
          }
        }
        """
            .replace("FOLDER", folder.toString())
            .replace("SCRIPT", script);
    Path source = Files.writeString(folder.resolve("ChildMain.java"), text);
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString());
    assertEquals(0, compiled);
  }

  @Test
  void aBodyThatTwoChildrenCouldNotBeginWithIsGivenUp() throws Exception {
    compileChild(
        """
        say(0, 0, 0, 0, 'R');
        awaitBody();
        for (int i = 1; !isFirst("child " + i); i++) {}
        System.exit(7);
        """);
    try (Processes dying = quick().workers(1).classPath(folder.toString()).build()) {
      WorkerFailedException lost =
          assertThrows(WorkerFailedException.class, () -> dying.run(() -> 1));
      assertEquals(7, lost.exitStatus());
      assertTrue(Files.exists(folder.resolve("child 2")));
      assertFalse(Files.exists(folder.resolve("child 3")));
    }
  }

  @Test
  void anIdleChildThatStopsInTheMiddleOfAWordIsEnded() throws Exception {
    compileChild(
        """
        say(0, 0, 0, 0, 'R');
        say(0, 0);
        """);
    try (Processes halting = quick().workers(1).classPath(folder.toString()).build()) {
      halting.warmUp();
      Children.assertSoon(List.of(), halting::workers);
    }
  }

  @Test
  void aCallOfALostChildIsDoneNextAndKeepsItsPlace() throws Exception {
    try (Processes one = quick().workers(1).build()) {
      one.warmUp();
      ProcessHandle child = one.workers().getFirst();
      String trail = folder.resolve("trail").toString();
      Async.run(() -> {
        Subprocess.run("kill", "-STOP", Long.toString(child.pid())).check();
        List<Task<?>> calls = new ArrayList<>();
        for (String name : List.of("first ", "second ", "third ")) {
          calls.add(
              async(() ->
                  one.run(() -> {
                    Files.writeString(
                        Path.of(trail), name, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                  })));
          checkpoint();
        }
        child.destroyForcibly();
        for (Task<?> call : calls) {
          await(call);
        }
      });
      assertEquals("first second third ", Files.readString(Path.of(trail)));
    }
  }

  /// Whose classes are its own, and which fails at one resource.
  private static final class FailingLoader extends ClassLoader {
    static final String TABOO = "a resource that it fails at";

    FailingLoader() {
      super(ProcessesTest.class.getClassLoader());
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      if (name.equals(TABOO)) {
        throw new AssertionError(name);
      }
      return super.getResourceAsStream(name);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.equals(Borrower.class.getName()) ? define(name) : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = super.getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /// Leaves a thread that borrows from its parent when the child is idle.
  public static final class Borrower implements ProcessBody<Long, RuntimeException> {
    private static final long serialVersionUID = 1L;
    private final String go;
    private final String done;

    /// Made by reflection.
    public Borrower(String go, String done) {
      this.go = go;
      this.done = done;
    }

    @Override
    public Long call() {
      ClassLoader lender = Thread.currentThread().getContextClassLoader();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              while (!Files.exists(Path.of(go))) {
                Thread.sleep(1);
              }
              boolean found = lender.getResourceAsStream(FailingLoader.TABOO) != null;
              Files.createFile(Path.of(done + found));
            } catch (IOException | InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      return ProcessHandle.current().pid();
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void aLoaderThatFailsWhileAChildIsIdleHurtsNobody() throws Exception {
    Path go = folder.resolve("go");
    Path done = folder.resolve("done ");
    ProcessBody<Long, RuntimeException> body =
        (ProcessBody<Long, RuntimeException>)
            new FailingLoader()
                .loadClass(Borrower.class.getName())
                .getConstructor(String.class, String.class)
                .newInstance(go.toString(), done.toString());
    try (Processes one = quick().workers(1).build()) {
      long child = one.run(body);
      Files.createFile(go);
      Children.assertSoon(true, () -> Files.exists(Path.of(done + "false")));
      assertEquals(child, one.run(() -> pid()));
    }
  }

  @Test
  void ctrlCDoesNotReachABody() throws Exception {
    String done =
        pool.run(() -> {
          String pid = Long.toString(pid());
          assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
          Thread.sleep(100); // the end would take no longer
          return "done";
        });
    assertEquals("done", done);
  }

  // Cancellation

  @Test
  void cancellingTheCallerKillsItsChildAndThePoolGoesOn() throws Exception {
    try (Processes one = quick().workers(1).build()) {
      Path note = folder.resolve("pid");
      Async.run(() -> {
        Task<?> task = async(() -> one.run(endless(note)));
        checkpoint();
        ProcessHandle child = awaitNoteInLoop(note);
        assertTrue(child.isAlive());
        task.cancel("enough");
        assertThrows(CancellationException.class, task::await);
        assertFalse(child.isAlive(), "it is gone when its caller has left");
        assertNotEquals(child.pid(), (long) one.run(() -> pid()));
      });
    }
  }

  /// Takes long to unpack in the parent.
  private static final class Slow implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws IOException {
      try {
        UNPACKING.countDown();
        UNPACKED.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  @Test
  void aCancelledCallerDoesNotWaitUntilItsAnswerIsUnpacked() throws Exception {
    Processes one = quick().workers(1).build();
    try {
      Async.run(() -> {
        Task<?> call = async(() -> one.run(() -> new Slow()));
        Async.blocking(() -> UNPACKING.await());
        List<ProcessHandle> children = one.workers();
        call.cancel("enough");
        assertThrows(CancellationException.class, call::await);
        assertFalse(children.getFirst().isAlive());
        assertEquals(1, one.run(() -> 1), "another one goes on");
        one.close();
        assertEquals(1, UNPACKED.getCount(), "the answer is being unpacked still");
      });
    } finally {
      UNPACKED.countDown();
    }
  }

  @Test
  void aTimeoutEndsABodyThatNeverDoes() throws Exception {
    Path note = folder.resolve("pid");
    Async.run(() -> {
      async(() -> pool.run(() -> 1)).await(); // one is warm
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofMinutes(10),
                  limit -> {
                    async(() -> {
                      var _ = awaitNoteInLoop(note);
                      limit.reschedule(ofSeconds(0));
                    });
                    pool.run(endless(note));
                  }));
    });
    assertFalse(isAlive(Long.parseLong(Files.readString(note))));
  }

  @Test
  void aBodyThatHasNotBegunIsJustDropped() throws Exception {
    try (Processes one = quick().workers(1).build()) {
      Path note = folder.resolve("pid");
      String never = folder.resolve("never").toString();
      Async.run(() -> {
        Task<?> first = async(() -> one.run(endless(note)));
        checkpoint();
        ProcessHandle child = awaitNoteInLoop(note);
        Task<?> second =
            async(() -> one.run(() -> Files.writeString(Path.of(never), "ran").toString()));
        checkpoint();
        second.cancel("not any more");
        assertThrows(CancellationException.class, second::await);
        assertTrue(child.isAlive(), "the other one's child is left alone");
        first.cancel("enough");
        assertThrows(CancellationException.class, first::await);
        assertEquals(1, one.run(() -> 1));
        assertFalse(Files.exists(Path.of(never)));
      });
    }
  }

  @Test
  void whoIsCancelledAlreadyStartsNothing() throws Exception {
    try (Processes idle = quick().build()) {
      Async.run(() -> {
        Task<?> task =
            async(() -> {
              Async.current().cancel("at once");
              idle.run(() -> 1);
            });
        assertThrows(CancellationException.class, task::await);
      });
      assertEquals(List.of(), idle.workers());
    }
  }

  // The pool

  @Test
  void aChildIsUsedAgainAndCallsWaitTheirTurn() throws Exception {
    try (Processes one = quick().workers(1).build()) {
      Async.run(() -> {
        long first = one.run(() -> pid());
        List<String> trail = new ArrayList<>();
        List<Long> pids =
            mapAll(
                List.of(1, 2, 3, 4, 5, 6),
                6,
                number -> {
                  long pid = one.run(() -> pid());
                  trail.add("call " + number);
                  return pid;
                });
        assertEquals(Set.of(first), Set.copyOf(pids));
        assertEquals("[call 1, call 2, call 3, call 4, call 5, call 6]", trail.toString());
      });
    }
  }

  @Test
  void aChildIsReplacedAfterItsLastTaskAndEndsWhenIdle() throws Exception {
    try (Processes two = quick().workers(1).maxTasksPerWorker(2).build()) {
      List<Long> pids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        pids.add(two.run(() -> pid()));
      }
      assertEquals(pids.get(0), pids.get(1));
      assertNotEquals(pids.get(1), pids.get(2));
    }
    try (Processes brief = quick().workers(1).idleTimeout(ofMillis(1)).build()) {
      ProcessHandle child = ProcessHandle.of(brief.run(() -> pid())).orElseThrow();
      awaitEnd(child);
      assertNotEquals(child.pid(), (long) brief.run(() -> pid()));
    }
  }

  @Test
  void warmUpStartsAllOfThem() throws Exception {
    try (Processes two = quick().workers(2).build()) {
      Async.run(() -> two.warmUp());
      Set<Long> warm = pids(two);
      assertEquals(2, warm.size());
      two.warmUp();
      assertEquals(warm, pids(two));
      assertTrue(warm.contains((long) two.run(() -> pid())));
      assertEquals(warm, pids(two), "the last busy one is taken, and no other is started");
    }
  }

  private static Set<Long> pids(Processes pool) {
    return Set.copyOf(pool.workers().stream().map(ProcessHandle::pid).toList());
  }

  @Test
  void closeWaitsForBodiesAndRefusesOthers() throws Exception {
    Processes one = quick().workers(1).build();
    Async.run(() -> {
      Task<String> running = async(() -> one.run(() -> "running"));
      Task<String> waiting = async(() -> one.run(() -> "waiting"));
      checkpoint();
      one.close();
      assertTrue(running.isDone() || !one.workers().isEmpty() || waiting.isDone());
      assertEquals("running", await(running));
      assertEquals("waiting", await(waiting));
      assertEquals(List.of(), one.workers());
      RejectedExecutionException late =
          assertThrows(RejectedExecutionException.class, () -> one.run(() -> 1));
      assertSays(late, "closed");
      assertThrows(RejectedExecutionException.class, one::warmUp);
      one.close();
    });
  }

  @Test
  void closeByACancelledTaskKillsAtOnce() throws Exception {
    Processes one = quick().workers(1).build();
    Path note = folder.resolve("pid");
    Async.run(() -> {
      Task<?> running = async(() -> one.run(endless(note)));
      Task<?> waiting = async(() -> one.run(() -> 1));
      checkpoint();
      ProcessHandle child = awaitNoteInLoop(note);
      Task<?> closer = async(() -> one.close());
      checkpoint();
      closer.cancel("no time");
      await(closer);
      assertFalse(child.isAlive());
      assertSays(assertThrows(CancellationException.class, running::await), "closed");
      assertSays(assertThrows(CancellationException.class, waiting::await), "closed");
    });
    assertEquals(List.of(), one.workers());
  }

  @Test
  void s14_aPoolEndsWithTheLoopThatItWasMadeIn() throws Exception {
    List<Processes> pools = new ArrayList<>();
    Async.run(() -> {
      Processes made = quick().workers(1).build();
      pools.add(made);
      assertEquals(1, made.run(() -> 1));
      assertEquals(1, made.workers().size());
    });
    assertEquals(List.of(), pools.getFirst().workers());
    assertThrows(RejectedExecutionException.class, () -> pools.getFirst().run(() -> 1));
  }

  @Test
  void s14_aPoolThatIsClosedLeavesNothing() throws Exception {
    oneLife();
    long threads = threads();
    long files = openFiles();
    for (int i = 0; i < 3; i++) {
      oneLife();
    }
    for (int i = 0; threads() > threads && i < 400; i++) {
      Thread.sleep(5); // a pool's thread tells of its end before it ends
    }
    assertTrue(threads() <= threads);
    assertTrue(openFiles() <= files + 2, () -> files + " became " + openFiles());
  }

  private static void oneLife() {
    try (Processes brief = quick().workers(1).build()) {
      assertEquals(1, brief.run(() -> 1));
    }
  }

  private static long threads() {
    return threads("thrum-").size();
  }

  private static long openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    } catch (IOException _) {
      return 0;
    }
  }

  // Plain threads

  @Test
  void aPlainThreadBlocksAndAnInterruptIsItsCancellation() throws Exception {
    Path note = folder.resolve("pid");
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    CountDownLatch left = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                assertEquals(2, pool.run(() -> 1 + 1));
                pool.run(endless(note));
              } catch (Throwable e) {
                thrown.complete(e);
              }
              left.countDown();
            });
    ProcessHandle child = awaitNote(note);
    thread.interrupt();
    assertInstanceOf(CancellationException.class, thrown.get(10, TimeUnit.SECONDS));
    assertTrue(left.await(10, TimeUnit.SECONDS));
    assertFalse(child.isAlive());
  }

  // Parents and children

  /// A program that runs a body and is killed in the middle of it.
  static final class Parent {
    private Parent() {}

    static void main(String[] arguments) throws Exception {
      Processes.process(endless(Path.of(arguments[0])));
    }
  }

  @Test
  void childrenEndWithTheirParentAlsoIfItIsKilled() throws Exception {
    Path note = folder.resolve("pid");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(QUICK));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Parent.class.getName(), note.toString()));
    Process parent =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      ProcessHandle child = awaitNote(note);
      try {
        assertTrue(child.isAlive());
        parent.destroyForcibly();
        awaitEnd(child);
      } finally {
        child.destroyForcibly();
      }
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aChildHasTheSystemPropertiesOfItsParent() {
    System.setProperty("dev.thrum.test", "from the parent");
    System.setProperty("dev.thrum.test.own", "from the parent");
    try (Processes own = quick().workers(1).jvmArgs("-Ddev.thrum.test.own=from a flag").build()) {
      assertEquals("from the parent", own.run(() -> System.getProperty("dev.thrum.test")));
      assertEquals("from a flag", own.run(() -> System.getProperty("dev.thrum.test.own")));
    } finally {
      System.clearProperty("dev.thrum.test");
      System.clearProperty("dev.thrum.test.own");
    }
  }

  @Test
  void whatItPrintsGoesWhereItIsSent() throws Exception {
    Path log = folder.resolve("log");
    try (Processes printing = quick().workers(1).stdout(Redirect.to(log.toFile())).build()) {
      printing.run(() -> {
        System.out.print("printed, no newline");
      });
      assertEquals("printed, no newline", Files.readString(log));
    }
  }

  @Test
  void aProgramThatKeepsTheOutputOfAChildHoldsUpNothing() throws Exception {
    Children children = new Children();
    ProcessHandle sleeper;
    try (Processes read = quick().workers(1).stderr(Redirect.PIPE).build()) {
      sleeper =
          ProcessHandle.of(
                  read.run(() -> new ProcessBuilder("sleep", "60").inheritIO().start().pid()))
              .orElseThrow();
    }
    try {
      children.assertGone();
      Children.assertSoon(List.of(), () -> threads("thrum-process-output"));
      assertTrue(sleeper.isAlive());
    } finally {
      sleeper.destroyForcibly();
    }
  }

  private static List<String> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  @Test
  void theSharedPoolIsThereForAllAndNobodyClosesIt() throws Exception {
    ProcessBody<Integer, RuntimeException> body = () -> 7;
    assertEquals(7, Async.run(() -> Processes.process(body)));
    Processes.shared().close();
    assertEquals(7, Processes.process(body));
    assertEquals(1, Processes.shared().workers().size());
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    Processes.Builder builder = Processes.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.workers(0));
    assertThrows(IllegalArgumentException.class, () -> builder.maxTasksPerWorker(0));
    assertThrows(IllegalArgumentException.class, () -> builder.idleTimeout(ofSeconds(0)));
    assertThrows(IllegalArgumentException.class, () -> builder.startTimeout(ofSeconds(-1)));
    assertThrows(
        IllegalArgumentException.class, () -> builder.stdout(Redirect.from(folder.toFile())));
    assertThrows(NullPointerException.class, () -> pool.run((ProcessBody<?, ?>) null));
  }
}
