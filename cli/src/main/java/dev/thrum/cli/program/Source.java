package dev.thrum.cli.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// The source file that a program starts from.
///
/// @param name what the user calls it
/// @param path where it is; for standard input, where it would be
/// @param text what is in it
record Source(String name, Path path, String text) {

  static Source read(String argument) throws ProgramException {
    try {
      if (argument.equals("-")) {
        return new Source(
            "<stdin>", Path.of("stdin").toAbsolutePath(), decode(System.in.readAllBytes()));
      }
      Path path = Path.of(argument).toAbsolutePath().normalize();
      if (!Files.exists(path)) {
        throw ProgramException.usage(missing(argument));
      }
      if (Files.isDirectory(path)) {
        throw ProgramException.usage(
            "'" + argument + "' is a folder; name a Java source file in it");
      }
      return new Source(argument, path, decode(Files.readAllBytes(path)));
    } catch (InvalidPathException _) {
      throw ProgramException.usage("'" + argument + "' is no file name");
    } catch (AccessDeniedException _) {
      throw ProgramException.usage("'" + argument + "' may not be read; look at its permissions");
    } catch (CharacterCodingException _) {
      throw ProgramException.usage("'" + argument + "' is not Java source text in UTF-8");
    } catch (IOException e) {
      throw ProgramException.usage("'" + argument + "' cannot be read: " + e.getMessage());
    }
  }

  private static String missing(String argument) {
    String completed = argument + ".java";
    return "there is no file '"
        + argument
        + (Files.exists(Path.of(completed)) ? "'; did you mean '" + completed + "'?" : "'");
  }

  /// A first line `#!/usr/bin/env …` becomes a comment, so that lines keep their numbers.
  private static String decode(byte[] bytes) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    return text.startsWith("#!") ? "//" + text.substring(2) : text;
  }
}
