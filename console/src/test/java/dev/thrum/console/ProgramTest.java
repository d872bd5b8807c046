package dev.thrum.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/// The page in a browser, over a program that runs, with 100,000 tasks of this JVM.
@Tag("one-engine")
@Tag("browser")
final class ProgramTest {

  private static Crowd crowd;
  private static Console console;

  @BeforeAll
  static void start() throws IOException {
    crowd = new Crowd();
    console = Console.builder().allowCancel().start();
  }

  @AfterAll
  static void close() throws InterruptedException {
    console.close();
    crowd.close();
  }

  @BeforeEach
  void open() {
    Browser.open(console.url());
    Browser.untilText("[data-view=tasks] .badge", "100,0");
    Browser.untilText("#status", "Live");
  }

  @Test
  void everyViewIsUnderstood() throws IOException {
    for (String view : Browser.VIEWS) {
      Browser.showFilled(view);
      assertEquals(0, Browser.count(".refused"), view);
      Browser.picture("program-" + view);
    }
    assertEquals(List.of(), Browser.complaints());
  }

  @Test
  void theLoopIsShownWithItsSteps() {
    Browser.untilText(".loops tbody", "100,0");
    Browser.until(
        "steps per second", () -> Browser.text(".loops td:nth-child(7)").matches("[1-9].*"));
    Browser.click("#over option[value=Infinity]");
    Browser.untilText(".histogram .note", "99 % at most");
  }

  @Test
  void aTaskIsFoundAndItsStackShown() {
    Browser.findTask("late");
    Browser.untilText("tbody", "mutex door, held by task porter");
    Browser.click("tbody tr");
    Browser.untilText("#details .stack", "dev.thrum.console.Crowd");
    Browser.clickText("#details .link", "porter");
    Browser.untilText("#details h2", "porter");
    Browser.untilText("#details", "mutex door");
    Browser.press(Keys.ESCAPE);
    Browser.clear("#filter");
    Browser.type("#filter", "stranger");
    Browser.untilText("tbody", "<b>stranger</b>");
    assertEquals(0, Browser.count("tbody b"));
  }

  @Test
  void theTreeOpensAHundredThousandTasks() {
    Browser.show("tree");
    Browser.untilText(".tree", "party");
    Browser.openRow("party");
    Browser.untilText("#row-20", "guest");
    Browser.run("const tree = document.querySelector('.tree'); tree.scrollTop = 26 * 50_000");
    Browser.untilText("#row-50003", "guest");
    assertTrue(Browser.count(".row") < 60, "rows in the page");
  }

  @Test
  void whatWaitsForWhatIsDrawn() {
    Browser.show("waits");
    Browser.untilText(".graph", "late");
    Browser.untilText(".graph", "porter");
    Browser.untilText(".graph", "×100,000");
    Browser.show("things");
    Browser.untilText(".cards", "mutex door");
    Browser.untilText(".cards", "porter");
  }

  @Test
  void theStallIsLoggedWithItsStack() {
    Browser.show("stalls");
    Browser.until("the stall", () -> Browser.text(".stalls").contains("hog"));
    Browser.clickText("summary", "hog");
    Browser.untilText("details[open] .stack", "Crowd.stall");
  }

  @Test
  void aCancelledTaskIsInTheHistory() {
    Browser.openTask("bored");
    Browser.untilText("#details .stack", "Crowd");
    Browser.click("#details .cancel");
    Browser.type("#details input", "go home");
    Browser.click("#details .danger");
    Browser.untilText("#view .empty", "No task matches");
    Browser.untilText("#details .ended", "This is what it looked like last.");
    Browser.show("history");
    Browser.untilText("tbody", "cancelled");
  }
}
