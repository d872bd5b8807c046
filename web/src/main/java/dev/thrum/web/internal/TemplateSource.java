package dev.thrum.web.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Where templates are.
public sealed interface TemplateSource {

  /// Reads a template, which blocks.
  ///
  /// @param name its name
  /// @return its text
  /// @throws NoSuchFileException if it is not there
  /// @throws IOException if it cannot be read
  String read(String name) throws IOException;

  /// A folder.
  ///
  /// @param folder the folder, absolute and normal
  record Folder(Path folder) implements TemplateSource {
    @Override
    public String read(String name) throws IOException {
      try {
        Path file = folder.resolve(name).normalize();
        if (file.startsWith(folder)) {
          return Files.readString(file);
        }
      } catch (InvalidPathException _) {
        // there can be no such file
      }
      throw new NoSuchFileException(name);
    }

    @Override
    public String toString() {
      return folder.toString();
    }
  }

  /// Resources of a program.
  ///
  /// @param beside a class of the program
  /// @param folder what is before the names, with the slash at its end
  record Resources(Class<?> beside, String folder) implements TemplateSource {
    @Override
    public String read(String name) throws IOException {
      if (!("/" + name + "/").contains("/../")) {
        try (InputStream in = beside.getResourceAsStream(folder + name)) {
          if (in != null) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
          }
        }
      }
      throw new NoSuchFileException(name);
    }

    @Override
    public String toString() {
      return "the resources in " + folder;
    }
  }
}
