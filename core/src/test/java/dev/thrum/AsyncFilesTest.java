package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.timeoutOr;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.time.Duration.ofHours;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.file.AsyncFile;
import dev.thrum.file.AsyncFiles;
import dev.thrum.file.Reading;
import dev.thrum.process.Subprocess;
import dev.thrum.stream.Generator;
import dev.thrum.stream.Publishers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Files beside the loop, with real ones.
@ParameterizedClass(name = "{0}")
@EnumSource
class AsyncFilesTest {
  private final Tidy tidy;

  @TempDir Path folder;

  AsyncFilesTest(Tidy tidy) {
    this.tidy = tidy;
  }

  /// Also after a cancellation no file is open, and no temporary one stays.
  @AfterEach
  void nothingIsLeft() throws IOException {
    Children.assertSoon(List.of(), () -> Children.open(folder.toString()));
    try (var all = Files.walk(folder)) {
      assertEquals(List.of(), all.filter(path -> path.toString().endsWith(".tmp")).toList());
    }
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(file(name), content);
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  /// A file whose reader waits until the test writes to it.
  private Path namedPipe() throws IOException {
    Path pipe = file("pipe");
    Subprocess.run("mkfifo", pipe.toString()).check();
    return pipe;
  }

  private static void awaitEither(Task<?> task) {
    try {
      var _ = await(task);
    } catch (CancellationException _) {
      assertTrue(task.isCancelled());
    }
  }

  // Whole files

  @Test
  void whatIsWrittenIsRead() throws Exception {
    tidy.run(() -> {
      Path path = file("text");
      AsyncFiles.writeString(path, "Grüße\n");
      assertEquals("Grüße\n", AsyncFiles.readString(path));
      AsyncFiles.append(path, "more");
      AsyncFiles.append(path, new byte[] {'!'});
      assertEquals("Grüße\nmore!", Files.readString(path));
      AsyncFiles.write(path, "Grüße".getBytes(ISO_8859_1));
      assertEquals("Grüße", AsyncFiles.readString(path, ISO_8859_1));
      assertEquals(5, AsyncFiles.readAllBytes(path).length);
      assertThrows(CharacterCodingException.class, () -> AsyncFiles.readString(path));
      assertThrows(
          FileAlreadyExistsException.class, () -> AsyncFiles.writeString(path, "x", CREATE_NEW));
    });
  }

  @Test
  void aFailureIsThatOfTheSystemWithTheCallersStack() throws Exception {
    tidy.run(() -> {
      NoSuchFileException failure =
          assertThrows(NoSuchFileException.class, () -> AsyncFiles.readString(file("nothing")));
      assertEquals(file("nothing").toString(), failure.getMessage());
      List<String> classes =
          Arrays.stream(failure.getStackTrace()).map(StackTraceElement::getClassName).toList();
      assertTrue(classes.contains("awaited by main"), classes.toString());
      assertTrue(classes.contains(AsyncFilesTest.class.getName()), classes.toString());
    });
  }

  @Test
  void theLoopGoesOnMeanwhileAndItsClockStandsStill() throws Exception {
    Path pipe = namedPipe();
    tidy.run(() -> {
      Task<String> reading =
          async(() -> timeoutOr(ofHours(1), "too late", () -> AsyncFiles.readString(pipe)));
      for (int i = 0; i < 100; i++) {
        checkpoint();
      }
      blocking(() -> Files.writeString(pipe, "at last"));
      assertEquals("at last", await(reading));
    });
  }

  @Test
  void aPlainThreadCanDoAllThis() throws Exception {
    Path path = file("text");
    AsyncFiles.writeString(path, numbers(10));
    List<String> lines = new ArrayList<>();
    try (Reading<String> reading = AsyncFiles.lines(path)) {
      reading.forEach(lines::add);
    }
    assertEquals(10, lines.size());
    AsyncFiles.writeAtomically(path, "new");
    assertEquals("new", AsyncFiles.readString(path));
    FutureTask<Boolean> interrupted =
        new FutureTask<>(() -> {
          Thread.currentThread().interrupt();
          assertThrows(CancellationException.class, () -> AsyncFiles.readString(path));
          return Thread.currentThread().isInterrupted();
        });
    Thread.ofPlatform().start(interrupted);
    assertTrue(interrupted.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aCancelledTaskBeginsNothing() throws Exception {
    Path path = file("text");
    tidy.run(() -> {
      Task<?> writing =
          async(() -> {
            Async.current().cancel("enough");
            AsyncFiles.writeString(path, "x");
          });
      assertThrows(CancellationException.class, () -> await(writing));
    });
    assertFalse(Files.exists(path));
  }

  @Test
  void aCancelledReadOfAPipeThatSaysNothingEndsAtOnce() throws Exception {
    Path pipe = namedPipe();
    tidy.run(() -> {
      Task<String> reading = async(() -> AsyncFiles.readString(pipe));
      try (OutputStream writer = blocking(() -> Files.newOutputStream(pipe))) {
        for (int i = 0; i < 10; i++) {
          blocking(() -> Thread.sleep(1));
        }
        reading.cancel("enough");
        assertThrows(CancellationException.class, () -> await(reading));
        assertThrows(IOException.class, () -> writer.write(1));
      }
    });
  }

  // Lines, chunks, paths

  @Test
  void linesEndAsThoseOfABufferedReader() throws Exception {
    Path path = file("text", "one\ntwo\r\nthree\rfour\n\nlast");
    tidy.run(() -> {
      assertEquals(List.of("one", "two", "three", "four", "", "last"), all(AsyncFiles.lines(path)));
      assertEquals(List.of(), all(AsyncFiles.lines(file("empty", ""))));
      assertEquals(
          List.of("Grüße"),
          all(
              AsyncFiles.lines(
                  Files.write(file("latin"), "Grüße".getBytes(ISO_8859_1)), ISO_8859_1)));
    });
  }

  private static <T> List<T> all(Reading<T> reading) {
    List<T> all = new ArrayList<>();
    try (reading) {
      reading.forEach(all::add);
    }
    return all;
  }

  @Test
  void aLargeFileComesLineByLineInOrder() throws Exception {
    Path path = file("text", numbers(200_000));
    tidy.run(() -> {
      int expected = 0;
      for (String line : AsyncFiles.lines(path)) {
        assertEquals(Integer.toString(expected++), line);
      }
      assertEquals(200_000, expected);
    });
  }

  @Test
  void aLineOfAPipeComesAsSoonAsItIsThere() throws Exception {
    Path pipe = namedPipe();
    tidy.run(() -> {
      Task<Reading<String>> opening = async(() -> AsyncFiles.lines(pipe));
      try (OutputStream writer = blocking(() -> Files.newOutputStream(pipe));
          Reading<String> lines = await(opening)) {
        Iterator<String> iterator = lines.iterator();
        for (String line : List.of("one", "two")) {
          writer.write((line + "\n").getBytes(ISO_8859_1));
          assertEquals(line, iterator.next());
        }
      }
    });
  }

  @Test
  void aLineOfAPipeIsNotHeldBackByOneThatHasBegun() throws Exception {
    Path pipe = namedPipe();
    tidy.run(() -> {
      Task<Reading<String>> opening = async(() -> AsyncFiles.lines(pipe));
      Iterator<String> iterator;
      try (OutputStream writer = blocking(() -> Files.newOutputStream(pipe))) {
        iterator = await(opening).iterator();
        writer.write("one\r\ntw".getBytes(ISO_8859_1));
        assertEquals("one", iterator.next());
        writer.write("o\r".getBytes(ISO_8859_1));
        assertEquals("two", iterator.next());
        writer.write("\n\nthree".getBytes(ISO_8859_1));
        assertEquals("", iterator.next());
      }
      assertEquals("three", iterator.next());
      assertFalse(iterator.hasNext());
    });
  }

  @Test
  void chunksHaveTheSizeAskedForButTheLast() throws Exception {
    Path path = file("text", numbers(10_000));
    byte[] content = Files.readAllBytes(path);
    tidy.run(() -> {
      List<byte[]> chunks = all(AsyncFiles.chunks(path, 10_000));
      assertEquals((content.length + 9_999) / 10_000, chunks.size());
      ByteBuffer joined = ByteBuffer.allocate(content.length);
      chunks.forEach(joined::put);
      assertArrayEquals(content, joined.array());
      assertEquals(10_000, chunks.getFirst().length);
      assertEquals(content.length % 10_000, chunks.getLast().length);
      assertThrows(IllegalArgumentException.class, () -> AsyncFiles.chunks(path, 0));
    });
  }

  @Test
  void whatIsNoTextIsAnErrorOfTheIteratorThatClosesTheFile() throws Exception {
    Path path = Files.write(file("binary"), new byte[] {'a', '\n', -1});
    tidy.run(() -> {
      UncheckedIOException failure =
          assertThrows(
              UncheckedIOException.class,
              () -> {
                for (String line : AsyncFiles.lines(path)) {
                  assertEquals("a", line);
                }
              });
      assertInstanceOf(CharacterCodingException.class, failure.getCause());
    });
  }

  @Test
  void aReadingIsIteratedOnceAndNotAfterItsClose() throws Exception {
    Path path = file("text", "one\ntwo\n");
    tidy.run(() -> {
      Reading<String> lines = AsyncFiles.lines(path);
      Iterator<String> iterator = lines.iterator();
      assertEquals("one", iterator.next());
      String once = assertThrows(IllegalStateException.class, lines::iterator).getMessage();
      assertTrue(once.startsWith("the lines of " + path + " can be iterated once"), once);
      assertEquals("two", iterator.next());
      assertFalse(iterator.hasNext());
      assertThrows(NoSuchElementException.class, iterator::next);
      lines.close();
      lines.close();
      assertThrows(IllegalStateException.class, iterator::hasNext);
      assertThrows(IllegalStateException.class, lines::iterator);
      AsyncFiles.lines(path).close();
    });
  }

  @Test
  void aLoopThatIsCancelledClosesTheFile() throws Exception {
    Path path = file("text", numbers(100_000));
    tidy.run(() -> {
      Task<?> reading =
          async(() -> {
            int count = 0;
            for (var _ : AsyncFiles.lines(path)) {
              if (++count == 1_000) {
                Async.current().cancel("enough");
              }
            }
          });
      assertThrows(CancellationException.class, () -> await(reading));
      Children.assertSoon(List.of(), () -> Children.open(folder.toString()));
    });
  }

  @Test
  void aLoopThatIsLeftClosesTheFileWithTry() throws Exception {
    Path path = file("text", numbers(100_000));
    tidy.run(() -> {
      try (Reading<String> lines = AsyncFiles.lines(path)) {
        assertEquals("0", lines.iterator().next());
      }
      assertEquals(List.of(), Children.open(folder.toString()));
    });
  }

  @Test
  void whoTakesOnlyTheFirstLineOfAPublisherLeavesNoFileOpen() throws Exception {
    Path path = file("text", numbers(100_000));
    tidy.run(() -> {
      assertEquals("0", await(Publishers.<String>of(AsyncFiles.lines(path))));
      Children.assertSoon(List.of(), () -> openAfterATurn());
      try (var lines = Generator.<String>of(y -> y.emitAll(AsyncFiles.lines(path))).iterator()) {
        assertEquals("0", lines.next());
      }
      assertEquals(List.of(), Children.open(folder.toString()));
    });
  }

  private List<String> openAfterATurn() {
    checkpoint();
    return Children.open(folder.toString());
  }

  @Test
  void aTaskThatReadsLinesLetsOthersRun() throws Exception {
    Path path = file("text", numbers(10_000));
    tidy.run(() -> {
      Task<?> reading = async(() -> all(AsyncFiles.lines(path)));
      int turns = 0;
      while (!reading.isDone()) {
        checkpoint();
        turns++;
      }
      assertTrue(turns > 10_000 / 128, "turns: " + turns);
    });
  }

  // An open file

  @Test
  void aFileIsReadAndWrittenAtItsPosition() throws Exception {
    tidy.run(() -> {
      try (AsyncFile file = AsyncFiles.open(file("data"), CREATE, READ, WRITE)) {
        file.write("hello world");
        assertEquals(11, file.position());
        file.seek(6);
        assertEquals("wor", text(file.read(3)));
        assertEquals("ld", text(file.read(1_000_000)));
        assertEquals(0, file.read(1).length);
        file.writeAt(0, "J".getBytes(ISO_8859_1));
        assertEquals("Jello", text(file.readAt(0, 5)));
        assertEquals(0, file.readAt(100, 5).length);
        file.truncate(5);
        assertEquals(5, file.size());
        file.seek(1);
        assertEquals("ello", text(file.readAll()));
        ByteBuffer buffer = ByteBuffer.allocate(3);
        file.seek(0);
        assertEquals(3, file.read(buffer));
        file.write(buffer.flip());
        file.force();
        assertEquals("JelJel", Files.readString(file.path()));
        assertThrows(IllegalArgumentException.class, () -> file.read(0));
        assertThrows(IllegalArgumentException.class, () -> file.seek(-1));
      }
    });
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  @Test
  void aLargeWriteIsReadBack() throws Exception {
    byte[] much = new byte[3_000_001];
    for (int i = 0; i < much.length; i++) {
      much[i] = (byte) (i * 31 + i / 251);
    }
    tidy.run(() -> {
      try (AsyncFile file = AsyncFiles.open(file("data"), CREATE, READ, WRITE)) {
        file.write(much);
        assertArrayEquals(much, file.readAt(0, Integer.MAX_VALUE));
        file.seek(0);
        assertArrayEquals(much, file.read(Integer.MAX_VALUE));
        file.seek(0);
        assertArrayEquals(much, file.readAll());
      }
      AsyncFiles.writeAtomically(file("other"), much);
      assertArrayEquals(much, AsyncFiles.readAllBytes(file("other")));
    });
  }

  @Test
  void afterTheCloseAFileCannotBeUsed() throws Exception {
    Path path = file("text", "x");
    tidy.run(() -> {
      AsyncFile file = AsyncFiles.open(path);
      assertTrue(file.isOpen());
      file.close();
      file.close();
      assertFalse(file.isOpen());
      String message = assertThrows(IllegalStateException.class, () -> file.read(1)).getMessage();
      assertTrue(message.startsWith("file " + path + " has been closed"), message);
      assertThrows(NoSuchFileException.class, () -> AsyncFiles.open(file("nothing")));
    });
  }

  @Test
  void aFileThatIsNotOpenForItSaysSo() throws Exception {
    Path path = file("text", "x");
    tidy.run(() -> {
      try (AsyncFile reader = AsyncFiles.open(path)) {
        String message =
            assertThrows(IllegalStateException.class, () -> reader.write("y")).getMessage();
        assertTrue(message.endsWith("needs another option at open(path, options…): READ, WRITE"));
      }
      try (AsyncFile log = AsyncFiles.open(path, APPEND)) {
        log.write("y");
      }
      assertEquals("xy", Files.readString(path));
    });
  }

  @Test
  void severalTasksUseAFileOneAfterTheOther() throws Exception {
    tidy.run(() -> {
      try (AsyncFile file = AsyncFiles.open(file("data"), CREATE, WRITE)) {
        List<Task<?>> writers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          String line = i + "-".repeat(i * 1_000) + "\n";
          writers.add(async(() -> file.write(line)));
        }
        Async.awaitAll(writers);
      }
      List<String> lines = Files.readAllLines(file("data"));
      for (int i = 0; i < 20; i++) {
        assertEquals(i + "-".repeat(i * 1_000), lines.get(i));
      }
    });
  }

  @Test
  void aCancelledOperationLeavesARegularFileOpenForTheCleanup() throws Exception {
    tidy.run(() -> {
      Task<?> writing =
          async(() -> {
            try (AsyncFile file = AsyncFiles.open(file("data"), CREATE, WRITE)) {
              try {
                file.write(new byte[50_000_000]);
                checkpoint();
              } finally {
                shield(() -> {
                  file.truncate(0);
                  file.seek(0);
                  file.write("cancelled");
                });
              }
            }
          });
      while (!Files.exists(file("data")) || Files.size(file("data")) == 0) {
        checkpoint();
      }
      writing.cancel("enough");
      assertThrows(CancellationException.class, () -> await(writing));
      assertEquals("cancelled", Files.readString(file("data")));
    });
  }

  @Test
  void aCancelledReadOfAnOpenPipeClosesIt() throws Exception {
    Path pipe = namedPipe();
    tidy.run(() -> {
      try (AsyncFile file = AsyncFiles.open(pipe, READ, WRITE)) {
        file.write("ab");
        assertEquals("ab", text(file.read(100)));
        Task<byte[]> reading = async(() -> file.read(1));
        for (int i = 0; i < 10; i++) {
          blocking(() -> Thread.sleep(1));
        }
        reading.cancel("enough");
        assertThrows(CancellationException.class, () -> await(reading));
        String message = assertThrows(IllegalStateException.class, () -> file.read(1)).getMessage();
        assertTrue(message.contains("was closed by a cancelled operation"), message);
      }
    });
  }

  @Test
  void aCloseWakesWhoReads() throws Exception {
    Path pipe = namedPipe();
    tidy.run(() -> {
      AsyncFile file = AsyncFiles.open(pipe, READ, WRITE);
      Task<byte[]> reading = async(() -> file.read(1));
      for (int i = 0; i < 10; i++) {
        blocking(() -> Thread.sleep(1));
      }
      file.close();
      assertThrows(IllegalStateException.class, () -> await(reading));
    });
  }

  // At once or not at all

  @Test
  void anAtomicWriteReplacesAFileAndKeepsItsPermissions() throws Exception {
    Path path = file("text", "old");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(file("link"), path.getFileName());
    tidy.run(() -> {
      AsyncFiles.writeAtomically(link, "new");
      assertEquals("new", Files.readString(path));
      assertTrue(Files.isSymbolicLink(link));
      assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      AsyncFiles.writeAtomically(file("fresh"), "Grüße");
      assertEquals("Grüße", Files.readString(file("fresh")));
      AsyncFiles.writeAtomically(
          path,
          file -> {
            file.write("by ");
            file.write("parts");
            assertEquals("new", Files.readString(path));
          });
      assertEquals("by parts", Files.readString(path));
    });
  }

  @Test
  void anAtomicWriteBehindALinkToNothingCreatesWhatItNames() throws Exception {
    Path link = Files.createSymbolicLink(file("link"), Path.of("other"));
    Path further = Files.createSymbolicLink(file("further"), link);
    Path round = Files.createSymbolicLink(file("round"), Path.of("round"));
    tidy.run(() -> {
      AsyncFiles.writeAtomically(further, "new");
      assertEquals("new", Files.readString(file("other")));
      assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(further));
      assertThrows(IOException.class, () -> AsyncFiles.writeAtomically(round, "x"));
      assertTrue(Files.isSymbolicLink(round));
    });
  }

  @Test
  void anAtomicWriteOfASecretIsReadableByNobodyElseAtAnyTime() throws Exception {
    Path secret = file("secret", "old");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Set<String> seen = new TreeSet<>();
    AtomicBoolean over = new AtomicBoolean();
    Thread spy =
        Thread.ofPlatform()
            .start(() -> {
              while (!over.get()) {
                spyOnTemporaryFiles(seen);
              }
            });
    tidy.run(() -> {
      for (int i = 0; i < 30; i++) {
        AsyncFiles.writeAtomically(secret, "new");
      }
    });
    over.set(true);
    spy.join();
    assertTrue(Set.of("rw-------").containsAll(seen), seen.toString());
  }

  private void spyOnTemporaryFiles(Set<String> seen) {
    try (var paths = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path path : paths) {
        seen.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      }
    } catch (IOException _) {
      // It is gone already.
    }
  }

  @Test
  void anAtomicWriteThatFailsChangesNothing() throws Exception {
    Path path = file("text", "old");
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      assertSame(
          boom,
          assertThrows(
              IOException.class,
              () ->
                  AsyncFiles.writeAtomically(
                      path,
                      file -> {
                        file.write("new");
                        throw boom;
                      })));
      assertEquals(0, boom.getSuppressed().length);
      Task<?> writing =
          async(() ->
              AsyncFiles.writeAtomically(
                  path,
                  file -> {
                    file.write("new");
                    Async.current().cancel("enough");
                  }));
      assertThrows(CancellationException.class, () -> await(writing));
      assertEquals("old", Files.readString(path));
      assertEquals(List.of(path), AsyncFiles.list(folder));
      assertThrows(
          NoSuchFileException.class, () -> AsyncFiles.writeAtomically(file("no/such/folder"), "x"));
      assertThrows(IOException.class, () -> AsyncFiles.writeAtomically(Path.of("/"), "x"));
    });
  }

  @Test
  void anAtomicWriteThatIsCancelledAnywhereLeavesTheOldOrTheNew() throws Exception {
    Path path = file("text", "old");
    byte[] large = new byte[20_000_000];
    tidy.run(() -> {
      Set<Long> sizes = new TreeSet<>();
      for (int turns = 0; turns < 12; turns++) {
        Task<?> writing = async(() -> AsyncFiles.writeAtomically(path, large));
        for (int i = 0; i < turns; i++) {
          blocking(() -> Thread.sleep(1));
        }
        writing.cancel("enough");
        awaitEither(writing);
        sizes.add(Files.size(path));
        assertEquals(1, AsyncFiles.list(folder).size());
      }
      assertTrue(Set.of(3L, 20_000_000L).containsAll(sizes), sizes.toString());
    });
  }

  // Folders and names

  @Test
  void foldersAndNames() throws Exception {
    tidy.run(() -> {
      Path deep = file("a/b/c");
      AsyncFiles.createDirectories(deep);
      AsyncFiles.writeString(deep.resolve("text"), "x");
      AsyncFiles.copy(deep.resolve("text"), file("copy"));
      AsyncFiles.move(file("copy"), file("moved"));
      assertTrue(AsyncFiles.exists(file("moved")));
      assertFalse(AsyncFiles.exists(file("copy")));
      assertEquals(1, AsyncFiles.size(file("moved")));
      assertTrue(AsyncFiles.attributes(deep).isDirectory());
      assertEquals(Set.of(file("a"), file("moved")), Set.copyOf(AsyncFiles.list(folder)));
      assertEquals(
          Set.of(
              folder, file("a"), file("a/b"), file("a/b/c"), deep.resolve("text"), file("moved")),
          Set.copyOf(all(AsyncFiles.walk(folder))));
      assertEquals(3, all(AsyncFiles.walk(folder, 1)).size());
      AsyncFiles.delete(file("moved"));
      assertFalse(AsyncFiles.deleteIfExists(file("moved")));
      assertThrows(NoSuchFileException.class, () -> AsyncFiles.delete(file("moved")));
      Path temporary = AsyncFiles.createTempFile(folder, "x", ".txt");
      assertTrue(AsyncFiles.deleteIfExists(temporary));
      assertTrue(Files.isDirectory(AsyncFiles.createTempDirectory(folder, "x")));
      assertThrows(NoSuchFileException.class, () -> AsyncFiles.list(file("nothing")));
      assertThrows(NoSuchFileException.class, () -> AsyncFiles.walk(file("nothing")));
      assertThrows(NullPointerException.class, () -> AsyncFiles.list(null));
    });
  }

  @Test
  void aWalkOfManyFiles() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      Files.createFile(file("file-" + i));
    }
    tidy.run(() -> assertEquals(1_001, all(AsyncFiles.walk(folder)).size()));
  }

  @Test
  void aCopyThatIsCancelledIsCutShort() throws Exception {
    tidy.run(() -> {
      Path large = file("large");
      try (AsyncFile file = AsyncFiles.open(large, CREATE, WRITE)) {
        file.writeAt(400_000_000, new byte[1]);
      }
      Task<?> copying = async(() -> AsyncFiles.copy(large, file("copy")));
      blocking(() -> Thread.sleep(1));
      copying.cancel("enough");
      awaitEither(copying);
      assertTrue(!Files.exists(file("copy")) || Files.size(file("copy")) == 400_000_001);
    });
  }
}
