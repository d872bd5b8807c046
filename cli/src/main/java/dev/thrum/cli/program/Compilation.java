package dev.thrum.cli.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DiagnosticListener;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Compiles a source file, and the files of the same source tree that it refers to, into memory.
/// Warnings are left to whoever builds the program with javac.
final class Compilation {
  private static final List<String> OPTIONS =
      List.of("-proc:none", "-implicit:class", "-Xprefer:source", "-nowarn", "-g", "-parameters");

  private static final String NO_MAIN = "compiler.err.implicit.class.does.not.have.main.method";

  private final Source source;
  private final Map<Path, String> beside = new LinkedHashMap<>();
  private @Nullable String mainClass;
  private boolean hasMain = true;

  Compilation(Source source) {
    this.source = source;
  }

  /// Writes the program as a [ProgramJar], if there is no error.
  void run(OutputStream out) throws ProgramException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw ProgramException.usage("this Java has no compiler; set JAVA_HOME to a JDK");
    }
    try (var files = compiler.getStandardFileManager(null, null, UTF_8)) {
      Program program = compile(compiler, files);
      ProgramJar.write(out, program, new Inputs(Inputs.surroundings(source), source, beside));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program compile(JavaCompiler compiler, StandardJavaFileManager files)
      throws ProgramException {
    var messages = new StringWriter();
    var classes = new CompiledClasses(files);
    if (!task(compiler, classes, messages, null, new SourceText(source)).call()) {
      if (!lacksMainAlone(compiler, files)) {
        throw ProgramException.compilation(messages.toString().stripTrailing());
      }
      hasMain = false;
      classes = new CompiledClasses(files);
      messages = new StringWriter();
      if (!task(compiler, classes, messages, null, SourceText.withMain(source)).call()) {
        throw ProgramException.compilation(messages.toString().stripTrailing());
      }
    }
    if (mainClass == null) {
      throw ProgramException.usage(
          "'" + source.name() + "' has no main method; a program starts at void main() { … }");
    }
    return new Program(mainClass, hasMain, classes.byName());
  }

  private JavacTask task(
      JavaCompiler compiler,
      CompiledClasses classes,
      Writer messages,
      @Nullable DiagnosticListener<JavaFileObject> listener,
      SourceText text) {
    beside.clear();
    var javac =
        (JavacTask) compiler.getTask(messages, classes, listener, OPTIONS, null, List.of(text));
    javac.addTaskListener(new Listener(javac, classes.files()));
    return javac;
  }

  /// A compact source file has to have a `main` in Java, and need not have one to be served.
  private boolean lacksMainAlone(JavaCompiler compiler, StandardJavaFileManager files) {
    var errors = new DiagnosticCollector<JavaFileObject>();
    var classes = new CompiledClasses(files);
    var _ = task(compiler, classes, Writer.nullWriter(), errors, new SourceText(source)).call();
    return errors.getDiagnostics().stream()
        .filter(it -> it.getKind() == Diagnostic.Kind.ERROR)
        .allMatch(it -> NO_MAIN.equals(it.getCode()));
  }

  /// Learns about the program while javac is at it.
  private final class Listener implements TaskListener {
    private final JavacTask javac;
    private final StandardJavaFileManager files;
    private @Nullable CompilationUnitTree first;

    Listener(JavacTask javac, StandardJavaFileManager files) {
      this.javac = javac;
      this.files = files;
    }

    @Override
    public void finished(TaskEvent event) {
      CompilationUnitTree unit = event.getCompilationUnit();
      if (event.getKind() == TaskEvent.Kind.PARSE && first == null) {
        first = unit;
        lookBeside(sourceRoot(unit));
      } else if (event.getKind() == TaskEvent.Kind.PARSE) {
        JavaFileObject file = event.getSourceFile();
        beside.put(Path.of(file.toUri()), text(file));
      } else if (event.getKind() == TaskEvent.Kind.ANALYZE && unit == first && mainClass == null) {
        mainClass = MainClass.in(unit, javac);
        if (mainClass == null) {
          hasMain = false;
          mainClass = MainClass.first(unit, javac);
        }
      }
    }

    private void lookBeside(@Nullable Path root) {
      if (root != null) {
        try {
          files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(root));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /// The folder that holds the file's package, or `null` if the file does not lie where its package
  /// belongs. Relative where it can be, since messages name files by it.
  private @Nullable Path sourceRoot(CompilationUnitTree unit) {
    Path root = source.path().getParent();
    if (unit.getPackageName() != null) {
      Path belongs = Path.of(unit.getPackageName().toString().replace('.', '/'));
      if (root == null || !root.endsWith(belongs)) {
        return null;
      }
      for (int i = 0; root != null && i < belongs.getNameCount(); i++) {
        root = root.getParent();
      }
    }
    Path here = Path.of("").toAbsolutePath();
    return root != null && root.startsWith(here) ? here.relativize(root) : root;
  }

  private static String text(JavaFileObject file) {
    try {
      return file.getCharContent(true).toString();
    } catch (IOException _) {
      return "";
    }
  }
}
