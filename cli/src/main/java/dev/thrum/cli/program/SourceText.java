package dev.thrum.cli.program;

import java.net.URI;
import java.net.URISyntaxException;
import javax.lang.model.SourceVersion;
import javax.tools.SimpleJavaFileObject;

/// A [Source] as javac reads it. Its file may have any name, and a public class in it another one.
final class SourceText extends SimpleJavaFileObject {
  private final Source source;
  private final String text;

  SourceText(Source source) {
    this(source, source.text());
  }

  private SourceText(Source source, String text) {
    super(uri(source), Kind.SOURCE);
    this.source = source;
    this.text = text;
  }

  /// With a `main` at its end.
  static SourceText withMain(Source source) {
    return new SourceText(source, source.text() + "\nvoid main() {}\n");
  }

  /// A compact source file's class is named after the file, as far as that makes a Java name.
  private static URI uri(Source source) {
    String name = source.path().getFileName().toString();
    if (name.endsWith(".java")) {
      name = name.substring(0, name.length() - ".java".length());
    }
    if (!SourceVersion.isName(name) || name.indexOf('.') >= 0) {
      name = "_" + name.replaceAll("[^\\p{javaJavaIdentifierPart}]", "_");
    }
    try {
      return new URI("source", null, "/" + name + ".java", null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return text;
  }

  @Override
  public String getName() {
    return source.name();
  }

  @Override
  public boolean isNameCompatible(String simpleName, Kind kind) {
    return kind == Kind.SOURCE;
  }
}
