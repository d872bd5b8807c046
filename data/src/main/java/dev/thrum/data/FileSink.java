package dev.thrum.data;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// A file that grows beside its name and gets it when it is complete.
///
/// The state is how long it was; to go on there, what came after is cut off.
///
/// @param file where it will be
/// @param format writes elements
/// @param head what it begins with
record FileSink<T>(String file, Format<T> format, String head) implements Sink<T> {
  private static final int BUFFER = 1 << 16;

  /// Writes elements.
  interface Format<T> extends Serializable {

    /// Begins to append elements to a text.
    Appender<T> on(StringBuilder out);
  }

  /// Appends elements to a text.
  interface Appender<T> {

    /// Appends one.
    void append(T element) throws IOException;
  }

  @Override
  public String name() {
    return Path.of(file).getFileName().toString();
  }

  @Override
  public Writer<T> open(Optional<Serializable> state) throws IOException {
    Path target = Path.of(file).toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Path folder = target.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    if (Files.isDirectory(target)) {
      throw new FileAlreadyExistsException(file, null, "a folder is in the place of the file");
    }
    return new Writing<>(this, target, part, state.map(Long.class::cast));
  }

  private static final class Writing<T> implements Writer<T> {
    private final Path target;
    private final Path part;
    private final Optional<FileChannel> channel;
    private final StringBuilder text = new StringBuilder();
    private final Appender<T> appender;

    Writing(FileSink<T> sink, Path target, Path part, Optional<Long> state) throws IOException {
      this.appender = sink.format().on(text);
      this.target = target;
      this.part = part;
      boolean shown = state.isPresent() && !Files.exists(part) && Files.exists(target);
      this.channel = shown ? Optional.empty() : Optional.of(grown(part, state));
      if (state.isEmpty()) {
        text.append(sink.head());
      }
    }

    private static FileChannel grown(Path part, Optional<Long> state) throws IOException {
      FileChannel channel =
          FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        long length = state.orElse(0L);
        if (channel.size() < length) {
          throw new IOException(
              part + " is shorter than the checkpoint says: somebody has changed it");
        }
        return channel.truncate(length).position(length);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }

    @Override
    public void write(List<T> elements) throws IOException {
      for (T element : elements) {
        appender.append(element);
        if (text.length() > BUFFER) {
          flush();
        }
      }
    }

    private void flush() throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      text.setLength(0);
      while (bytes.hasRemaining()) {
        int _ = part().write(bytes);
      }
    }

    @Override
    public Serializable prepare() throws IOException {
      flush();
      part().force(true);
      return part().position();
    }

    private FileChannel part() throws IOException {
      return channel.orElseThrow(
          () -> new IOException(part + " is gone, and the job is not at its end"));
    }

    @Override
    public void finish() throws IOException {
      if (channel.isPresent()) {
        flush();
        channel.get().force(true);
        channel.get().close();
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }

    @Override
    public void abandon() throws IOException {
      close();
      boolean _ = Files.deleteIfExists(part);
    }

    @Override
    public void close() throws IOException {
      if (channel.isPresent()) {
        channel.get().close();
      }
    }
  }
}
