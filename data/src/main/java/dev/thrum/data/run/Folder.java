package dev.thrum.data.run;

import static dev.thrum.Async.blocking;

import dev.thrum.data.PipelineException;
import dev.thrum.file.AsyncFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The folder with the checkpoints of a job. All of it blocks, but for [#write].
///
/// A file with the name of a checkpoint is whole; a sum tells if the disk has changed it since. The
/// one before is kept until the next.
final class Folder {
  private static final int MAGIC = 0x5448524d;
  private static final int VERSION = 1;
  private static final int KEPT = 2;
  private static final String SUFFIX = ".checkpoint";

  private final Path path;
  private final String job;
  private final Codec codec;

  /// @param job what the job is: another one cannot go on from its checkpoints
  Folder(Path path, String job, Codec codec) {
    this.path = path;
    this.job = job;
    this.codec = codec;
  }

  Optional<Saved> latest() throws IOException {
    Files.createDirectories(path);
    List<Path> all = all();
    IOException broken = null;
    for (Path file : all) {
      try {
        return Optional.of(read(file));
      } catch (IOException e) {
        broken = e;
      }
    }
    if (broken != null) {
      throw new PipelineException(
          "no checkpoint in " + path + " can be read; without the folder the job begins anew",
          broken);
    }
    return Optional.empty();
  }

  private List<Path> all() throws IOException {
    try (var files = Files.list(path)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed())
          .toList();
    }
  }

  private Saved read(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    if (all.length < Long.BYTES) {
      throw new IOException(file + " is cut off");
    }
    int length = all.length - Long.BYTES;
    CRC32C sum = new CRC32C();
    sum.update(all, 0, length);
    try (var in = new DataInputStream(new ByteArrayInputStream(all, length, Long.BYTES))) {
      if (in.readLong() != sum.getValue()) {
        throw new IOException(file + " is not as it was written");
      }
    }
    try (var in = new DataInputStream(new ByteArrayInputStream(all, 0, length))) {
      if (in.readInt() != MAGIC || in.readInt() != VERSION) {
        throw new IOException(file + " is no checkpoint of this version");
      }
      String other = in.readUTF();
      if (!other.equals(job)) {
        throw new PipelineException(
            "the checkpoints in "
                + path
                + " are of another job: "
                + other
                + "; this one is: "
                + job
                + ". Give it a folder of its own.",
            null);
      }
      long id = in.readLong();
      boolean finishing = in.readBoolean();
      int count = in.readInt();
      Map<String, byte[]> states = new HashMap<>();
      for (int i = 0; i < count; i++) {
        String stage = in.readUTF();
        states.put(stage, in.readNBytes(in.readInt()));
      }
      return new Saved(id, finishing, states, codec);
    }
  }

  /// In a task.
  void write(Saved saved) throws IOException {
    AsyncFiles.writeAtomically(
        path.resolve("%012d%s".formatted(saved.id(), SUFFIX)), summed(content(saved)));
    blocking(() -> {
      force();
      for (Path old : all().stream().skip(KEPT).toList()) {
        Files.deleteIfExists(old);
      }
    });
  }

  private static byte[] summed(byte[] content) {
    CRC32C sum = new CRC32C();
    sum.update(content);
    return ByteBuffer.allocate(content.length + Long.BYTES)
        .put(content)
        .putLong(sum.getValue())
        .array();
  }

  private byte[] content(Saved saved) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeUTF(job);
      out.writeLong(saved.id());
      out.writeBoolean(saved.finishing());
      out.writeInt(saved.states().size());
      for (var state : saved.states().entrySet()) {
        out.writeUTF(state.getKey());
        out.writeInt(state.getValue().length);
        out.write(state.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /// Has the system note the names of its files.
  private void force() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// The job is done: the next run begins anew.
  void clear() throws IOException {
    for (Path file : all().reversed()) { // the last one, which says that all is written, at last
      Files.deleteIfExists(file);
    }
    try (var left = Files.newDirectoryStream(path, ".*" + SUFFIX + ".*.tmp")) {
      for (Path part : left) {
        Files.deleteIfExists(part);
      }
    }
  }
}
