package dev.thrum.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which changes on disk count.
class SourceScanTest {
  @TempDir private Path folder;
  @TempDir private Path elsewhere;
  private SourceScan scan;

  @BeforeEach
  void begin() throws IOException {
    write("app.java", "a");
    write("page.css", "a");
    scan = new SourceScan(List.of(folder), List.of("*.txt", "extra/*.dat"));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void nothingIsNoChange() {
    assertEquals(Optional.empty(), scan.change());
  }

  @Test
  void aSourceThatIsOtherNewOrGone() throws IOException {
    assertEquals(Optional.of(write("app.java", "ab")), scan.change());
    assertEquals(Optional.empty(), scan.change());
    Path added = write("new/folder/b.java", "b");
    assertEquals(Optional.of(added), scan.change());
    Files.delete(added);
    assertEquals(Optional.of(added), scan.change());
    assertEquals(Optional.empty(), scan.change());
  }

  @Test
  void aFileThatTakesThePlaceOfAnother() throws IOException {
    Path other = write("app.java~", "other");
    assertEquals(Optional.empty(), scan.change());
    Files.move(
        other, folder.resolve("app.java"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Optional.of(folder.resolve("app.java")), scan.change());
  }

  @Test
  void whatIsBehindALinkCounts() throws IOException {
    Path source = Files.writeString(elsewhere.resolve("far.java"), "a");
    Path linkedFolder = Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
    assertEquals(Optional.of(linkedFolder.resolve("far.java")), scan.change());
    Files.writeString(source, "ab");
    assertEquals(Optional.of(linkedFolder.resolve("far.java")), scan.change());
    Files.delete(linkedFolder);
    assertEquals(Optional.of(linkedFolder.resolve("far.java")), scan.change());
    Path linkedSource = Files.createSymbolicLink(folder.resolve("near.java"), source);
    assertEquals(Optional.of(linkedSource), scan.change());
    Files.writeString(source, "abc");
    assertEquals(Optional.of(linkedSource), scan.change());
  }

  @Test
  void aLinkToTheFolderItselfDoesNoHarm() throws IOException {
    var _ = Files.createSymbolicLink(folder.resolve("again"), folder);
    assertEquals(Optional.empty(), scan.change());
    assertEquals(Optional.of(write("app.java", "ab")), scan.change());
  }

  @Test
  void templatesAndWhatIsAskedForCount() throws IOException {
    assertEquals(Optional.of(write("templates/page.html", "a")), scan.change());
    assertEquals(Optional.of(write("notes.txt", "a")), scan.change());
    assertEquals(Optional.of(write("extra/x.dat", "a")), scan.change());
  }

  @Test
  void otherFilesHiddenOnesAndOutputsDoNot() throws IOException {
    write("page.css", "ab");
    write("other.dat", "a");
    write("written-by-the-program.json", "a");
    write(".hidden/b.java", "b");
    write(".b.java", "b");
    write("target/b.java", "b");
    write("node_modules/b.java", "b");
    assertEquals(Optional.empty(), scan.change());
  }
}
