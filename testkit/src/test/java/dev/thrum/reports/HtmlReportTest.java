package dev.thrum.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.programs.Program;
import dev.thrum.programs.Programs;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Verdict;
import dev.thrum.testkit.internal.HtmlReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HtmlReportTest {
  static Stream<Program> programs() {
    return Failures.programs();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void eachPageIsWellFormedAndNeedsNothingElse(Program program) {
    for (var body : List.of(program.buggy(), program.fixed())) {
      String html = Explorer.explore(Explorer.options().schedules(50), body).html();
      Page.of(html);
      String elsewhere = html.replace("xmlns=\"http://www.w3.org/", "").replace("url(#", "");
      for (String way : List.of("<script", "http:", "https:", " src=", "@import", "url(")) {
        assertFalse(elsewhere.contains(way), () -> way + " in the page of " + program);
      }
    }
  }

  @Test
  void theSwitchThatDecidesStandsInFrontAndInTheSchedule() {
    Verdict.Failed verdict = Failures.bankTransfer();
    Page page = Page.of(verdict.html());
    assertEquals("no money is lost", page.text("//h1"));
    assertEquals("java.lang.AssertionError", page.text("//header/p[2]"));
    assertTrue(page.text("//header").contains("LostUpdates.java:"), page.text("//header"));
    String flip = page.text("//section[@class='flip']");
    assertTrue(flip.contains("It fails because step "), flip);
    String row = page.text("//section[@class='flip']//a/@href").substring(1);
    assertTrue(
        page.text("//tr[@id='" + row + "']/@class").contains("leaves turn"),
        () -> page.text("//tr[@id='" + row + "']/@class"));
    assertTrue(page.text("//tr[@id='" + row + "']").contains("this switch decides"));
    assertEquals(1, page.count("//span[@class='mark']"));
    assertEquals(
        "@Replay(\"" + verdict.replay() + "\")", page.text("//pre[@class='copy']").strip());
  }

  @Test
  void eachTaskHasAColumnAndEachStepABox() {
    Page page = Page.of(Failures.bankTransfer().html());
    assertEquals(
        List.of("step", "main", "task-2 [1]", "task-3 [2]", "task-4 [3]"),
        page.texts("//thead//th"));
    String first = page.text("//tr[@id='step-1']/td[1]");
    assertTrue(
        first.matches("mainstarts→ LostUpdates\\.java:\\d+.*waits for the end of its children"),
        first);
    assertEquals(2, page.count("//div[@class='box fails']"));
    assertTrue(page.count("//div[@class='box cancelled'][contains(., 'ends, cancelled')]") > 0);
    assertEquals(0, page.count("//svg[@role='img']"));
  }

  @Test
  void aDeadlockIsDrawn() {
    Page page = Page.of(Failures.of("dining_3", Explorer.Strategy.ONE_DELAY).html());
    assertTrue(page.text("//h1").startsWith("deadlock: every task waits"), page.text("//h1"));
    assertEquals(4, page.count("//g[@class='task']"));
    assertEquals(4, page.count("//g[@class='thing']"));
    assertEquals(4, page.count("//path[@class='waits']"));
    assertEquals(3, page.count("//path[@class='holds']"));
    assertEquals(3, page.count("//ul[@class='classes']/li[starts-with(., 'orphan wait: ')]"));
    String main = page.text("//summary[starts-with(., 'main')]");
    assertTrue(
        main.matches(
            "main → the end of its children \\(at Deadlocks\\.java:\\d+, .*\\)"
                + " → task-2 \\[1], task-3 \\[2], task-4 \\[3]"),
        main);
  }

  @Test
  void aCycleIsARing() {
    Page page = Page.of(Failures.twoLocks().html());
    assertEquals(2, page.count("//g[@class='task ring']"));
    assertEquals(2, page.count("//g[@class='thing ring']"));
    assertEquals(2, page.count("//path[@class='waits ring']"));
    assertEquals(2, page.count("//path[@class='holds ring']"));
    String cycle = page.text("//ul[@class='classes']");
    assertTrue(cycle.startsWith("cycle: task-"), cycle);
  }

  @Test
  void timersAndTheClockAreMarkedInWords() {
    Page page = Page.of(Failures.lostItem().html());
    assertEquals(
        List.of("the clock begins at 0 s", "the clock is at 10 ms"),
        page.texts("//tr[@class='band']"));
    assertEquals(2, page.count("//div[@class='box fire'][contains(., 'its timer fires')]"));
    Page early = Page.of(Failures.earlyClock().html());
    assertEquals(
        1, early.count("//div[@class='box skew'][contains(., 'the clock goes on early')]"));
  }

  @Test
  void cancellationsAreMarkedInWords() {
    Page page = Page.of(Failures.leakWhenCancelled().html());
    assertEquals(
        1,
        page.count("//div[@class='box cancel'][contains(., 'is cancelled by the exploration')]"));
  }

  @Test
  void namesAndMessagesAreEscaped() {
    String html = Failures.oddNames().html();
    assertFalse(html.contains("<i>"));
    Page page = Page.of(html);
    assertEquals("a < b && \"c\" > 'd' \uFFFD \uFFFD </h1>\nline 2", page.text("//h1"));
    assertTrue(page.texts("//thead//th").contains("<i>&\"' [1]"));
  }

  @Test
  void aLongScheduleIsCut() {
    String html = Failures.longRun(5_000).html();
    assertTrue(html.length() < 500_000, () -> "it has " + html.length() + " characters");
    Page page = Page.of(html);
    assertEquals(1, page.count("//tr[@class='gap']"));
    assertTrue(page.text("//tr[@class='gap']").endsWith(" steps are left out"));
    assertEquals(1, page.count("//tr[@id='step-1']"));
    assertTrue(page.text("(//tr[starts-with(@id, 'step-')])[last()]").endsWith("fails"));
  }

  @Test
  void aPassSaysHowMuchWasTried() {
    Verdict verdict = Explorer.explore(Programs.named("account").fixed());
    Page page = Page.of(verdict.html());
    assertEquals(1, page.count("//header[@class='passed']"));
    assertTrue(page.text("//h1").contains("schedule"), page.text("//h1"));
    assertEquals(
        String.format(java.util.Locale.ROOT, "%,d", verdict.schedules()), page.text("//dd[1]"));
  }

  @Test
  void whatWasNotControlledIsListed() {
    String note = "real time: <init> at Clock.java:1 waited by the machine's clock";
    String html = HtmlReport.passed("SAMPLED", 2, Duration.ofMillis(1), 0, List.of(note));
    assertEquals(List.of(note), Page.of(html).texts("//ul[@class='notes']/li"));
  }

  @Test
  void aPageIsWrittenIntoNewFoldersAndReplaced(@TempDir Path folder) throws IOException {
    Verdict verdict = Failures.bankTransfer();
    Path file = folder.resolve("a/b/report.html");
    assertEquals(file, verdict.writeHtml(file));
    assertEquals(verdict.html(), Files.readString(file));
    Files.writeString(file, "something else");
    verdict.writeHtml(file);
    assertEquals(verdict.html(), Files.readString(file));
    try (Stream<Path> files = Files.list(folder.resolve("a/b"))) {
      assertEquals(List.of(file), files.toList());
    }
    assertThrows(IOException.class, () -> verdict.writeHtml(file.resolve("below/a/file")));
  }
}
