package dev.thrum.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/// Whole files, by channels that an interrupt closes: those that `Files` itself reads and writes by
/// do not react to any.
final class Contents {
  private static final Set<OpenOption> REPLACE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);

  private Contents() {}

  static InputStream open(Path path) throws IOException {
    return Channels.newInputStream(Files.newByteChannel(path));
  }

  static byte[] read(Path path) throws IOException {
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    }
  }

  static String read(Path path, Charset charset) throws IOException {
    return charset.newDecoder().decode(ByteBuffer.wrap(read(path))).toString();
  }

  static void write(Path path, ByteBuffer bytes, OpenOption... options) throws IOException {
    try (WritableByteChannel channel = Files.newByteChannel(path, withWrite(options))) {
      Slices.write(channel, bytes);
    }
  }

  private static Set<OpenOption> withWrite(OpenOption... options) {
    if (options.length == 0) {
      return REPLACE;
    }
    Set<OpenOption> all = new HashSet<>();
    Collections.addAll(all, options);
    all.add(StandardOpenOption.WRITE);
    return all;
  }

  static ByteBuffer encode(CharSequence text, Charset charset) throws CharacterCodingException {
    return charset.newEncoder().encode(CharBuffer.wrap(text));
  }
}
