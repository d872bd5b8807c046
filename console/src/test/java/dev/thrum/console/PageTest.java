package dev.thrum.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/// The page in a browser, over a pretended program with 100,000 tasks.
@Tag("one-engine")
@Tag("browser")
final class PageTest {

  private final FakeProgram program = new FakeProgram();
  private Console console;

  @BeforeEach
  void open() throws IOException {
    console = Console.builder().source(program).allowCancel().start();
    Browser.open(console.url());
    Browser.untilText("#status", "Live");
  }

  @AfterEach
  void close() {
    console.close();
  }

  @Test
  void theTokenLeavesTheAddressAndNothingIsRefusedByThePolicy() throws IOException {
    for (String view : Browser.VIEWS) {
      Browser.showFilled(view);
    }
    assertEquals(null, Browser.address().getQuery());
    assertEquals(List.of(), Browser.complaints());
  }

  @Test
  void theLoopsAreShownWithChartsAndTheTimesOfTheirSteps() throws IOException {
    Browser.untilText("tbody tr:nth-child(1)", "loop-1");
    Browser.untilText("tbody tr:nth-child(2)", "loop-2");
    Browser.until("charts", () -> Browser.count(".chart canvas") == 3);
    Browser.until("bars", () -> Browser.count(".bar") == 25);
    Browser.click("#over option[value=Infinity]");
    Browser.untilText(".histogram .note", "99 % at most");
    Browser.clickText("tbody tr", "loop-2");
    Browser.until("one line", () -> Browser.count(".chart:first-child .values span") == 1);
  }

  @Test
  void theTasksAreSortedFilteredAndCutIntoPages() {
    Browser.show("tasks");
    Browser.untilText("#summary", "1–100 of 100,049 tasks");
    Browser.click("#on");
    Browser.untilText("#summary", "101–200 of 100,049");
    Browser.clickText("th button", "CPU");
    Browser.untilText("#summary", "1–100 of");
    Browser.untilText("tbody tr:first-child", "metrics");
    Browser.press("/");
    Browser.type("#filter", "fetch-1");
    Browser.untilText("#summary", "1–10 of 10 matching, 100,049 in all");
    Browser.clear("#filter");
    Browser.type("#filter", "nothing of that name");
    Browser.untilText(".empty", "No task matches");
  }

  @Test
  void namesAreTextEverywhere() {
    Browser.show("tasks");
    Browser.type("#filter", "onerror");
    Browser.untilText("#summary", "1 of 1");
    assertTrue(Browser.text("tbody tr").contains(FakeProgram.HOSTILE));
    Browser.click("tbody tr");
    Browser.untilText("#details h2", FakeProgram.HOSTILE);
    assertEquals(0, Browser.count("#view img, #details img"));
    assertFalse(Browser.title().contains("broken"));
  }

  @Test
  void aHundredThousandTasksInTheTreeAreAFewRows() throws IOException {
    Browser.show("tree");
    Browser.untilText(".tree", "main");
    Browser.untilText(".tree", "sessions");
    Browser.openRow("sessions");
    Browser.untilText(".tree", "session-17");
    Browser.untilText("#summary", "100,049 rows");
    Browser.picture("tree");
    Browser.type(".tree", Keys.END);
    Browser.untilText(".tree", "fetch-41");
    assertTrue(Browser.count(".row") < 60, "rows in the page");
    assertTrue(
        (Long)
                Browser.run(
                    """
                    const began = performance.now();
                    const tree = document.querySelector(".tree");
                    for (let i = 0; i < 50; i++) {
                      tree.scrollTop = i * 40000;
                      tree.dispatchEvent(new Event("scroll"));
                    }
                    return Math.round(performance.now() - began);
                    """)
            < 2000,
        "50 jumps take less than two seconds");
    Browser.type(".tree", Keys.HOME);
    Browser.type(".tree", Keys.ARROW_LEFT);
    Browser.untilText("#summary", "42 rows");
  }

  @Test
  void aDeadlockIsNamedAndRed() throws IOException {
    Browser.show("waits");
    Browser.untilText(
        ".cycles", "Deadlock: transfer A to B → mutex \"account B\" → transfer B to A");
    assertEquals(4, Browser.count(".edge.red"));
    assertEquals(4, Browser.count(".node.red"));
    Browser.click("[data-id='loop-1/5']");
    Browser.untilText("#details h2", "transfer A to B");
    Browser.untilText("#details", "shop.Accounts.transfer(Accounts.java:88)");
    Browser.press(Keys.ESCAPE);
    Browser.click("[data-id='like fetch → t3']");
    Browser.untilText("#summary", "40 of 40 matching");
  }

  @Test
  void aTaskIsCancelledOnlyWithAReason() throws IOException {
    Browser.openTask("janitor");
    Browser.untilText("#details", "shop.Server.background");
    Browser.click("#details .cancel");
    Browser.click("#details .danger");
    assertEquals(List.of(), program.cancelled());
    Browser.type("#details input", "no use & no pity");
    Browser.click("#details .danger");
    Browser.untilText("#details .answer", "It was told to cancel.");
    assertEquals(List.of("loop-1/4: no use & no pity"), program.cancelled());
    Browser.press(Keys.ESCAPE);
    Browser.until("a closed panel", () -> Browser.text("#details").isEmpty());
  }

  @Test
  void withoutLeaveThereIsNoButtonToCancel() throws IOException {
    try (Console looking = Console.builder().source(program).start()) {
      Browser.open(looking.url());
      Browser.show("tasks");
      Browser.click("tbody tr");
      Browser.untilText("#details", "Stack");
      assertEquals(0, Browser.count("#details .cancel"));
    }
  }

  @Test
  void aStallShowsItsStackOnAClick() throws IOException {
    Browser.show("stalls");
    Browser.untilText("summary", "session-12");
    Browser.click("summary");
    Browser.untilText("details[open] .stack", "shop.Prices.recalculate(Prices.java:131)");
    Browser.untilText("details[open]", "put checkpoint() into the loop");
  }

  @Test
  void whilePausedNothingMovesAndAnotherViewIsStillShown() throws IOException {
    Browser.press("p");
    Browser.untilText("#status", "Paused");
    Browser.show("things");
    Browser.untilText(".card", "account A");
    Browser.untilText("#status", "Paused");
    String before = Browser.text("#program");
    Browser.show("timers");
    Browser.untilText("tbody", "sleep");
    Browser.press("p");
    Browser.untilText("#status", "Live");
    Browser.until("a new time", () -> !Browser.text("#program").equals(before));
  }

  @Test
  void aProgramThatIsGoneAndAConnectionThatIsLostAreTold() throws IOException {
    program.fail(new UndeclaredThrowableException(new IOException("connection refused")));
    Browser.untilText("#banner", "The program has gone.");
    program.fail(new IllegalStateException("broken"));
    Browser.untilText("#banner", "The program could not answer");
    console.close();
    Browser.untilText("#banner", "The connection is lost");
  }

  @Test
  void itLooksGoodInBothThemesAndWidths() throws IOException {
    Browser.run(
        "const i = document.getElementById('interval'); i.value = 500; i.dispatchEvent(new Event('change'))");
    Browser.until(
        "some points in the charts",
        () -> Browser.text(".chart:nth-child(3) .values").contains("%"));
    Browser.run("document.activeElement.blur()");
    for (String theme : List.of("light", "dark")) {
      Browser.theme(theme);
      for (String view : Browser.VIEWS) {
        Browser.showFilled(view);
        Browser.picture(view + "-" + theme);
      }
      Browser.show("tasks");
      Browser.clickText("tbody tr", "accept");
      Browser.untilText("#details", "Stack");
      Browser.picture("details-" + theme);
      Browser.size(400, 800);
      Browser.picture("narrow-details-" + theme);
      Browser.press(Keys.ESCAPE);
      for (String view : List.of("loops", "tasks", "tree", "waits", "stalls")) {
        Browser.showFilled(view);
        Browser.picture("narrow-" + view + "-" + theme);
      }
      Browser.wide();
    }
  }
}
