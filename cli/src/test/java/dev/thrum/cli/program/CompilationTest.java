package dev.thrum.cli.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A source file becomes a program, or a list of mistakes.
class CompilationTest {
  @TempDir private Path folder;

  private Program compile(String text) throws ProgramException {
    var out = new ByteArrayOutputStream();
    new Compilation(new Source("a.java", folder.resolve("a.java"), text)).run(out);
    return ProgramJar.read(out.toByteArray());
  }

  @Test
  void aCompactFileNeedsNoMain() throws ProgramException {
    Program program = compile("int one() { return 1; }");
    assertEquals("a", program.mainClass());
    assertFalse(program.hasMain());
  }

  @Test
  void whatIsFoundAfterTheLackOfAMainIsAMistakeToo() {
    ProgramException failure =
        assertThrows(
            ProgramException.class, () -> compile("void one() { throw new Exception(\"x\"); }\n"));
    assertEquals(1, failure.status());
    assertEquals(
        """
        a.java:1: error: unreported exception Exception; must be caught or declared to be thrown
        void one() { throw new Exception("x"); }
                     ^
        1 error\
        """,
        failure.getMessage());
  }

  @Test
  void theOtherTopLevelClassesOfTheFileAreKnown() throws Exception {
    Program program =
        compile("class A { class Inner {} } interface B {} record C() { enum Inner { D } }");
    Class<?> first = program.define();
    assertEquals("A", first.getName());
    assertEquals(List.of("B", "C"), program.besides(first).stream().map(Class::getName).toList());
  }
}
